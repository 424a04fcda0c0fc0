import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { systemCaller } from "../../server/commands/caller.js";
import { FOREVER } from "../../graph-schema/time.js";
import { linkVerbatim } from "../../server/domains/evidence/evidence.service.js";
import { readDocuments } from "../../server/domains/run/record.service.js";
import { resumeRun, startRun } from "../../server/domains/run/run.service.js";
import { decideStage } from "../../server/domains/run/signal.service.js";
import { startWeekly } from "../../server/domains/run/weekly.service.js";
import { receiveEvent } from "../../server/domains/webhook/receive-event.service.js";
import { createWebhook } from "../../server/domains/webhook/webhook.service.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { readImpact } from "../../server/reads/impact/impact.query.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { ownInstallation } from "../../server/pipeline/desk.js";
import { readerOf } from "../../server/pipeline/office.js";
import { done, nodeNow } from "../kit/approvals.js";
import {
  buildClaim,
  buildEpisode,
  buildFact,
  buildScene,
  buildSnapshot,
  buildSource,
  buildTopic,
} from "../kit/build.js";
import { fallsOf, publishHere } from "../kit/corrections.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices, recordOf, stageOf, triesOf } from "../kit/pipeline.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import { buildService } from "../kit/webhooks.js";

/* The other flows that come along, with the executors that come along: each from its start to its end. */

const services = () => pipelineServices(ownInstallation());

async function begin(t: TestTenant, flow: string, input: object, more: object = {}): Promise<string> {
  const { runId } = await done(startRun, t.person("ed", "editor"), {
    ...{ flow, ...services().pipeline.resolve(flow), input: JSON.stringify(input) },
    ...more,
  });
  await drive(t, services());
  return runId;
}

async function outputOf(t: TestTenant, runId: string, stage: string): Promise<Record<string, unknown>> {
  const hash = (await stageOf(t, runId, stage)).outputHash!;
  const documents = await readDocuments(readerOf(testGraph(), t.id), [hash]);
  return documents.get(hash) as Record<string, unknown>;
}

