import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FOREVER } from "../../graph-schema/time.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { closeCorrectionTask, takeCorrectionTask } from "../../server/domains/correction/correction.service.js";
import { MOST_EPISODES } from "../../server/domains/correction/fall.service.js";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { supersedeSource } from "../../server/domains/source/withdrawal.service.js";
import { readImpact } from "../../server/reads/impact/impact.query.js";
import { keptPack } from "../../server/reads/evidence-pack/evidence-pack.query.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import { buildClaim, buildEpisode, buildFact, buildScene, buildSnapshot, buildSource } from "../kit/build.js";
import { buildCorrection, buildLive, fallsOf, publishHere, retractHere } from "../kit/corrections.js";
import { testGraph } from "../kit/graph.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

// Each builds, publishes and retracts, with plans that are made for the first time.
vi.setConfig({ testTimeout: 180_000 });

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const analyst = (t: TestTenant) => t.person("ana", "analyst");
const editor = (t: TestTenant) => t.person("ed", "editor");

const TASKS = `query ($filter: CorrectionTaskFilter) { correctionTasks(filter: $filter, first: 3) { totalCount edges { node {
  id state cause why takenBy closedWhy episode { id } incident { id status severity cause sourceId affects { id } } source { id status } owners { id } } } } }`;
const tasksOf = async (t: TestTenant, filter: object = {}) => {
  const { data, errors } = await api.ask(t.id, TASKS, { filter });
  expect(errors).toBeUndefined();
  return data.correctionTasks.edges.map(({ node }: { node: Record<string, unknown> }) => node);
};
const impactOf = async (t: TestTenant, sourceId: string) =>
  (await readImpact(testGraph(), t.scope, parseNodeId(sourceId)!, FOREVER - 1))!;

