import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { defineJob, type Job } from "../../jobs/job.js";
import { JOBS } from "../../jobs/jobs.js";
import { schedule } from "../../jobs/main.js";
import { jitterOf, Scheduler } from "../../jobs/scheduler.js";
import { runNow } from "../../server/cli/job-run.js";
import { systemCaller } from "../../server/commands/caller.js";
import { dropOldResults } from "../../server/domains/operation/results.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { enrol, readLeases } from "../../server/jobs/lease.js";
import { setLease } from "../../server/jobs/lease.query.js";
import { createServices, type Services } from "../../server/services.js";
import { startApi, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { leaveMark, marksOf, runsOf } from "../kit/jobs.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * Who fires the jobs, and who asks for them: schedulers on a real database, the API and the command line.
 */

const HOUR = 3_600_000;
const quietly = () => undefined;

/** As many processes as schedulers, that look at this tenant alone: others' tests have theirs in the same store. */
function schedulerOf(t: TestTenant, job: Job): Scheduler {
  const services: Services = {
    ...createServices({ graph: testGraph() }),
    tenants: async () => [{ id: t.id, name: t.id, region: "local", status: "ACTIVE" }],
  };
  return new Scheduler(services, [{ job, schedule: schedule(job.schedule, job.timeZone) }], quietly);
}

const marking = (settings: Partial<Job> = {}): Job =>
  defineJob({
    name: "test-job",
    description: "Leaves a mark.",
    schedule: "0 * * * *",
    scope: "tenant",
    async run({ services, tenantId, name, operationId: id }) {
      const input = { operationId: id(1), reason: "a test", mark: name };
      const executed = await services.execute(leaveMark, systemCaller(tenantId), input);
      if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
      return 1;
    },
    due: async () => 7,
    ...settings,
  });

/** As if the newest tick that anybody took notice of was so long ago. */
async function lastSeen(t: TestTenant, agoMs: number): Promise<number> {
  const { now } = await readLeases(testGraph(), t.id);
  const changed = { last: now - agoMs, nextAt: now - agoMs + 1 };
  await testGraph().write(t.scope, (tx) => tx.run(setLease, { job: "test-job", changed }));
  return now;
}

const settle = async (...schedulers: Scheduler[]): Promise<void> => {
  await Promise.all(schedulers.map((one) => one.beat()));
  await Promise.all(schedulers.map((one) => one.close()));
};

describe("the schedule", () => {
  it("that was missed for hours is caught up with by its newest tick, once, whoever looks", async () => {
    const t = await newTenant();
    await settle(schedulerOf(t, marking()));
    expect(await marksOf(t.scope)).toEqual({});
    const now = await lastSeen(t, 5 * HOUR);
    await settle(schedulerOf(t, marking()), schedulerOf(t, marking()), schedulerOf(t, marking()));
    const newest = Math.floor(now / HOUR) * HOUR;
    const name = `job/test-job/${t.id}/${new Date(newest).toISOString().slice(0, 16)}Z`;
    expect(await marksOf(t.scope)).toEqual({ [name]: 1 });
    expect(await runsOf(t.scope)).toMatchObject([{ name, scheduledAt: newest, status: "DONE", effects: 1 }]);
    expect((await readLeases(testGraph(), t.id)).leases[0]).toMatchObject({
      nextAt: newest + HOUR,
      holder: null,
      open: [],
    });
  });

  it("goes by the database's clock, however wrong this process's is", async () => {
    const t = await newTenant();
    await settle(schedulerOf(t, marking()));
    const now = await lastSeen(t, 2 * HOUR);
    for (const skew of [26 * HOUR, -26 * HOUR]) {
      vi.useFakeTimers({ toFake: ["Date"], now: now + skew });
      try {
        await settle(schedulerOf(t, marking()));
      } finally {
        vi.useRealTimers();
      }
    }
    expect((await runsOf(t.scope)).map(({ scheduledAt }) => scheduledAt)).toEqual([Math.floor(now / HOUR) * HOUR]);
  });

  it("of a run whose process died is taken up again without a tick", async () => {
    const t = await newTenant();
    await settle(schedulerOf(t, marking()));
    const now = await lastSeen(t, 0);
    const services = createServices({ graph: testGraph() });
    const { claim } = await import("../../server/jobs/lease.js");
    const tick = { name: `job/test-job/${t.id}/2026-11-21T04:00Z`, scheduledAt: now, nextAt: now + HOUR };
    await claim(services.graph, {
      tenantId: t.id,
      job: "test-job",
      ttlMs: 100,
      maxAttempts: 3,
      tick: { ...tick, scheduledAt: now + 1 },
    });
    await sleep(150);
    await settle(schedulerOf(t, marking()));
    expect(await runsOf(t.scope)).toMatchObject([{ name: tick.name, status: "DONE", attempt: 2 }]);
  });

  it("spreads the tenants over the jitter, each at the same moment on every replica", () => {
    const job = marking({ jitterMs: 60_000 });
    const moments = Array.from({ length: 200 }, (_, i) => jitterOf(job, `tenant-${i}`));
    expect(new Set(moments).size).toBeGreaterThan(190);
    expect(Math.max(...moments)).toBeLessThan(60_000);
    expect(moments).toEqual(moments.map((_, i) => jitterOf(job, `tenant-${i}`)));
  });
});

describe("a job that beats within the minute", () => {
  it("keeps its lease, and leaves one run for each minute in which it did something", async () => {
    const t = await newTenant();
    let beats = 0;
    let effects = 0;
    const job = marking({
      schedule: "* * * * * *",
      run: async () => {
        beats++;
        const had = beats % 2;
        effects += had;
        return had;
      },
    });
    const [one, other] = [schedulerOf(t, job), schedulerOf(t, job)];
    for (let i = 0; i < 5; i++) {
      await one.beat();
      await other.beat();
      await sleep(1_050);
    }
    const fence = (await readLeases(testGraph(), t.id)).leases[0]!.fence;
    await Promise.all([one.close(), other.close()]);
    expect(beats).toBeGreaterThanOrEqual(3);
    expect(fence).toBe(1);
    const runs = await runsOf(t.scope);
    expect(runs.length).toBeLessThanOrEqual(2);
    expect(runs.reduce((sum, run) => sum + run.effects, 0)).toBe(effects);
    expect((await readLeases(testGraph(), t.id)).leases[0]).toMatchObject({ holder: null, until: 0 });
  });

  it("goes on after a failure, and is given up by who closes", async () => {
    const t = await newTenant();
    let beats = 0;
    const job = marking({
      schedule: "* * * * * *",
      run: async () => {
        if (++beats === 1) throw new Error("once");
        return 1;
      },
    });
    const scheduler = schedulerOf(t, job);
    await expect
      .poll(async () => (await scheduler.beat(), beats), { timeout: 15_000, interval: 300 })
      .toBeGreaterThanOrEqual(2);
    await scheduler.close();
    expect((await runsOf(t.scope)).at(-1)).toMatchObject({ status: "DONE" });
  });
});

describe("asked for", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const RUN = `mutation Run($input: RunJobInput!) { runJob(input: $input) { run { name status dryRun } replayed problems { code path } } }`;
  const JOBS_QUERY = `{ jobs { name description schedule timeZone nextRun lagMs holder lastRun { name status effects } } }`;
  const RUNS = `query Runs($after: String) { jobRuns(job: "test-job", first: 1, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { name status effects attempt dryRun } } } }`;

  it("over the API a run is taken up by whoever runs jobs, once; a dry one only counts", async () => {
    const t = await newTenant();
    await settle(schedulerOf(t, marking()));
    const input = { operationId: operationId(), reason: "now", name: "test-job" };
    const asked = await api.ask(t.id, RUN, { input }, ["operator"]);
    expect(asked.data.runJob).toMatchObject({
      run: { status: "WAITING", dryRun: false },
      replayed: false,
      problems: [],
    });
    expect((await api.ask(t.id, RUN, { input }, ["operator"])).data.runJob.replayed).toBe(true);
    const dry = await api.ask(t.id, RUN, { input: { ...input, operationId: operationId(), dryRun: true } }, [
      "operator",
    ]);
    expect(dry.data.runJob.problems).toEqual([]);
    // A scheduler that closes begins nothing more, so each pair sees one of the two runs to its end.
    for (let pair = 0; pair < 2; pair++) await settle(schedulerOf(t, marking()), schedulerOf(t, marking()));
    expect(await marksOf(t.scope)).toEqual({ [asked.data.runJob.run.name]: 1 });
    const first = (await api.ask(t.id, RUNS, {}, ["operator"])).data.jobRuns;
    expect(first).toMatchObject({ totalCount: 2, edges: [{ node: { status: "DONE", effects: 7, dryRun: true } }] });
    const second = (await api.ask(t.id, RUNS, { after: first.pageInfo.endCursor }, ["operator"])).data.jobRuns;
    expect(second).toMatchObject({
      pageInfo: { hasNextPage: false },
      edges: [{ node: { effects: 1, dryRun: false } }],
    });
    const { jobs } = (await api.ask(t.id, JOBS_QUERY, {}, ["operator"])).data;
    expect(jobs).toMatchObject([
      { name: "test-job", schedule: "0 * * * *", lagMs: 0, holder: null, lastRun: { status: "DONE" } },
    ]);
    expect(Date.parse(jobs[0].nextRun)).toBeGreaterThan(Date.now() - 60_000);
  });

  it("is nothing for who may not, and unknown jobs aren't found", async () => {
    const t = await newTenant();
    const input = { operationId: operationId(), reason: "now", name: "test-job" };
    expect((await api.ask(t.id, JOBS_QUERY, {}, ["analyst"])).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect((await api.ask(t.id, RUNS, {}, ["analyst"])).errors?.[0]?.extensions.code).toBe("FORBIDDEN");
    expect((await api.ask(t.id, RUN, { input }, ["analyst"])).data.runJob.problems).toMatchObject([
      { code: "FORBIDDEN" },
    ]);
    expect((await api.ask(t.id, RUN, { input }, ["operator"])).data.runJob).toMatchObject({
      run: null,
      problems: [{ code: "NOT_FOUND", path: "name" }],
    });
  });

  it("on the command line each job counts what it would do, and runs", async () => {
    const t = await newTenant();
    const services = createServices({ graph: testGraph() });
    for (const { name } of JOBS.filter(({ scope }) => scope === "tenant")) {
      for (const dryRun of [true, false]) {
        const asked = { name, tenantId: t.id, region: "local", dryRun, operationId: operationId(), reason: "a test" };
        expect(await runNow(services, asked, quietly)).toMatchObject({ run: { status: "DONE", dryRun } });
      }
    }
  });
});

describe("results of operations", () => {
  const age = defineQuery({
    name: "testAgeOperation",
    mode: "write",
    scope: "tenant",
    params: params<{ operationId: string; days: number }>(),
    cypher: `MATCH (o:Operation {tenantId: $tenantId, operationId: $operationId}) SET o.at = o.at - $days * 86400000`,
    row: noRow,
  });

  it("older than 30 days are dropped, and their keys are kept: nothing is done twice", async () => {
    const t = await newTenant();
    const services = createServices({ graph: testGraph() });
    const topic = (title: string) => ({ operationId: operationId(), reason: "a test", title });
    const [old, young] = [topic("Old"), topic("Young")];
    for (const input of [old, young]) await services.execute(createTopic, t.caller("planner"), input);
    await testGraph().write(t.scope, (tx) => tx.run(age, { operationId: old.operationId, days: 31 }));
    await testGraph().write(t.scope, (tx) => tx.run(age, { operationId: young.operationId, days: 29 }));
    const drop = () =>
      services.execute(dropOldResults, systemCaller(t.id), { operationId: operationId(), reason: "a test" });
    expect(await drop()).toMatchObject({ ok: true, result: { dropped: 1, more: false } });
    expect(await drop()).toMatchObject({ ok: true, result: { dropped: 0 } });
    expect(await services.execute(createTopic, t.caller("planner"), young)).toMatchObject({ ok: true, replayed: true });
    expect(await services.execute(createTopic, t.caller("planner"), old)).toMatchObject({
      ok: false,
      problems: [{ code: "CONFLICT", path: "operationId" }],
    });
  });
});

it("a job that is new here is told to the graph with its next run", async () => {
  const t = await newTenant();
  await enrol(testGraph(), t.id, {
    job: "test-job",
    description: "Old words.",
    schedule: "0 4 * * *",
    timeZone: "UTC",
    nextAt: 1,
  });
  await settle(schedulerOf(t, marking()));
  const { leases, now } = await readLeases(testGraph(), t.id);
  expect(leases[0]).toMatchObject({ description: "Leaves a mark.", schedule: "0 * * * *" });
  expect(leases[0]!.nextAt).toBeGreaterThan(now);
});
