import { seedCaller, systemCaller, type Caller } from "./commands/caller.js";
import type { Command } from "./commands/command.js";
import { execute, type Executed, type Office } from "./commands/execute.js";
import { hybridClock, type Clock } from "./clock.js";
import { DEFAULT_REGION } from "./config.js";
import { judgeRead, type Judgement } from "./commands/judge.js";
import { approve, reject } from "./domains/approval/approval.service.js";
import { createChannel } from "./domains/channel/channel.service.js";
import { setClaimStatus, stateClaim } from "./domains/claim/claim.service.js";
import { recordDecision } from "./domains/decision/decision.service.js";
import { createEpisode } from "./domains/episode/episode.service.js";
import { correctEpisode, publishEpisode, retractEpisode } from "./domains/episode/publish.service.js";
import { linkEvidence, unlinkEvidence } from "./domains/evidence/evidence.service.js";
import { endExemption, grantExemption } from "./domains/exemption/exemption.service.js";
import { extractFact } from "./domains/fact/fact.service.js";
import { openIncident } from "./domains/incident/incident.service.js";
import { liftKillSwitch, setKillSwitch } from "./domains/kill-switch/kill-switch.service.js";
import { registerPrincipal } from "./domains/principal/principal.service.js";
import { expireProposals } from "./domains/proposal/expiry.service.js";
import { propose, withdraw } from "./domains/proposal/proposal.service.js";
import { createScene } from "./domains/scene/scene.service.js";
import { captureSnapshot } from "./domains/snapshot/snapshot.service.js";
import { registerSource } from "./domains/source/source.service.js";
import { createTenant, listTenants } from "./domains/tenant/tenant.service.js";
import { createTopic } from "./domains/topic/topic.service.js";
import type { Graph } from "./graph/graph.js";
import type { Capability } from "./policy/capabilities.js";
import type { Policy } from "./policy/decision.js";
import { referencePolicy } from "./policy/reference.js";

/** Every command that one caller gives at a time; imports bring their own, in batches (server/imports). */
export const COMMANDS = {
  approve,
  captureSnapshot,
  correctEpisode,
  createChannel,
  createEpisode,
  createScene,
  createTenant,
  createTopic,
  endExemption,
  expireProposals,
  extractFact,
  grantExemption,
  liftKillSwitch,
  linkEvidence,
  openIncident,
  propose,
  publishEpisode,
  recordDecision,
  registerPrincipal,
  registerSource,
  reject,
  retractEpisode,
  setClaimStatus,
  setKillSwitch,
  stateClaim,
  unlinkEvidence,
  withdraw,
} as const;

/** Callers that stand for this process itself. */
export const CALLERS = { seed: seedCaller, system: systemCaller } as const;

/** What everything that acts on the graph is given: the API, jobs, imports, seeds, the command line. */
export interface Services {
  readonly graph: Graph;
  readonly clock: Clock;
  /** The one way to change anything: see commands/execute.ts. */
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
  /** Whether policy lets the caller do it just now: for reads that not everybody may do, and for a word before a long upload. */
  judge(caller: Caller, capability: Capability, channels?: readonly string[]): Promise<Judgement>;
  /** Every tenant, for whoever runs the platform. */
  tenants(): ReturnType<typeof listTenants>;
}

export function createServices(options: {
  graph: Graph;
  clock?: Clock;
  /** Where this process stores and serves. */
  region?: string;
  policy?: Policy;
}): Services {
  const { graph, clock = hybridClock(), region = DEFAULT_REGION, policy = referencePolicy } = options;
  const office: Office = { graph, region, policy };
  return {
    graph,
    clock,
    async execute(command, caller, input) {
      const executed = await execute(office, command, caller, input);
      if (executed.ok) clock.observe(executed.at);
      return executed;
    },
    judge: (caller, capability, channels = []) =>
      judgeRead(office, caller, { capability, channels, irreversible: null }),
    tenants: () => listTenants(graph),
  };
}
