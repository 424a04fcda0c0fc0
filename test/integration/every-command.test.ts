import { beforeAll, describe, expect, it } from "vitest";
import { ulid } from "ulid";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { type Caller } from "../../server/commands/caller.js";
import { type Command } from "../../server/commands/command.js";
import { execute } from "../../server/commands/execute.js";
import { issueToken } from "../../server/domains/access-token/access-token.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { setChannelConfig } from "../../server/domains/channel/channel-config.service.js";
import { publishSpec } from "../../server/domains/spec/spec.service.js";
import { recordConflict } from "../../server/domains/claim/conflict.service.js";
import { saveInvestigation } from "../../server/domains/investigation/investigation.service.js";
import { supersedeSource } from "../../server/domains/source/withdrawal.service.js";
import { watchNode } from "../../server/domains/watch/watch.service.js";
import { SYSTEM_TENANT } from "../../server/graph/graph.js";
import { enrol } from "../../server/jobs/lease.js";
import { GOVERNANCE, IRREVERSIBLE } from "../../server/policy/capabilities.js";
import { COMMANDS } from "../../server/services.js";
import { EVENTS } from "../../server/webhooks/event-catalog.js";
import { buildProposals, done, type Proposals } from "../kit/approvals.js";
import { buildChain, buildClaim, buildSource, buildTopic } from "../kit/build.js";
import { buildExperiment } from "../kit/experiments.js";
import { buildCorrection } from "../kit/corrections.js";
import { testGraph } from "../kit/graph.js";
import { testOffice } from "../kit/office.js";
import { buildRuns, FLOW } from "../kit/runs.js";
import { contentOf, recordsOf } from "../kit/records.js";
import { auditOf, exportedTenant, shut } from "../kit/residency.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import { plantWebhooks, stageCompleted, type Webhooks } from "../kit/webhooks.js";

/*
 * What holds of every command there is: whoever adds one is asked for its input by the compiler.
 */

const envelope = (id: string = operationId()) => ({ operationId: id, reason: "a test" });
const calm = {
  kind: "PROMPT",
  name: "calm",
  content: JSON.stringify({ stage: "scenes", text: "Write the scenes of a calm video." }),
  notes: "A calm voice.",
};
const SHA256 = "0".repeat(64);
const LOOK = { error: null, movedTo: null, etag: null, lastModified: null, counted: true };
const call = <I, R>(command: Command<I, R>, who: Caller, input: object) => execute(testOffice(), command, who, input);