describe("a source that is retracted", () => {
  it("opens one incident and a task for each live episode, told in one event that equals its impact", async () => {
    const t = await newTenant();
    const { source, episode, claim, fact } = await buildLive(t);
    // Another live one, on a source that cites it; and a draft, which nobody has seen.
    const citing = await buildSource(t, { citesIds: [source] });
    const far = await buildFact(t, { sourceId: citing });
    const second = await buildEpisode(t);
    await buildScene(t, { episodeId: second, claimIds: [await buildClaim(t, { supports: [far] })] });
    await publishHere(t, second);
    await buildScene(t, { claimIds: [await buildClaim(t, { supports: [fact] })] });
    await retractHere(t, source, "its author took it back");
    const tasks = await tasksOf(t);
    expect(tasks.map((task: { episode: { id: string } }) => task.episode.id).sort()).toEqual([episode, second].sort());
    for (const task of tasks)
      expect(task).toMatchObject({
        state: "OPEN",
        cause: "RETRACTED",
        source: { id: source, status: "RETRACTED" },
        incident: { status: "OPEN", severity: 2, cause: "RETRACTED", sourceId: source },
        owners: [{ id: t.adminId }],
      });
    expect(tasks[0].why).toContain("its author took it back");
    expect(new Set(tasks[0].incident.affects.map(({ id }: { id: string }) => id))).toEqual(
      new Set([source, episode, second]),
    );
    const impact = await impactOf(t, source);
    const counts = Object.fromEntries(impact.totals);
    const falls = await fallsOf(t);
    expect(falls).toEqual([
      {
        sourceId: source,
        cause: "RETRACTED",
        incidentId: tasks[0].incident.id,
        claims: counts.Claim,
        scenes: counts.Scene,
        episodeIds: impact.liveEpisodes.nodes.map(({ id }) => id).sort(),
        ownerIds: impact.owners.map(({ id }) => id),
        taskIds: expect.arrayContaining(tasks.map(({ id }: { id: string }) => id)),
        more: false,
      },
    ]);
    expect((await nodeNow(t, "Claim", claim)).versionFrom).toBe((await nodeNow(t, "Source", source)).versionFrom);
    expect(await tasksOf(t, { state: ["DONE"] })).toEqual([]);
    expect(await tasksOf(t, { episodeId: episode })).toHaveLength(1);
    expect(await tasksOf(t, { ownerId: t.adminId, incidentId: tasks[0].incident.id, state: ["OPEN"] })).toHaveLength(2);
  });

  it("opens nothing where nothing live stands on it, and nothing twice", async () => {
    const t = await newTenant();
    const { claim } = await buildLive(t);
    const alone = await buildFact(t);
    const draft = await buildSource(t);
    await buildScene(t, { claimIds: [await buildClaim(t, { supports: [await buildFact(t, { sourceId: draft })] })] });
    await retractHere(t, draft);
    expect([await tasksOf(t), await fallsOf(t)]).toEqual([[], []]);
    expect([claim, alone]).toHaveLength(2);
    const { source, taskId, incidentId } = await buildCorrection(t);
    // The same again: another successor, and then worse. The task goes on; the incident tells of it.
    await done(supersedeSource, analyst(t), {
      sourceId: source,
      byId: await buildSource(t),
      reason: "a third edition",
    });
    expect(await fallsOf(t)).toHaveLength(1);
    await retractHere(t, source, "made up");
    const tasks = await tasksOf(t);
    expect(tasks).toMatchObject([{ id: taskId, cause: "STALE", incident: { id: incidentId, severity: 2 } }]);
    expect((await fallsOf(t)).map(({ cause, taskIds }) => [cause, taskIds])).toEqual([
      ["STALE", [taskId]],
      ["RETRACTED", []],
    ]);
    const story = (await nodeNow(t, "Incident", incidentId)).description!.split("\n");
    expect(story).toHaveLength(3);
    expect(story[2]).toContain("made up");
  });

  it("opens another task for a graver cause once the first was closed", async () => {
    const t = await newTenant();
    const first = await buildCorrection(t);
    const second = await buildEpisode(t);
    await buildScene(t, { episodeId: second, claimIds: [await buildClaim(t)] });
    await done(closeCorrectionTask, analyst(t), {
      taskId: first.taskId,
      state: "DROPPED",
      reason: "the edition says so too",
    });
    expect((await nodeNow(t, "Incident", first.incidentId)).status).toBe("RESOLVED");
    await retractHere(t, first.source);
    expect((await tasksOf(t)).map(({ state, cause }: Record<string, string>) => [state, cause])).toEqual([
      ["DROPPED", "STALE"],
      ["OPEN", "RETRACTED"],
    ]);
  });

  it("leaves what was published as it was, and shows before and after as a difference", async () => {
    const t = await newTenant();
    const { source, episode, claim } = await buildLive(t);
    const pack = async () => keptPack(testGraph(), t.scope, { id: parseNodeId(episode)!.id, asOf: FOREVER - 1 });
    const published = (await pack())!;
    const before = (await nodeNow(t, "Episode", episode)).versionFrom;
    await retractHere(t, source);
    expect(await pack()).toEqual(published);
    const { versionFrom: after } = await nodeNow(t, "Source", source);
    const { data } = await api.ask(
      t.id,
      `query ($id: ID!, $from: DateTime!, $to: DateTime!) { lineageDiff(id: $id, direction: UPSTREAM, depth: 6, from: $from, to: $to) {
        added { nodeCount } removed { nodeCount } changed { nodes { id properties { name before after } } } } }`,
      { id: episode, from: new Date(before).toISOString(), to: new Date(after).toISOString() },
    );
    expect([data.lineageDiff.added.nodeCount, data.lineageDiff.removed.nodeCount]).toEqual([0, 0]);
    const changed = new Map(
      data.lineageDiff.changed.nodes.map((node: { id: string; properties: { name: string }[] }) => [
        node.id,
        node.properties.map(({ name }) => name).sort(),
      ]),
    );
    expect(changed).toEqual(
      new Map([
        [claim, ["recheckReason", "recheckSince", "status"]],
        [source, ["status"]],
      ]),
    );
  });
});

