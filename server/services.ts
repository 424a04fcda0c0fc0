import { exportAudit } from "./audit/audit.command.js";
import type { AuditOffice } from "./audit/sealer.js";
import { identityOf, seedCaller, systemCaller, type Caller } from "./commands/caller.js";
import type { Command } from "./commands/command.js";
import { demand } from "./commands/demand.js";
import { execute, type Executed, type Office } from "./commands/execute.js";
import type { Logger } from "pino";
import { openAuditOffice } from "./audit/office.js";
import { hybridClock, type Clock } from "./clock.js";
import { DEFAULT_REGION, type Config } from "./config.js";
import { judgeRead, type Judgement } from "./commands/judge.js";
import { approve, reject } from "./domains/approval/approval.service.js";
import { issueToken, revokeToken } from "./domains/access-token/access-token.service.js";
import { createChannel } from "./domains/channel/channel.service.js";
import { reviseClaim, setClaimStatus, stateClaim } from "./domains/claim/claim.service.js";
import { endConflict, recordConflict } from "./domains/claim/conflict.service.js";
import { closeCorrectionTask, takeCorrectionTask } from "./domains/correction/correction.service.js";
import { continueFall } from "./domains/correction/continue-fall.service.js";
import { noteLinks } from "./domains/link-health/link-health.service.js";
import { continueRecheck } from "./domains/claim/recheck.service.js";
import { recheckDueClaims } from "./domains/claim/shelf-life.service.js";
import { decideConflict } from "./domains/decision/conflict-decision.service.js";
import { recordDecision } from "./domains/decision/decision.service.js";
import { createEpisode } from "./domains/episode/episode.service.js";
import { correctEpisode, publishEpisode, retractEpisode } from "./domains/episode/publish.service.js";
import { linkEvidence, linkVerbatim, unlinkEvidence } from "./domains/evidence/evidence.service.js";
import { endExemption, grantExemption } from "./domains/exemption/exemption.service.js";
import { exportLineage, exportPack, exportRender } from "./domains/export/export.service.js";
import { extractFact } from "./domains/fact/fact.service.js";
import {
  deleteInvestigation,
  saveInvestigation,
  shareInvestigation,
} from "./domains/investigation/investigation.service.js";
import { markAlertsSeen, raiseAlerts } from "./domains/watch/alert.service.js";
import { unwatchNode, watchNode } from "./domains/watch/watch.service.js";
import { LineageFeed } from "./reads/lineage-changed/lineage-feed.js";
import { RunFeed } from "./reads/run-changed/run-feed.js";
import { openIncident } from "./domains/incident/incident.service.js";
import { rollbackChannelConfig, setChannelConfig } from "./domains/channel/channel-config.service.js";
import { publishSpec, rollbackSpec } from "./domains/spec/spec.service.js";
import { setTopicWeights } from "./domains/channel/topic-weights.service.js";
import { createExperiment, recordVariantFigures, stopExperiment } from "./domains/experiment/experiment.service.js";
import { setPostProduction } from "./domains/post-production/post-production.service.js";
import { recordKpis } from "./domains/kpi/kpi.service.js";
import { liftKillSwitch, setKillSwitch } from "./domains/kill-switch/kill-switch.service.js";
import { expireProposals } from "./domains/proposal/expiry.service.js";
import { propose, withdraw } from "./domains/proposal/proposal.service.js";
import { registerPlatformPrincipal, registerPrincipal } from "./domains/principal/principal.service.js";
import { grantRole, revokeRole } from "./domains/principal/role.service.js";
import { cancelRun, resumeRun, startRun } from "./domains/run/run.service.js";
import { decideStage } from "./domains/run/signal.service.js";
import { startWeekly } from "./domains/run/weekly.service.js";
import { runJob } from "./domains/job/job.service.js";
import { createScene } from "./domains/scene/scene.service.js";
import { captureSnapshot } from "./domains/snapshot/snapshot.service.js";
import { setSourceRating } from "./domains/source/rating.service.js";
import { endSupersession, retractSource, supersedeSource } from "./domains/source/withdrawal.service.js";
import { registerSource } from "./domains/source/source.service.js";
import { createTenant, listTenants } from "./domains/tenant/tenant.service.js";
import {
  eraseTenant,
  exportTenant,
  moveTenant,
  notePlatformAct,
  resumeTenant,
  suspendTenant,
} from "./domains/tenant/tenant-state.service.js";
import { giveUpArrival, openTenant, restoreTenant } from "./domains/tenant/restore.service.js";
import { platformAct } from "./domains/tenant/platform-act.service.js";
import { setGovernance } from "./domains/governance/settings.service.js";
import { createTopic } from "./domains/topic/topic.service.js";
import { receiveEvent } from "./domains/webhook/receive-event.service.js";
import {
  createWebhook,
  deleteWebhook,
  enableWebhook,
  pingWebhook,
  replayDelivery,
  rotateWebhookSecret,
} from "./domains/webhook/webhook.service.js";
import { createDuties, type Duties } from "./duties.js";
import type { Graph, Guard } from "./graph/graph.js";
import { createJobDesk, type JobDesk } from "./jobs/desk.js";
import { createPipelineDesk, installationOf, type PipelineDesk } from "./pipeline/desk.js";
import { embeddedExecutors } from "./pipeline/executors/embedded.js";
import { openExecutors } from "./pipeline/executors/settings.js";
import { plainTemplate } from "./pipeline/executors/template.js";
import { ffmpegFinder, type LookForFfmpeg } from "./pipeline/ffmpeg.js";
import type { Installation } from "./pipeline/office.js";
import { EmbeddedRunner } from "./pipeline/runner.js";
import { tellRunner } from "./pipeline/tell-runner.js";
import type { Capability } from "./policy/capabilities.js";
import type { Policy } from "./policy/decision.js";
import { loadPolicy } from "./policy/load.js";
import { configuredSecrets } from "./secrets/configured.js";
import { compiledPolicy } from "./policy/wasm.js";
import { disableWebhook } from "./webhooks/disable.command.js";
import { resealWebhook } from "./webhooks/reseal.command.js";
import { noWebhooks, openWebhooks, type WebhookSettings } from "./webhooks/settings.js";
import { homeMoves, type MoveFiles } from "./tenancy/move-files.js";
import { auditKeysOf, loadRegions } from "./tenancy/regions.js";