const decisionsAbout = defineQuery({
  name: "testDecisionsAbout",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS wanted
MATCH (n:Topic|Episode|Source {tenantId: $tenantId, id: wanted})<-[:ABOUT]-(d:Decision)
RETURN DISTINCT d.outcome AS outcome`,
  row: z.object({ outcome: z.string() }),
});
const outcomesAbout = async (t: TestTenant, ...ids: string[]): Promise<string[]> =>
  (await testGraph().read(t.scope, decisionsAbout, { ids: ids.map((id) => parseNodeId(id)!.id) })).map(
    ({ outcome }) => outcome,
  );

describe("the topics of the week", { timeout: 300_000 }, () => {
  it("are ranked, wait for somebody, and are proposed", async () => {
    const t = await newTenant();
    await buildFact(t, {
      snapshotId: await buildSnapshot(t, {
        sourceId: await buildSource(t, { title: "Ferries of Basel" }),
        text: "The ferry of Basel carries 120,000 people a year.",
      }),
      quote: "The ferry of Basel carries 120,000 people a year.",
    });
    const dull = await buildTopic(t, { title: "Zeppelins" });
    const held = await buildTopic(t, { title: "The ferry of Basel" });
    const resolved = services().pipeline.resolve("weekly-topics").resolved;
    const { runId } = await done(startWeekly, systemCaller(t.id), { resolved, channelId: t.channelId, since: 0 });
    await drive(t, services());
    expect(await triesOf(t, runId!)).toEqual(["candidates/1 DONE OK", "ranking/1 DONE OK", "proposals/1 WAITING null"]);
    const { topics } = (await outputOf(t, runId!, "ranking")) as { topics: { topic_id: string; why: string }[] };
    expect(topics.map(({ topic_id }) => topic_id)).toEqual([held, dull]);
    expect(topics[0]!.why).toMatch(/^evidence-held\/1: facts held 1 x /);
    expect(await outcomesAbout(t, held, dull)).toEqual([]);
    await done(decideStage, t.person("ann", "approver"), { runId: runId!, stage: "proposals", approve: true });
    await drive(t, services());
    expect((await recordOf(t, runId!)).run).toMatchObject({ status: "DONE", problem: null });
    expect(await outputOf(t, runId!, "proposals")).toEqual({ topics });
    // By the clock nobody decides; a run of a person's leaves a decision as well.
    expect(await outcomesAbout(t, held, dull)).toEqual([]);
    const own = await begin(t, "weekly-topics", { limit: 1 }, { channelId: t.channelId });
    await done(decideStage, t.person("ann", "approver"), { runId: own, stage: "proposals", approve: true });
    await drive(t, services());
    expect((await recordOf(t, own)).run).toMatchObject({ status: "DONE", problem: null });
    expect(await outcomesAbout(t, held, dull)).toEqual(["PROPOSED"]);
  });

  it("of a studio without topics are refused in words", async () => {
    const t = await newTenant();
    const runId = await begin(t, "weekly-topics", {}, { channelId: t.channelId });
    const { run } = await recordOf(t, runId);
    expect([run.outcome, run.problem]).toEqual(["NO_TOPICS", expect.stringContaining("create topics")]);
  });
});

describe("the life of a feature", { timeout: 300_000 }, () => {
  async function reporter(t: TestTenant) {
    const principalId = await buildService(t);
    const types = ["stage.completed"];
    const input = { id: ulid(), sealed: "sealed", title: "Builder", direction: "IN", types, principalId };
    const { webhookId } = await done(createWebhook, t.caller("tenant-admin"), input);
    const caller = { ...t.person("builder", "operator"), scopes: ["event.receive"] };
    return async (runId: string, attempt: number, output?: object) => {
      const data = { run_id: runId, stage: "build", attempt, at: "2026-11-21T06:00:00Z", output };
      const body = { type: "stage.completed", data };
      const executed = await services().execute(receiveEvent, caller, {
        ...{ operationId: operationId(), reason: "reported", webhookId, messageId: `msg_${ulid()}` },
        ...{ sha256: "0".repeat(64), body, output: await services().pipeline.judgeReport(t.id, body) },
      });
      if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
      await drive(t, services());
      return executed.result;
    };
  }

  it("goes by approval, by whoever builds it, by a repair, and by another approval to its release", async () => {
    const t = await newTenant();
    const topicId = await buildTopic(t);
    const report = await reporter(t);
    const runId = await begin(t, "FLOW_FEATURE_LIFECYCLE", {
      feature: `Show the sources of ${topicId} first. It helps.`,
    });
    const yes = async (stage: string) => {
      await done(decideStage, t.person("ann", "approver"), { runId, stage, approve: true });
      await drive(t, services());
    };
    expect(await outputOf(t, runId, "spec")).toMatchObject({ about: [topicId], accepted: false });
    await yes("build");
    expect(await stageOf(t, runId, "build")).toMatchObject({ status: "WAITING", waitingFor: "CALLBACK" });
    const built = { title: "Sources first", summary: "Half of it stands.", about: [topicId], accepted: false };
    expect(await report(runId, 1, { ...built, accepted: "soon" })).toMatchObject({
      accepted: false,
      problems: [
        { code: "BAD_INPUT", path: "data.output", message: expect.stringContaining("It is no change: accepted") },
      ],
    });
    const nowhere = `Topic:${ulid()}`;
    expect((await report(runId, 1, { ...built, about: [topicId, nowhere, "Topic:none"] })).accepted).toBe(true);
    // It isn't done yet, and is about what nobody has: the check sends it back, for another approval and another report.
    expect((await recordOf(t, runId)).run.round).toBe(2);
    expect(await outputOf(t, runId, "check")).toMatchObject({
      verdict: "REPAIR",
      findings: [
        { code: "NOT_FOUND", at: "build.about.1", message: expect.stringContaining(nowhere) },
        { code: "NOT_FOUND", at: "build.about.2", message: expect.stringContaining("Topic:none") },
        { code: "NOT_ACCEPTED" },
      ],
    });
    await yes("build");
    expect((await report(runId, 2, { ...built, summary: "All of it stands.", accepted: true })).accepted).toBe(true);
    await yes("release");
    const { run } = await recordOf(t, runId);
    expect([run.status, run.problem]).toEqual(["DONE", null]);
    expect(await outcomesAbout(t, topicId)).toEqual(["RELEASED"]);
  });

  it("isn't begun for what the studio doesn't have, another studio's included", async () => {
    const [t, other] = [await newTenant(), await newTenant()];
    const theirs = await buildTopic(other);
    const runId = await begin(t, "FLOW_FEATURE_LIFECYCLE", { feature: `Show ${theirs} first.` });
    const { run } = await recordOf(t, runId);
    expect([run.status, run.outcome]).toEqual(["FAILED", "NOT_FOUND"]);
    expect(run.problem).toMatch(/`feature` names Topic:\S+, which the studio doesn't have: start a run that names/);
  });
});

const fall = defineQuery({
  name: "testSourceFalls",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id}) SET s.status = "DEAD"`,
  row: noRow,
});