describe("other ways to fall", () => {
  it("by hand, and back: a source registered as DEAD opens tasks, and one that is ACTIVE again is noted on them", async () => {
    const t = await newTenant();
    const { source, episode } = await buildLive(t);
    const { url, title } = await nodeNow(t, "Source", source);
    await done(registerSource, editor(t), { url, title, status: "DEAD", reason: "the site is gone" });
    expect(await tasksOf(t)).toMatchObject([{ cause: "DEAD", episode: { id: episode }, incident: { severity: 3 } }]);
    await done(registerSource, editor(t), { url, title, status: "ACTIVE", reason: "it moved back" });
    const [task] = await tasksOf(t);
    expect(task.state).toBe("OPEN");
    expect(task.why.split("\n")).toEqual([
      expect.stringContaining("the site is gone"),
      expect.stringContaining("it moved back"),
    ]);
  });

  it("by a whole page that says something else; an excerpt, an older revision and the same words say nothing", async () => {
    const t = await newTenant();
    const { source, episode, claim } = await buildLive(t);
    const capture = (text: string, kind = "FULL") =>
      done(captureSnapshot, analyst(t), { sourceId: source, text, kind });
    await capture("They measured something else.", "EXCERPT");
    await capture("As before, water boils at 100 degrees at sea level, they say.");
    expect([await tasksOf(t), (await nodeNow(t, "Claim", claim)).status]).toEqual([[], "STATED"]);
    await capture("They measured it again: water boils at 99 degrees.");
    expect(await tasksOf(t)).toMatchObject([
      { cause: "QUOTE_GONE", episode: { id: episode }, source: { status: "ACTIVE" } },
    ]);
    expect(await nodeNow(t, "Claim", claim)).toMatchObject({ status: "NEEDS_RECHECK" });
    // Read once more it opens nothing more.
    await capture("They measured it a third time: water boils at 98 degrees.");
    expect(await fallsOf(t)).toHaveLength(1);
  });
});

describe("a correction task", () => {
  it("is taken, and is done only once what fell stands again", async () => {
    const t = await newTenant();
    const { taskId, incidentId, claim } = await buildCorrection(t);
    expect(codesOf(await act(takeCorrectionTask, t.person("pl", "planner"), { taskId }))).toEqual(["FORBIDDEN"]);
    await done(takeCorrectionTask, analyst(t), { taskId });
    expect(await nodeNow(t, "CorrectionTask", taskId)).toMatchObject({ state: "IN_PROGRESS", takenBy: "ana" });
    const close = (state: string) => act(closeCorrectionTask, analyst(t), { taskId, state, reason: "looked at it" });
    const refused = await close("DONE");
    expect(refused).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "state" }] });
    expect(JSON.stringify(refused)).toContain((await nodeNow(t, "Claim", claim)).title.slice(0, 40));
    expect(codesOf(await close("OPEN"))).toEqual(["BAD_INPUT"]);
    // Said to hold, and still on what fell alone.
    await done(setClaimStatus, analyst(t), { claimId: claim, status: "STATED" });
    expect(codesOf(await close("DONE"))).toEqual(["CONFLICT"]);
    await done(linkEvidence, analyst(t), { claimId: claim, factId: await buildFact(t), stance: "SUPPORTS" });
    await done(setClaimStatus, analyst(t), { claimId: claim, status: "STATED" });
    expect(codesOf(await close("DONE"))).toEqual([]);
    expect(await nodeNow(t, "CorrectionTask", taskId)).toMatchObject({
      state: "DONE",
      closedBy: "ana",
      closedWhy: "looked at it",
    });
    expect((await nodeNow(t, "Incident", incidentId)).status).toBe("RESOLVED");
    expect(codesOf(await close("DROPPED"))).toEqual(["CONFLICT"]);
    expect(codesOf(await act(takeCorrectionTask, analyst(t), { taskId }))).toEqual(["CONFLICT"]);
  });

  it("is done once the episode was retracted since", async () => {
    const t = await newTenant();
    const { taskId, episode } = await buildCorrection(t);
    await done(approve, t.person("ann", "approver"), {
      ...(await done(propose, editor(t), { action: "retractEpisode", subjectId: episode })),
    });
    await done(closeCorrectionTask, analyst(t), { taskId, state: "DONE" });
    expect((await nodeNow(t, "CorrectionTask", taskId)).state).toBe("DONE");
  });

  it("proposes quotes that the graph has, of sources in order alone, and always to drop the claim", async () => {
    const t = await newTenant();
    const say = (sourceId: string, text: string) => buildSnapshot(t, { sourceId, text: `${text} That is all.` });
    const [fell, good, stale] = [await buildSource(t), await buildSource(t), await buildSource(t)];
    const words = "The bridge of Arnsund is 412 metres long";
    const quoted = await buildFact(t, { snapshotId: await say(fell, `${words}.`), quote: words });
    const better = await buildFact(t, { snapshotId: await say(good, `${words}.`), quote: words });
    await buildFact(t, { snapshotId: await say(stale, `${words}, too.`), quote: words });
    const claim = await buildClaim(t, { text: words, supports: [quoted] });
    const episode = await buildEpisode(t);
    await buildScene(t, { episodeId: episode, claimIds: [claim] });
    await publishHere(t, episode);
    await done(registerSource, editor(t), { ...(await urlOf(t, stale)), status: "STALE" });
    await retractHere(t, fell);
    const [task] = await tasksOf(t);
    const ask = `query ($taskId: ID!) { repairs(taskId: $taskId) { claims next repairs { kind claim { id } fact { id } source { id } text why } } }`;
    // The full-text index follows a moment behind its writes.
    await expect
      .poll(async () => (await api.ask(t.id, ask, { taskId: task.id })).data.repairs, { timeout: 20_000 })
      .toMatchObject({
        claims: 1,
        next: null,
        repairs: [
          { kind: "BETTER_QUOTE", claim: { id: claim }, fact: { id: better }, source: { id: good } },
          { kind: "REPLACE_SOURCE", source: { id: good } },
          { kind: "DROP_CLAIM", claim: { id: claim }, fact: null },
        ],
      });
    const none = await api.ask(t.id, ask, { taskId: "CorrectionTask:01JCXM3V4T8Z5K2N7Q9R6W1Y0B" });
    expect(none.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });
});