/** Every command that one caller gives at a time; imports bring their own, in batches (server/imports). */
export const COMMANDS = {
  approve,
  cancelRun,
  captureSnapshot,
  closeCorrectionTask,
  continueFall,
  continueRecheck,
  correctEpisode,
  createChannel,
  createEpisode,
  createExperiment,
  createScene,
  createTenant,
  createTopic,
  createWebhook,
  decideConflict,
  decideStage,
  deleteInvestigation,
  deleteWebhook,
  disableWebhook,
  enableWebhook,
  endConflict,
  endExemption,
  endSupersession,
  eraseTenant,
  expireProposals,
  exportAudit,
  exportLineage,
  exportPack,
  exportRender,
  exportTenant,
  extractFact,
  giveUpArrival,
  grantExemption,
  grantRole,
  issueToken,
  liftKillSwitch,
  linkEvidence,
  linkVerbatim,
  markAlertsSeen,
  moveTenant,
  noteLinks,
  openIncident,
  openTenant,
  pingWebhook,
  propose,
  publishEpisode,
  raiseAlerts,
  receiveEvent,
  recheckDueClaims,
  recordConflict,
  recordDecision,
  publishSpec,
  recordKpis,
  recordVariantFigures,
  registerPlatformPrincipal,
  registerPrincipal,
  registerSource,
  reject,
  replayDelivery,
  resealWebhook,
  restoreTenant,
  resumeRun,
  resumeTenant,
  retractEpisode,
  retractSource,
  reviseClaim,
  revokeRole,
  revokeToken,
  rotateWebhookSecret,
  runJob,
  saveInvestigation,
  setClaimStatus,
  setGovernance,
  setKillSwitch,
  setPostProduction,
  setSourceRating,
  rollbackChannelConfig,
  rollbackSpec,
  setChannelConfig,
  setTopicWeights,
  shareInvestigation,
  startRun,
  startWeekly,
  stateClaim,
  stopExperiment,
  supersedeSource,
  suspendTenant,
  takeCorrectionTask,
  unlinkEvidence,
  unwatchNode,
  watchNode,
  withdraw,
} as const;

/** Callers that stand for this process itself. */
export const CALLERS = { seed: seedCaller, system: systemCaller } as const;

/** What an act is of: channels, and the region that data would go to; none, and here, unless told. */
export interface Where {
  readonly channels?: readonly string[];
  readonly region?: string | undefined;
  /** What is wrong with what would be published, of an act that can't be taken back: asked before anybody has approved it. */
  readonly gate?: readonly string[] | undefined;
}

/** What everything that acts on the graph is given: the API, jobs, imports, seeds, the command line. */
export interface Services {
  readonly graph: Graph;
  readonly clock: Clock;
  /** Where this process stores and serves. */
  readonly region: string;
  /** Who decides: for asking it what if. */
  readonly policy: Policy;
  /** What the audit is sealed and verified with; undefined where nobody does, as in a seed. */
  readonly audit: AuditOffice | undefined;
  readonly webhooks: WebhookSettings;
  /** The exports of moves under way; undefined where there is no home to keep them in. */
  readonly moves: MoveFiles | undefined;
  /** The one way to change anything: see commands/execute.ts. */
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
  /** Whether policy lets the caller do it just now: a look ahead, which nothing tells of. */
  judge(caller: Caller, capability: Capability, where?: Where): Promise<Judgement>;
  /** The same as a demand: FORBIDDEN for whom policy doesn't let, and an entry in the decision log. */
  demand(caller: Caller, capability: Capability, channels?: readonly string[]): Promise<void>;
  /** Every tenant, for whoever runs the platform. */
  tenants(): ReturnType<typeof listTenants>;
  /** Tells whoever listens in this process that the lineage of a node changed. */
  readonly lineageFeed: LineageFeed;
  /** The same of a run and its stages. */
  readonly runFeed: RunFeed;
  /** Leases, runs and their history: what jobs are run with. */
  readonly jobs: JobDesk;
  /** Flows, and what drives their runs. */
  readonly pipeline: PipelineDesk;
  /** Whether videos can be rendered here, and by what. */
  readonly ffmpeg: LookForFfmpeg;
  /** What there is to do again and again, whoever does it when. */
  readonly duties: Duties;
  /** The same, but every write holds the guard first: what a job is given, so that without its lease it writes nothing. */
  guardedBy(guard: Guard): Services;
}