describe("the correction of what stands on a source", { timeout: 300_000 }, () => {
  const SAID = ["Water boils at 100 degrees at sea level.", "The bridge of Basel was opened in 1932."];

  /** A live episode with both claims on one source; another source says the first one too. */
  async function live(t: TestTenant) {
    const source = await buildSource(t, { tier: 1 });
    const snapshot = await buildSnapshot(t, { sourceId: source, text: SAID.join(" ") });
    const claims: string[] = [];
    for (const quote of SAID) {
      const fact = await buildFact(t, { snapshotId: snapshot, quote });
      claims.push(await buildClaim(t, { text: quote, supports: [fact] }));
    }
    const other = await buildSource(t, { tier: 1 });
    const text = `They wrote it down. ${SAID[0]}`;
    await buildFact(t, { snapshotId: await buildSnapshot(t, { sourceId: other, text }), quote: SAID[0]! });
    const episode = await buildEpisode(t);
    await buildScene(t, { episodeId: episode, claimIds: claims });
    await publishHere(t, episode);
    return { source, claims, episode, other };
  }

  it("puts a claim on another quote that says it, waits for people with the rest, and proposes the correction", async () => {
    const t = await newTenant();
    const { source, claims, episode, other } = await live(t);
    const stands = await begin(t, "correction", { source_id: source });
    expect((await recordOf(t, stands)).run).toMatchObject({ status: "FAILED", outcome: "SOURCE_STANDS" });
    await testGraph().write(t.scope, (tx) => tx.run(fall, { id: parseNodeId(source)!.id }));
    const runId = await begin(t, "correction", { source_id: source });
    const repairs = (await outputOf(t, runId, "repairs")) as { repairs: { claim_id: string; how: string }[] };
    expect(new Map(repairs.repairs.map(({ claim_id, how }) => [claim_id, how]))).toEqual(
      new Map([
        [claims[0], "BETTER_QUOTE"],
        [claims[1], "DROPPED"],
      ]),
    );
    const blocked = (await recordOf(t, runId)).run;
    expect([blocked.status, blocked.problem]).toEqual(["BLOCKED", expect.stringContaining("CLAIM_UNSUPPORTED")]);
    expect((await nodeNow(t, "Episode", episode)).status).toBe("PUBLISHED");
    // Somebody finds another quote for the second claim.
    const found = await buildFact(t, {
      snapshotId: await buildSnapshot(t, { sourceId: other, text: `It is known. ${SAID.join(" ")}` }),
      quote: SAID[1]!,
    });
    await done(linkVerbatim, t.person("ed", "editor"), { claimId: claims[1], factId: found });
    await done(resumeRun, t.person("ed", "editor"), { runId });
    await drive(t, services());
    const { run } = await recordOf(t, runId);
    expect([run.status, run.problem]).toEqual(["DONE", null]);
    expect(await outcomesAbout(t, episode)).toEqual(["READY"]);
    const proposed = (await recordsOf(t.scope)).audit.filter(
      ({ command, outcome }) => command === "propose" && outcome === "DONE",
    );
    expect(proposed).toHaveLength(2);
  });

  it("sees every claim that fell: on sources that cite the source, and on facts computed from it", async () => {
    const t = await newTenant();
    const { source, claims } = await live(t);
    const citing = await buildSource(t, { tier: 1, citesIds: [source] });
    const quoting = await buildFact(t, { sourceId: citing });
    const excerpt = await buildSnapshot(t, { sourceId: source, kind: "EXCERPT" });
    const standing = await buildFact(t, { snapshotId: excerpt, quote: "Water boils" });
    const computed = await buildFact(t, { derivedFromIds: [standing] });
    const far = [await buildClaim(t, { supports: [quoting] }), await buildClaim(t, { supports: [computed] })];
    const second = await buildEpisode(t);
    await buildScene(t, { episodeId: second, claimIds: far });
    // A draft that says it too, and a claim that nobody says.
    await buildScene(t, { claimIds: [await buildClaim(t, { supports: [quoting] })] });
    await publishHere(t, second);
    await testGraph().write(t.scope, (tx) => tx.run(fall, { id: parseNodeId(source)!.id }));
    const runId = await begin(t, "correction", { source_id: source });
    const scope = (await outputOf(t, runId, "scope")) as { claim_ids: string[]; episode_ids: string[] };
    expect(scope.claim_ids).toEqual([...claims, ...far].sort());
    const impact = (await readImpact(testGraph(), t.scope, parseNodeId(source)!, FOREVER - 1))!;
    expect(scope.episode_ids).toEqual(impact.liveEpisodes.nodes.map(({ id }) => id).sort());
    // What the citing source says hasn't another support, though that source is in order itself.
    const { repairs } = (await outputOf(t, runId, "repairs")) as { repairs: { claim_id: string; how: string }[] };
    expect(repairs.find(({ claim_id }) => claim_id === far[0])!.how).not.toBe("BETTER_QUOTE");
    expect((await recordOf(t, runId)).run.status).toBe("BLOCKED");
  });

  it("repairs what a source in order doesn't say any more, and leaves what it says still", async () => {
    const t = await newTenant();
    const { source, claims, episode } = await live(t);
    const anew = { sourceId: source, kind: "FULL", text: `They wrote it anew. ${SAID[1]}` };
    await done(captureSnapshot, t.person("ana", "analyst"), anew);
    expect(await fallsOf(t)).toMatchObject([{ cause: "QUOTE_GONE", episodeIds: [episode] }]);
    const runId = await begin(t, "correction", { source_id: source });
    expect((await outputOf(t, runId, "scope")).claim_ids).toEqual([claims[0]]);
    expect((await outputOf(t, runId, "repairs")).repairs).toMatchObject([{ claim_id: claims[0], how: "BETTER_QUOTE" }]);
    const { run } = await recordOf(t, runId);
    expect([run.status, run.problem]).toEqual(["DONE", null]);
    expect(await outcomesAbout(t, episode)).toEqual(["READY"]);
    const unlinked = (await recordsOf(t.scope)).audit.filter(
      ({ command, outcome }) => command === "unlinkEvidence" && outcome === "DONE",
    );
    expect(unlinked).toHaveLength(1);
  });
});