const urlOf = async (t: TestTenant, id: string) => {
  const { url, title } = await nodeNow(t, "Source", id);
  return { url, title };
};

const plantLive = defineQuery({
  name: "testPlantLiveEpisodes",
  mode: "write",
  scope: "tenant",
  params: params<{ claimId: string; count: number; at: number; forever: number }>(),
  cypher: `MATCH (c:Claim {tenantId: $tenantId, id: $claimId})
UNWIND range(1, $count) AS n
WITH c, n, "0" + right("0000000000000000000000000" + toString(n), 25) AS id,
  {validFrom: $at, validTo: $forever, version: 1, versionFrom: $at, versionBy: "test/plant"} AS life
CREATE (e:Episode {tenantId: $tenantId, id: id, title: "Episode " + n, status: "PUBLISHED"}) SET e += life
CREATE (s:Scene {tenantId: $tenantId, id: id, title: "Scene " + n, ordinal: 1}) SET s += life
CREATE (e)-[:HAS_SCENE {validFrom: $at, validTo: $forever, openedBy: "test/plant"}]->(s)
CREATE (s)-[:STATES {validFrom: $at, validTo: $forever, openedBy: "test/plant"}]->(c)`,
  row: noRow,
});

const MORE = 30;
/** A live source, with more live episodes on it than one transaction opens tasks for. */
async function buildCrowd(t: TestTenant) {
  const chain = await buildLive(t);
  const count = MOST_EPISODES + MORE - 1;
  const planted = { claimId: parseNodeId(chain.claim)!.id, count, at: Date.now(), forever: FOREVER };
  await testGraph().write(t.scope, (tx) => tx.run(plantLive, planted));
  return chain;
}

const dutyOf = (t: TestTenant) => ({
  tenantId: t.id,
  scheduledAt: Date.now(),
  signal: new AbortController().signal,
  trouble: (error: unknown) => expect(error).toBeUndefined(),
  operationId: (part: string | number) => `test/fall/${t.id}/${part}`,
});

it("opens so many tasks in one transaction, says that there are more, and the job opens those", async () => {
  const t = await newTenant();
  const { source } = await buildCrowd(t);
  await retractHere(t, source);
  const [fell] = await fallsOf(t);
  expect(fell).toMatchObject({ more: true });
  expect(fell!.taskIds).toHaveLength(MOST_EPISODES);
  const duty = dutyOf(t);
  expect(await api.services.duties.countRechecks(duty)).toBe(1);
  expect(await api.services.duties.recheckClaims(duty)).toBe(MORE);
  expect(await api.services.duties.countRechecks(duty)).toBe(0);
  expect((await api.ask(t.id, "{ correctionTasks { totalCount } }")).data.correctionTasks.totalCount).toBe(
    MOST_EPISODES + MORE,
  );
}, 120_000);

/** Drops the tasks of a tenant that go on, but the one that is named. */
const dropTasks = defineQuery({
  name: "testDropTasks",
  mode: "write",
  scope: "tenant",
  params: params<{ but: string }>(),
  cypher: `MATCH (t:CorrectionTask {tenantId: $tenantId}) WHERE t.id <> $but SET t.state = "DROPPED"`,
  row: noRow,
});
const unpublish = defineQuery({
  name: "testUnpublish",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId}) SET e.status = "RETRACTED"`,
  row: noRow,
});
const setIncident = defineQuery({
  name: "testSetIncident",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; status: string }>(),
  cypher: `MATCH (i:Incident {tenantId: $tenantId, id: $id}) SET i.status = $status`,
  row: noRow,
});
/** Claims of a source that are still being marked: none, or the rest that a transaction left. */
const setMarking = defineQuery({
  name: "testSetMarking",
  mode: "write",
  scope: "tenant",
  params: params<{ sourceId: string; status: string }>(),
  cypher: `MERGE (r:Recheck {tenantId: $tenantId, id: "test"})
