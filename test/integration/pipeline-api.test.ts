import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { done } from "../kit/approvals.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildTopic } from "../kit/build.js";
import { drive, installation, pipelineServices, recordOf, start } from "../kit/pipeline.js";
import { openStream } from "../kit/live.js";
import { newTenant, operationId } from "../kit/tenant.js";

/* Runs over HTTP: what is started, read and told. */

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const STAGES = `
  - { name: one, run: a, output: thing, cache: { by: [run.topic_id], for: 1h } }
  - { name: two, run: b, output: thing, needs: [one], approval: { question: "Shall we?" } }
`;
const works = {
  a: () => ({ output: { n: 1 }, tokens: 5, costUsd: 0.25, provider: "test" }),
  b: () => ({ output: {}, tokens: 2, costUsd: 0.5 }),
};

const RUN = `query ($id: ID!, $asOf: DateTime) { run(id: $id, asOf: $asOf) {
  id title flow flowVersion status round startedBy costUsd tokens cacheLookups cacheHits asOf
  channel { id } topic { id } stages { stage attempt status waitingFor outcome provider output }
} }`;
const RUNS = `query ($filter: RunFilter, $first: Int! = 20, $after: String) { runs(filter: $filter, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id status } }
} }`;

describe("the API of runs", () => {
  it("offers the flows of this version, with the executors that are still missing, and refuses to start them", async () => {
    const t = await newTenant();
    const { data } = await api.ask(
      t.id,
      "{ flows { flow version requires missing stages { name run needs output } } }",
    );
    data.flows.sort((a: { flow: string }, b: { flow: string }) => (a.flow < b.flow ? -1 : 1));
    const episode = data.flows.find(({ flow }: { flow: string }) => flow === "episode");
    expect(episode.stages.map(({ name }: { name: string }) => name)).toEqual([
      "planner",
      "topic-scoring",
      "research",
      "scenes",
      "script",
      "qa",
      "ops",
    ]);
    const START = `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } problems { code path message } } }`;
    const input = {
      operationId: operationId(),
      reason: "a test",
      channelId: t.channelId,
      topicId: await buildTopic(t),
    };
    const ask = async (flow: string) =>
      (await api.ask(t.id, START, { input: { ...input, flow, operationId: operationId() } }, ["editor"])).data.startRun;
    expect(await ask("nowhere")).toMatchObject({ run: null, problems: [{ code: "NOT_FOUND", path: "flow" }] });
    expect(data.flows.map(({ flow, missing }: { flow: string; missing: string[] }) => [flow, missing])).toEqual(
      ["FLOW_FEATURE_LIFECYCLE", "correction", "episode", "weekly-topics"].map((flow) => [flow, []]),
    );
  });

  it("has each run with its stages, as it is and as it was", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(STAGES, works));
    const topicId = await buildTopic(t);
    const runId = await start(t, services, { topicId, channelId: t.channelId });
    const { startedAt } = (await recordOf(t, runId)).run;
    await drive(t, services);
    const waiting = {
      id: runId,
      title: "A test",
      flow: "test",
      flowVersion: "1.0.0",
      status: "WAITING",
      round: 1,
      startedBy: "tester",
      costUsd: 0.25,
      tokens: 5,
      cacheLookups: 1,
      cacheHits: 0,
      channel: { id: t.channelId },
      topic: { id: topicId },
      stages: [
        {
          stage: "one",
          attempt: 1,
          status: "DONE",
          waitingFor: null,
          outcome: "OK",
          provider: "test",
          output: '{"n":1}',
        },
        {
          stage: "two",
          attempt: 1,
          status: "WAITING",
          waitingFor: "APPROVAL",
          outcome: null,
          provider: null,
          output: null,
        },
      ],
    };
    expect((await api.ask(t.id, RUN, { id: runId })).data.run).toMatchObject(waiting);
    const was = (await api.ask(t.id, RUN, { id: runId, asOf: new Date(startedAt).toISOString() })).data.run;
    expect(was).toMatchObject({ status: "RUNNING", stages: [], tokens: 0 });
    const DECIDE = `mutation ($input: DecideStageInput!) { decideStage(input: $input) { run { status } stageRun { status approvedBy } problems { code } } }`;
    const input = { operationId: operationId(), reason: "It is good.", runId, stage: "two", approve: true };
    const refused = await api.ask(t.id, DECIDE, { input: { ...input, operationId: operationId() } }, ["approver"]);
    // The token's actor is who started it.
    expect(refused.data.decideStage.problems).toEqual([{ code: "FORBIDDEN" }]);
    const never = await api.ask(t.id, RUN, { id: `PipelineRun:${ulid()}` });
    expect(never.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("counts the hit rate of the cache for each channel, whoever computed what was found", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(STAGES, works));
    const [topicId, other] = [await buildTopic(t), await buildTopic(t)];
    const { channelId: second } = await done(createChannel, t.caller("tenant-admin"), {
      title: "Two",
      platform: "video",
    });
    const CACHE = `query ($id: ID!, $from: DateTime, $asOf: DateTime) { cacheUse(channelId: $id, from: $from, asOf: $asOf) {
      channelId from asOf lookups hits rate stages { flow stage lookups hits rate } } }`;
    const use = async (id: string, more: object = {}) => (await api.ask(t.id, CACHE, { id, ...more })).data.cacheUse;
    expect(await use(second)).toMatchObject({ lookups: 0, hits: 0, rate: null, stages: [], from: null });
    // Each of its own, so that the first to ask for a topic is the one that computes.
    for (const [channelId, about] of [
      [t.channelId, topicId],
      [second, topicId],
      [second, topicId],
      [second, other],
    ] as const) {
      await start(t, services, { channelId, topicId: about });
      await drive(t, services);
    }
    expect(await use(t.channelId)).toMatchObject({ channelId: t.channelId, lookups: 1, hits: 0, rate: 0 });
    const counted = await use(second);
    expect(counted).toMatchObject({
      ...{ channelId: second, lookups: 3, hits: 2, rate: 2 / 3 },
      stages: [{ flow: "test", stage: "one", lookups: 3, hits: 2, rate: 2 / 3 }],
    });
    const from = counted.asOf;
    expect(await use(second, { from })).toMatchObject({ lookups: 0, rate: null, from });
    const late = await api.ask(t.id, CACHE, { id: second, from, asOf: new Date(Date.parse(from) - 1).toISOString() });
    expect(late.errors?.[0]).toMatchObject({ message: expect.stringContaining("`from`") });
    const nobodys = await api.ask((await newTenant()).id, CACHE, { id: second });
    expect(nobodys.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("pages through them, by status, flow, channel and topic", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(STAGES, works));
    const topicId = await buildTopic(t);
    const mine = [await start(t, services, { topicId }), await start(t, services, { channelId: t.channelId })];
    await drive(t, services);
    const last = await start(t, services, { topicId, channelId: t.channelId });
    const ids = async (variables: object) => {
      const { edges, totalCount } = (await api.ask(t.id, RUNS, variables)).data.runs;
      expect(totalCount).toBe(edges.length);
      return edges.map(({ node }: { node: { id: string } }) => node.id);
    };
    expect(await ids({})).toEqual([...mine, last]);
    expect(await ids({ filter: { topicId } })).toEqual([mine[0], last]);
    expect(await ids({ filter: { channelId: t.channelId, topicId } })).toEqual([last]);
    expect(await ids({ filter: { status: ["WAITING"] } })).toEqual(mine);
    expect(await ids({ filter: { flow: ["other"] } })).toEqual([]);
    const page = (await api.ask(t.id, RUNS, { first: 2 })).data.runs;
    const rest = (await api.ask(t.id, RUNS, { first: 2, after: page.pageInfo.endCursor })).data.runs;
    expect([page.pageInfo.hasNextPage, rest.edges[0].node.id]).toEqual([true, last]);
  });

  it("tells each move over Server-Sent Events, whichever process drives the run", async () => {
    const t = await newTenant();
    const services = pipelineServices(installation(STAGES, works));
    const runId = await start(t, services);
    const LISTEN = `subscription ($id: ID!) { runChanged(id: $id) { id ready status round stages { stage attempt status } } }`;
    const stream = await openStream(api, await api.token(t.id, "analyst"), LISTEN, { id: runId });
    const first = (await stream.next()).data.data.runChanged;
    expect(first).toEqual({ id: runId, ready: true, status: "RUNNING", round: 1, stages: [] });
    await drive(t, services);
    const seen = new Map<string, string>();
    for (let status = ""; status !== "WAITING";) {
      const told = (await stream.next()).data.data.runChanged;
      for (const one of told.stages) seen.set(`${one.stage}/${one.attempt}`, one.status);
      ({ status } = told);
    }
    expect(Object.fromEntries(seen)).toEqual({ "one/1": "DONE", "two/1": "WAITING" });
    stream.close();
    const nobodys = await openStream(api, await api.token((await newTenant()).id, "analyst"), LISTEN, { id: runId });
    expect((await nobodys.next()).data.errors[0].extensions.code).toBe("NOT_FOUND");
    nobodys.close();
  });
});