/** The services of this installation, as its configuration says. */
export async function openServices(graph: Graph, config: Config, log: Logger): Promise<Services> {
  const regions = await loadRegions(config);
  const { region, home, checkpointUrl } = config;
  const ffmpeg = ffmpegFinder(config.ffmpeg);
  const named = openExecutors(config.executorsFile, configuredSecrets(config), ffmpeg);
  return createServices({
    graph,
    region,
    installation:
      named === null
        ? installationOf(embeddedExecutors(plainTemplate, ffmpeg))
        : installationOf(named.executors, named.houseOf),
    ffmpeg,
    regions: regions === null ? undefined : Object.keys(regions),
    policy: loadPolicy(config, log),
    audit: await openAuditOffice({
      graph,
      home,
      secrets: configuredSecrets(config),
      checkpointUrl,
      trusted: auditKeysOf(regions),
    }),
    webhooks: await openWebhooks(config, log),
    moves: homeMoves(home),
  });
}

export function createServices(options: {
  graph: Graph;
  clock?: Clock;
  /** Where this process stores and serves. */
  region?: string;
  /** The regions that a file says there are. */
  regions?: readonly string[] | undefined;
  /** Who decides; the compiled policy unless the configuration says otherwise (policy/load.ts). */
  policy?: Policy;
  audit?: AuditOffice | undefined;
  /** Of a process that makes, takes or sends webhooks. */
  webhooks?: WebhookSettings;
  /** Flows and executors; those of this version unless a test brings its own. */
  installation?: Installation;
  /** Of this process: those that hold a lease drive through the same one. */
  runner?: EmbeddedRunner;
  moves?: MoveFiles | undefined;
  ffmpeg?: LookForFfmpeg;
}): Services {
  const { runner = new EmbeddedRunner(), installation } = options;
  const { graph, clock = hybridClock(), region = DEFAULT_REGION, policy = compiledPolicy() } = options;
  const { webhooks = noWebhooks, ffmpeg = ffmpegFinder(null) } = options;
  const office: Office = { graph, region, regions: options.regions, policy };
  const acts: Omit<
    Services,
    "tenants" | "ffmpeg" | "lineageFeed" | "runFeed" | "jobs" | "pipeline" | "duties" | "guardedBy"
  > = {
    graph,
    clock,
    region,
    policy,
    // What seals for a job holds the job's guard too.
    audit: options.audit === undefined ? undefined : { ...options.audit, graph },
    webhooks,
    moves: options.moves,
    async execute(command, caller, input) {
      const executed = await execute(office, command, caller, input);
      if (executed.ok) {
        clock.observe(executed.at);
        tellRunner(runner, command.name, caller.tenantId, input, executed.result);
      }
      const act = platformAct({ command, caller, input, executed, region });
      const noted = act === null ? null : await execute(office, notePlatformAct, act.caller, act.input);
      // Done and not noted is said, so that it is asked again; a refusal stands in the tenant's own log.
      if (executed.ok && noted?.ok === false)
        throw new Error(
          `what was done to a tenant couldn't be noted: ${noted.problems.map((one) => one.message).join(" ")}`,
        );
      return executed;
    },
    judge: (caller, capability, { channels = [], region: to, gate } = {}) =>
      judgeRead(office, caller, {
        ...{ capability, channels, region: to },
        irreversible: gate === undefined ? null : { proposer: identityOf(caller), approvers: [], gate },
      }),
    demand: (caller, capability, channels = []) => demand(office, caller, capability, channels),
  };
  const pipeline = createPipelineDesk({ ...acts, region }, runner, installation && (() => installation));
  return {
    ...acts,
    pipeline,
    ffmpeg,
    tenants: () => listTenants(graph),
    lineageFeed: new LineageFeed(graph),
    runFeed: new RunFeed(graph),
    jobs: createJobDesk(graph),
    duties: createDuties({ ...acts, pipeline }),
    guardedBy: (guard) => createServices({ ...options, ffmpeg, clock, runner, graph: graph.guardedBy(guard) }),
  };
}