SET r.sourceIds = [$sourceId], r.factIds = [], r.because = "a test", r.after = "", r.status = $status`,
  row: noRow,
});

/** A crowd whose source was retracted, and all tasks so far are closed, the last of them by its command. */
async function closedSoFar(t: TestTenant) {
  const { source } = await buildCrowd(t);
  await retractHere(t, source);
  const [fell] = await fallsOf(t);
  await closeAll(t, (fell!.taskIds as string[])[0]!);
  return String(fell!.incidentId);
}

async function closeAll(t: TestTenant, taskId: string): Promise<void> {
  await testGraph().write(t.scope, (tx) => tx.run(dropTasks, { but: parseNodeId(taskId)!.id }));
  await done(closeCorrectionTask, analyst(t), { taskId, state: "DROPPED" });
}

const statusOf = async (t: TestTenant, incidentId: string) => (await nodeNow(t, "Incident", incidentId)).status;

it("keeps an incident open while a part of its fall waits, and ends it with the last task of that", async () => {
  const t = await newTenant();
  const incidentId = await closedSoFar(t);
  expect(await statusOf(t, incidentId)).toBe("OPEN");
  expect(await api.services.duties.recheckClaims(dutyOf(t))).toBe(MORE);
  const going = await tasksOf(t, { state: ["OPEN"] });
  expect(going[0].incident.id).toBe(incidentId);
  await closeAll(t, going[0].id);
  expect(await statusOf(t, incidentId)).toBe("RESOLVED");
}, 120_000);

it("ends an incident with the last part of its fall where that has no task to open any more", async () => {
  const t = await newTenant();
  const incidentId = await closedSoFar(t);
  await testGraph().write(t.scope, (tx) => tx.run(unpublish, {}));
  expect(await api.services.duties.recheckClaims(dutyOf(t))).toBe(0);
  expect(await statusOf(t, incidentId)).toBe("RESOLVED");
  expect((await recordsOf(t.scope)).events.filter(({ type }) => type === "incident.resolved")).toHaveLength(1);
}, 120_000);

it("opens what is left of a fall under an incident that is open, not under one that is over", async () => {
  const t = await newTenant();
  const { source } = await buildCrowd(t);
  await retractHere(t, source);
  const incidentId = String((await fallsOf(t))[0]!.incidentId);
  const set = (status: string) =>
    testGraph().write(t.scope, (tx) => tx.run(setIncident, { id: parseNodeId(incidentId)!.id, status }));
  // Resolved meanwhile: the rest has an incident of its own, and none of its tasks hangs on one that is over.
  await set("RESOLVED");
  await api.services.duties.recheckClaims(dutyOf(t));
  const incidents = (await api.ask(t.id, "{ incidents { edges { node { id status } } } }")).data.incidents.edges;
  const fresh = incidents
    .map(({ node }: { node: { id: string } }) => node.id)
    .filter((id: string) => id !== incidentId);
  expect(fresh).toHaveLength(1);
  expect((await api.ask(t.id, TASKS, { filter: { incidentId: fresh[0] } })).data.correctionTasks.totalCount).toBe(MORE);
}, 120_000);

it("takes no task for done while claims of its source are still being marked", async () => {
  const t = await newTenant();
  const { taskId, source, claim } = await buildCorrection(t);
  await done(linkEvidence, analyst(t), { claimId: claim, factId: await buildFact(t), stance: "SUPPORTS" });
  await done(setClaimStatus, analyst(t), { claimId: claim, status: "STATED" });
  const marking = (status: string) =>
    testGraph().write(t.scope, (tx) => tx.run(setMarking, { sourceId: parseNodeId(source)!.id, status }));
  await marking("OPEN");
  const close = () => act(closeCorrectionTask, analyst(t), { taskId, state: "DONE" });
  const refused = await close();
  expect(refused).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "state" }] });
  expect(JSON.stringify(refused)).toContain("still being marked");
  await marking("DONE");
  expect(codesOf(await close())).toEqual([]);
});