describe("every command", () => {
  /** What can't be taken back never runs by itself: approvals.test.ts has it carried out. */
  type Direct = Exclude<
    keyof typeof COMMANDS,
    | "publishEpisode"
    | "correctEpisode"
    | "retractEpisode"
    | "retractSource"
    | "grantExemption"
    | "setGovernance"
    | "eraseTenant"
  >;
  const ID = /^([A-Z][A-Za-z]+):[0-9A-Z]{26}$/;
  type World = Awaited<ReturnType<typeof buildChain>> & {
    tenant: string;
    topic: string;
    channel: string;
    service: string;
    token: string;
    principal: string;
    rival: string;
    third: string;
    verbatim: string;
    successor: string;
    replaced: string;
    watch: string;
    investigation: string;
    run: string;
    ended: string;
    experiment: string;
    variant: string;
    correction: string;
  } & Webhooks &
    Proposals;
  const INPUTS: Record<Direct, (w: World) => object> = {
    approve: (w) => ({ proposalId: w.others, contentHash: w.contentHash }),
    cancelRun: (w) => ({ runId: w.run }),
    captureSnapshot: (w) => ({ sourceId: w.source, text: "Something else was read.", kind: "FULL" }),
    closeCorrectionTask: (w) => ({ taskId: w.correction, state: "DROPPED" }),
    continueFall: () => ({}),
    continueRecheck: () => ({}),
    recheckDueClaims: () => ({}),
    createChannel: (w) => ({ title: "Second channel", platform: "video", ownerId: w.principal }),
    createEpisode: (w) => ({ title: "Second episode", channelId: w.channel, topicId: w.topic, ownerId: w.principal }),
    createExperiment: (w) => ({
      ...{ episodeId: w.episode, kind: "HOOK", title: "Which words", baseCtr: 0.04, effect: 0.01 },
      variants: ["A", "B"].map((title) => ({ title, content: `Hook ${title}` })),
    }),
    createScene: (w) => ({ episodeId: w.episode, title: "Next scene", ordinal: 9_000, claimIds: [w.claim] }),
    createTenant: () => ({ name: "Made by a test", region: "local" }),
    createTopic: () => ({ title: "A topic of its own" }),
    endExemption: (w) => ({ exemptionId: w.exemption }),
    expireProposals: () => ({}),
    exportLineage: (w) => ({
      ...{ id: w.claim, format: "csv", direction: "UPSTREAM", depth: 1, asOf: 0 },
      ...{ nodes: 2, edges: 1 },
    }),
    exportPack: (w) => ({ episodeId: w.episode, packSha256: SHA256, without: ["policy"] }),
    exportTenant: (w) => ({ tenantId: w.tenant }),
    giveUpArrival: (w) => ({ tenantId: w.tenant, from: "elsewhere" }),
    liftKillSwitch: (w) => ({ killSwitchId: w.killSwitch }),
    propose: (w) => ({ action: "publishEpisode", subjectId: w.episode }),
    reject: (w) => ({ proposalId: w.others }),
    setKillSwitch: (w) => ({ scope: "CHANNEL", target: w.channel }),
    withdraw: (w) => ({ proposalId: w.own }),
    exportAudit: () => ({}),
    createWebhook: (w) => ({
      id: ulid(),
      sealed: "sealed",
      direction: "IN",
      title: "What others report",
      types: ["stage.completed"],
      principalId: w.service,
    }),
    decideConflict: (w) => ({ claimId: w.claim, againstId: w.rival, rationale: "It holds", basedOnIds: [w.fact] }),
    decideStage: (w) => ({ runId: w.run, stage: "one", approve: true }),
    deleteInvestigation: (w) => ({ investigationId: w.investigation }),
    deleteWebhook: (w) => ({ webhookId: w.webhook }),
    disableWebhook: (w) => ({ webhookId: w.webhook }),
    enableWebhook: (w) => ({ webhookId: w.disabled }),
    endConflict: (w) => ({ claimId: w.rival, otherId: w.claim }),
    endSupersession: (w) => ({ sourceId: w.replaced, byId: w.source }),
    exportRender: (w) => ({ episodeId: w.episode, planSha256: SHA256 }),
    extractFact: (w) => ({ snapshotId: w.snapshot, quote: { exact: "at sea level" }, derivedFromIds: [w.fact] }),
    grantRole: (w) => ({ principalId: w.principal, role: "planner", channelIds: [w.channel] }),
    issueToken: (w) => ({
      principalId: w.service,
      ownerId: w.principal,
      onBehalfOfId: w.principal,
      scopes: ["evidence.write"],
      expiresInDays: 30,
    }),
    linkEvidence: (w) => ({ claimId: w.claim, factId: w.fact, stance: "CONTRADICTS" }),
    linkVerbatim: (w) => ({ claimId: w.verbatim, factId: w.fact }),
    markAlertsSeen: () => ({ all: true }),
    moveTenant: (w) => ({ tenantId: w.tenant, region: "elsewhere" }),
    noteLinks: (w) => ({
      looks: [{ sourceId: w.source, outcome: "OK", status: 200, ...LOOK }],
      ...{ lookedAt: 1, round: null },
    }),
    openTenant: (w) => ({ tenantId: w.tenant, sha256: SHA256, nodes: 1, edges: 0 }),
    openIncident: (w) => ({
      title: "Something broke",
      severity: 2,
      affectsIds: [w.channel, w.source, w.snapshot, w.fact, w.claim, w.scene, w.episode],
    }),
    pingWebhook: (w) => ({ webhookId: w.webhook }),
    raiseAlerts: (w) => ({
      eventIds: [],
      alerts: [
        {
          watchId: w.watch,
          watcher: "seed",
          nodeId: "Claim:of-a-test",
          changedBy: "test/some/change",
          at: 1,
          changed: 1,
          changes: "[]",
        },
      ],
    }),
    publishSpec: () => ({
      kind: "PROMPT",
      name: "calm",
      version: "2.0.0",
      content: JSON.stringify({ stage: "scenes", text: "Write the scenes of a calm video." }),
      notes: "Calmer.",
    }),
    receiveEvent: (w) => ({
      webhookId: w.inbound,
      messageId: `msg_${ulid()}`,
      sha256: "0".repeat(64),
      body: stageCompleted(),
    }),
    recordConflict: (w) => ({ claimId: w.claim, otherId: w.third }),
    recordDecision: (w) => ({
      title: "We keep it",
      outcome: "Kept",
      rationale: "It holds",
      aboutIds: [w.topic, w.claim],
      basedOnIds: [w.source, w.fact],
    }),
    recordKpis: (w) => ({ rows: [{ subjectId: w.episode, day: "2025-01-31", views: 12, ctr: 0.04 }] }),
    recordVariantFigures: (w) => ({
      experimentId: w.experiment,
      figures: [{ variantId: w.variant, impressions: 100, clicks: 4 }],
    }),
    registerPlatformPrincipal: () => ({ key: "pat", name: "Pat", kind: "HUMAN", region: "local" }),
    registerPrincipal: () => ({ key: "ana", name: "Ana", kind: "HUMAN", roles: ["analyst"] }),
    registerSource: (w) => ({ url: "https://second.example/", title: "Second source", citesIds: [w.source] }),
    reviseClaim: (w) => ({ claimId: w.claim, text: "Said in other words.", version: 1 }),
    revokeRole: (w) => ({ principalId: w.service, role: "analyst" }),
    revokeToken: (w) => ({ tokenId: w.token }),
    replayDelivery: (w) => ({ deliveryId: w.delivery }),
    resealWebhook: (w) => ({ webhookId: w.webhook, seals: [{ was: "sealed", is: "sealed anew" }] }),
    rollbackChannelConfig: (w) => ({ channelId: w.channel, to: 1 }),
    rollbackSpec: () => ({ kind: "PROMPT", name: "calm", version: "1.0.0" }),
    rotateWebhookSecret: (w) => ({ webhookId: w.webhook, sealed: "sealed anew" }),
    restoreTenant: () => ({ sha256: SHA256 }),
    resumeRun: (w) => ({ runId: w.ended }),
    resumeTenant: (w) => ({ tenantId: w.tenant }),
    runJob: () => ({ name: "test-job", dryRun: true }),
    saveInvestigation: (w) => ({ investigationId: w.investigation, title: "Kept", state: "{}", version: 1 }),
    setChannelConfig: (w) => ({ channelId: w.channel, prompts: ["calm"], phase: 2 }),
    setPostProduction: (w) => ({ episodeId: w.episode, settings: '{"audio":{"loudness_lufs":-16}}' }),
    setSourceRating: (w) => ({ sourceId: w.source, tier: 1, reliability: "A", independenceGroup: "one owner" }),
    setTopicWeights: (w) => ({ channelId: w.channel, weights: [{ input: "VIEWS", weight: 2 }] }),
    shareInvestigation: (w) => ({ investigationId: w.investigation }),
    setClaimStatus: (w) => ({ claimId: w.claim, status: "NEEDS_RECHECK" }),
    startRun: (w) => ({ flow: FLOW.flow, resolved: FLOW, missing: [], topicId: w.topic, channelId: w.channel }),
    startWeekly: (w) => ({ resolved: FLOW, channelId: w.channel, since: 0 }),
    stateClaim: (w) => ({ text: "Something else is so.", sceneIds: [w.scene] }),
    stopExperiment: (w) => ({ experimentId: w.experiment }),
    supersedeSource: (w) => ({ sourceId: w.source, byId: w.successor }),
    suspendTenant: (w) => ({ tenantId: w.tenant }),
    takeCorrectionTask: (w) => ({ taskId: w.correction }),
    unlinkEvidence: (w) => ({ claimId: w.claim, factId: w.fact, stance: "SUPPORTS" }),
    unwatchNode: (w) => ({ nodeId: w.claim }),
    watchNode: (w) => ({ nodeId: w.source, depth: 2 }),
  };
  const names = (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).filter(
    (name): name is Direct => !IRREVERSIBLE.includes(COMMANDS[name].capability),
  );

  async function world(t: TestTenant): Promise<World> {
    const job = { job: "test-job", description: "A test.", schedule: "0 4 * * *", timeZone: "UTC", nextAt: null };
    await enrol(testGraph(), t.id, job);
    const service = { key: "crawler", name: "Crawler", kind: "SERVICE", roles: ["analyst"] };
    const { principalId } = await t.run(registerPrincipal, service);
    const { tokenId } = await t.run(issueToken, {
      principalId,
      ownerId: t.adminId,
      scopes: ["evidence.write"],
      expiresInDays: 1,
    });
    const nodes = { ...(await buildChain(t)), topic: await buildTopic(t), channel: t.channelId, principal: t.adminId };
    const proposals = await buildProposals(t, setting("propose", t).who);
    const { who } = setting("propose", t);
    const [rival, third] = [await buildClaim(t), await buildClaim(t)];
    await t.run(recordConflict, { claimId: nodes.claim, otherId: rival });
    const [successor, replaced] = [await buildSource(t), await buildSource(t)];
    await t.run(supersedeSource, { sourceId: replaced, byId: nodes.source });
    const { watchId: watch } = await done(watchNode, who, { nodeId: nodes.claim });
    const { investigationId: investigation } = await done(saveInvestigation, who, { title: "Kept", state: "{}" });
    for (const version of ["1.0.0", "1.1.0"]) await t.run(publishSpec, { ...calm, version });
    for (const phase of [1, 3]) await t.run(setChannelConfig, { channelId: t.channelId, phase });
    const runs = await buildRuns(t);
    const verbatim = await buildClaim(t, { text: "water boils at 100 degrees" });
    const lineage = { rival, third, verbatim, successor, replaced, watch, investigation };
    const { experiment, variants } = await buildExperiment(who, { episodeId: nodes.episode });
    const tried = { experiment, variant: variants[0]! };
    const { taskId: correction } = await buildCorrection(t);
    const own = {
      ...lineage,
      ...tried,
      ...runs,
      correction,
      tenant: `Tenant:${t.id}`,
      service: principalId,
      token: tokenId,
    };
    return { ...nodes, ...proposals, ...(await plantWebhooks(t)), ...own };
  }

  /** Every role and the seed's own right, in a tenant that a command may make. */
  function setting(name: Direct, t: TestTenant): { who: Caller; extra: object } {
    const made = `made-${ulid().slice(-10).toLowerCase()}`;
    const makes = name === "createTenant" || name === "restoreTenant";
    const id = makes ? made : name === "registerPlatformPrincipal" ? SYSTEM_TENANT : t.id;
    const tenant = exportedTenant(id);
    const extras: Readonly<Record<string, object>> = { createTenant: { id }, restoreTenant: { id, tenant } };
    return {
      // Agents are barred from what governs, so nobody who is one has every right.
      who: { ...t.caller(...ROLES.filter((role) => role !== "agent")), actor: "seed", tenantId: id, internal: "seed" },
      extra: extras[name] ?? {},
    };
  }

  let t: TestTenant;
  let mine: World;
  let theirs: World;
  beforeAll(async () => {
    t = await newTenant();
    mine = await world(t);
    // A tenant of its own, not the twin: its ids are in nobody else's graph.
    theirs = await world(await newTenant());
  });

  /** The input once for each id in it, with that id replaced. */
  function withEach(input: unknown, replace: (label: string) => string): unknown[] {
    if (typeof input === "string") return ID.test(input) ? [replace(ID.exec(input)![1]!)] : [];
    if (typeof input !== "object" || input === null) return [];
    return Object.entries(input).flatMap(([key, value]) =>
      withEach(value, replace).map((changed) =>
        Array.isArray(input) ? input.with(Number(key), changed) : { ...input, [key]: changed },
      ),
    );
  }

  it.each(names)("%s takes another tenant's id for one that never was", async (name) => {
    const foreign = new Map(Object.values(theirs).map((id) => [id.split(":")[0]!, id]));
    const { who, extra } = setting(name, t);
    const input = INPUTS[name](mine);
    const ids = JSON.stringify(input).match(/"[A-Z][A-Za-z]+:[0-9A-Z]{26}"/g) ?? [];
    const strangers = withEach(input, (label) => foreign.get(label)!);
    const nobodys = withEach(input, (label) => `${label}:${ulid()}`);
    expect(strangers).toHaveLength(ids.length);
    const before = await contentOf(t.scope);
    for (const [i, stranger] of strangers.entries()) {
      const run = (given: unknown) =>
        call(COMMANDS[name] as Command, who, { ...envelope(), ...extra, ...(given as object) });
      const [foreignAnswer, nobodysAnswer] = [await run(stranger), await run(nobodys[i])];
      expect(foreignAnswer).toMatchObject({ ok: false, problems: [{ code: "NOT_FOUND" }] });
      expect({ ...foreignAnswer, operationId: "" }).toEqual({ ...nobodysAnswer, operationId: "" });
    }
    expect(await contentOf(t.scope)).toEqual(before);
  });

  it.each(names)("%s writes one operation, one unsealed audit entry and its events", async (name) => {
    const own = await newTenant();
    const input = INPUTS[name](await world(own));
    const { who, extra } = setting(name, own);
    const scope = { tenantId: who.tenantId };
    if (name === "moveTenant") await auditOf.narrow(testGraph(), own.id, ["local", "elsewhere"]);
    if (name === "openTenant") await shut(own.id, SHA256);
    if (name === "giveUpArrival") await shut(own.id, SHA256, "MOVING");
    if (name === "resumeTenant") await call(COMMANDS.suspendTenant, who, { ...envelope(), ...input });
    const before = await recordsOf(scope);
    const head = envelope();
    const answer = await call(COMMANDS[name] as Command, who, { ...head, ...extra, ...input });
    expect(answer).toMatchObject({ ok: true, replayed: false });
    const after = await recordsOf(scope);
    expect(after.operations.length - before.operations.length).toBe(1);
    const entries = after.audit.filter((entry) => entry.operationId === head.operationId);
    // An approval notes what it carried out beside itself.
    const wanted = name === "approve" ? ["approve", "publishEpisode"] : [name];
    expect(entries.map(({ command }) => command).sort()).toEqual(wanted);
    expect(after.audit.length - before.audit.length).toBe(wanted.length);
    expect(entries.every(({ outcome, unsealed }) => outcome === "DONE" && unsealed === true)).toBe(true);
    // Approvals and changes of what governs follow a decision record, named or not.
    for (const { command, capability, adr } of entries)
      expect(typeof adr === "string", String(command)).toBe(
        [...GOVERNANCE, ...IRREVERSIBLE].includes(capability as (typeof GOVERNANCE)[number]),
      );
    const told = after.events.filter((event) => !before.events.some((old) => old.id === event.id));
    // What is dropped at once has nobody who could listen.
    expect(told.length > 0, name).toBe(name !== "giveUpArrival");
    expect(told.every((event) => event.operationId === head.operationId)).toBe(true);
    // What the catalog promises to whoever listens, and nothing else.
    for (const { type, subject, data } of told) {
      const { [type as keyof typeof EVENTS]: entry } = EVENTS;
      expect(entry.data, String(type)).toEqual(expect.arrayContaining(Object.keys(JSON.parse(String(data)) as object)));
      expect(entry.subject.split(", "), String(type)).toContain(String(subject).split(":")[0]);
    }
  });
});
