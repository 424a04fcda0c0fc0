import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, inject, it } from "vitest";
import { systemCaller } from "../../server/commands/caller.js";
import { DomainError } from "../../server/errors.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import {
  claim,
  enrol,
  finish,
  leaseGuard,
  LeaseLost,
  readLeases,
  renew,
  type ScheduledTick,
} from "../../server/jobs/lease.js";
import { backoffMs, keepAlive, perform, type Work } from "../../server/jobs/perform.js";
import { tickName } from "../../server/jobs/tick.js";
import { createServices } from "../../server/services.js";
import { startBoltProxy } from "../kit/bolt-proxy.js";
import { testGraph } from "../kit/graph.js";
import { leaveMark, marksOf, runOf, runsOf, testJob } from "../kit/jobs.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/*
 * Leases and runs: what keeps the effects of a job single, however many processes run it and however badly they fare.
 */

const MINUTE = 60_000;
const FIRST = Date.parse("2026-11-21T04:00Z");

const opened: Graph[] = [];
/** A process of its own as far as the database can tell. */
function replica(uri = inject("database").uri): Graph {
  const graph = openGraph({ ...inject("database"), uri, timeoutMs: { read: 30_000, write: 60_000 } });
  opened.push(graph);
  return graph;
}
afterAll(() => Promise.all(opened.map((graph) => graph.close())));

const tickAt = (t: TestTenant, scheduledAt: number): ScheduledTick => ({
  name: tickName("test-job", t.id, scheduledAt, "minute"),
  scheduledAt,
  nextAt: scheduledAt + MINUTE,
});

/** Leaves a mark for the run, through commands whose ids derive from its name. */
const marking =
  (t: TestTenant, graph: Graph, before: () => Promise<void> = async () => undefined): Work =>
  async ({ name, guard }) => {
    const services = createServices({ graph }).guardedBy(guard);
    await before();
    const input = { operationId: `${name}/1`, reason: "a test", mark: name };
    const executed = await services.execute(leaveMark, systemCaller(t.id), input);
    if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
    return 1;
  };

const quietly = () => undefined;

describe("ticks of a job", () => {
  it("have each effect exactly once: three replicas, 500 ticks", async () => {
    const t = await newTenant();
    const graphs = [replica(), replica(), replica()];
    const counts = { runs: 0, together: 0, most: 0 };
    const works = graphs.map((graph): Work => {
      const work = marking(t, graph);
      return async (go) => {
        counts.runs++;
        counts.most = Math.max(counts.most, ++counts.together);
        return work(go).finally(() => counts.together--);
      };
    });
    for (let i = 0; i < 500; i++) {
      const tick = tickAt(t, FIRST + i * MINUTE);
      const fire = (graph: Graph, n: number) =>
        perform(graph, testJob(), t.id, { tick, work: works[n]!, troubles: quietly });
      await Promise.all(graphs.map(fire));
    }
    const marks = await marksOf(t.scope);
    const ticks = Array.from({ length: 500 }, (_, i) => tickAt(t, FIRST + i * MINUTE).name);
    expect(marks).toEqual(Object.fromEntries(ticks.map((name) => [name, 1])));
    expect(counts).toEqual({ runs: 500, together: 0, most: 1 });
    const history = await runsOf(t.scope);
    expect(history.map(({ name }) => name)).toEqual(ticks);
    expect(history.every(({ status, attempt, effects }) => status === "DONE" && attempt === 1 && effects === 1)).toBe(
      true,
    );
    console.log(`jobs: 500 ticks on 3 replicas, ${Object.keys(marks).length} effects, 0 twice`);
  }, 240_000);

  it("have each effect once where the replies of COMMITs are lost", async () => {
    const t = await newTenant();
    const proxy = await startBoltProxy(inject("database").uri);
    const graph = replica(proxy.uri);
    try {
      for (let i = 0; i < 4; i++) {
        proxy.loseNext(3);
        await perform(graph, testJob(), t.id, {
          tick: tickAt(t, FIRST + i * MINUTE),
          work: marking(t, graph),
          troubles: quietly,
        });
      }
      expect(proxy.lost).toBe(12);
    } finally {
      await graph.close();
      await proxy.close();
    }
    expect(Object.values(await marksOf(t.scope))).toEqual(Array(4).fill(1));
    expect((await runsOf(t.scope)).map(({ status, attempt }) => [status, attempt])).toEqual(Array(4).fill(["DONE", 1]));
  }, 120_000);

  it("that come while one runs wait for it, and none runs beside it", async () => {
    const t = await newTenant();
    const order: string[] = [];
    const work: Work = async ({ scheduledAt }) => {
      order.push(`begin ${(scheduledAt - FIRST) / MINUTE}`);
      await sleep(150);
      order.push(`end ${(scheduledAt - FIRST) / MINUTE}`);
      return 0;
    };
    const tick = (i: number) =>
      perform(testGraph(), testJob(), t.id, { tick: tickAt(t, FIRST + i * MINUTE), work, troubles: quietly });
    const first = tick(0);
    await expect.poll(() => order, { timeout: 10_000 }).toEqual(["begin 0"]);
    expect(await tick(1)).toEqual([]);
    expect(await first).toEqual(["DONE", "DONE"]);
    expect(order).toEqual(["begin 0", "end 0", "begin 1", "end 1"]);
  });

  it("that nobody runs queue up to a hundred, and what comes on top is told as skipped", async () => {
    const t = await newTenant();
    for (let i = 0; i <= 101; i++)
      await claim(testGraph(), {
        tenantId: t.id,
        job: "test-job",
        ttlMs: 60_000,
        maxAttempts: 3,
        tick: tickAt(t, FIRST + i * MINUTE),
      });
    const statuses = (await runsOf(t.scope)).map(({ status }) => status);
    expect(statuses).toEqual(["RUNNING", ...Array(99).fill("WAITING"), "SKIPPED", "SKIPPED"]);
  });

  it("are nobody's once a later one was taken notice of", async () => {
    const t = await newTenant();
    const run = (i: number) =>
      perform(testGraph(), testJob(), t.id, {
        tick: tickAt(t, FIRST + i * MINUTE),
        work: marking(t, testGraph()),
        troubles: quietly,
      });
    expect([await run(5), await run(3), await run(5)]).toEqual([["DONE"], [], []]);
    expect(Object.keys(await marksOf(t.scope))).toEqual([tickAt(t, FIRST + 5 * MINUTE).name]);
  });
});

describe("a lease", () => {
  const request = (t: TestTenant, ttlMs: number, i = 0) => ({
    tenantId: t.id,
    job: "test-job",
    ttlMs,
    maxAttempts: 3,
    tick: tickAt(t, FIRST + i * MINUTE),
  });
  const writeAs = (t: TestTenant, lease: Parameters<typeof renew>[1]) =>
    marking(
      t,
      testGraph(),
    )({
      name: `job/test-job/${t.id}/late`,
      scheduledAt: FIRST,
      dryRun: false,
      guard: {
        tenantId: t.id,
        maxMs: lease.ttlMs,
        hold: async (tx) => (await import("../../server/jobs/lease.js")).leaseGuard(lease).hold(tx),
      },
      signal: new AbortController().signal,
      trouble: quietly,
    });

  it("has one holder, and who comes for it in the meantime gets nothing", async () => {
    const t = await newTenant();
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(testGraph(), request(t, 20_000))));
    expect(claims.filter((one) => one !== null)).toHaveLength(1);
  });

  it("that was taken over leaves its old holder nothing to write, not even how its run ended", async () => {
    const t = await newTenant();
    const old = (await claim(testGraph(), request(t, 300)))!;
    await sleep(400);
    const next = (await claim(testGraph(), request(t, 20_000)))!;
    expect(next.lease.fence).toBe(old.lease.fence + 1);
    expect(next.run).toMatchObject({ name: old.run?.name, attempt: 2 });
    await expect(writeAs(t, old.lease)).rejects.toBeInstanceOf(LeaseLost);
    await expect(renew(testGraph(), old.lease)).rejects.toBeInstanceOf(LeaseLost);
    await expect(finish(testGraph(), old.lease, old.run!, { status: "DONE", effects: 1 })).rejects.toBeInstanceOf(
      LeaseLost,
    );
    expect(await marksOf(t.scope)).toEqual({});
    expect(await writeAs(t, next.lease)).toBe(1);
    await finish(testGraph(), next.lease, next.run!, { status: "DONE", effects: 1 });
    expect(await runOf(t.scope, next.run!.name)).toMatchObject({ status: "DONE", attempt: 2 });
  });

  it("whose time is over is lost, though nobody took it", async () => {
    const t = await newTenant();
    const held = (await claim(testGraph(), request(t, 300)))!;
    await renew(testGraph(), held.lease);
    await sleep(400);
    await expect(writeAs(t, held.lease)).rejects.toBeInstanceOf(LeaseLost);
    await expect(renew(testGraph(), held.lease)).rejects.toBeInstanceOf(LeaseLost);
    expect(await marksOf(t.scope)).toEqual({});
  });

  it("is renewed while its holder works, for longer than its time", async () => {
    const t = await newTenant();
    const work = marking(t, testGraph(), () => sleep(1_600));
    const job = testJob({ leaseMs: 600 });
    const ends = await perform(testGraph(), job, t.id, { tick: tickAt(t, FIRST), work, troubles: quietly });
    expect(ends).toEqual(["DONE"]);
    expect(await marksOf(t.scope)).toEqual({ [tickAt(t, FIRST).name]: 1 });
  });

  it("is renewed by each write of its holder, and by nobody else's", async () => {
    const t = await newTenant();
    const held = (await claim(testGraph(), request(t, 20_000)))!;
    const until = async () => (await readLeases(testGraph(), t.id)).leases[0]!.until;
    const first = await until();
    await sleep(20);
    await writeAs(t, held.lease);
    const second = await until();
    expect(second).toBeGreaterThan(first);
    expect(performance.now() - held.lease.held.since).toBeLessThan(20_000);
    const stale = { ...held.lease, fence: held.lease.fence - 1 };
    await expect(writeAs(t, stale)).rejects.toBeInstanceOf(LeaseLost);
    expect(await until()).toBe(second);
  });

  it("isn't lost to what its holder writes at once, however much that is", async () => {
    const t = await newTenant();
    const { lease } = (await claim(testGraph(), request(t, 5_000)))!;
    const guarded = testGraph().guardedBy(leaseGuard(lease));
    const alive = keepAlive(testGraph(), lease);
    // Each holds the lease's lock for a while: behind one another they take twice the lease's time.
    const slowly = () => guarded.write({ tenantId: t.id }, () => sleep(250));
    await Promise.all(Array.from({ length: 40 }, slowly));
    alive.stop();
    expect(alive.lost.aborted).toBe(false);
    expect(await writeAs(t, lease)).toBe(1);
  });

  it("is taken for lost by a holder that hears nothing of the database, before another may have it", async () => {
    const t = await newTenant();
    const { lease } = (await claim(testGraph(), request(t, 2_000)))!;
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const deaf = replica(`bolt://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const alive = keepAlive(deaf, lease);
    await expect.poll(() => alive.lost.aborted, { timeout: 5_000, interval: 10 }).toBe(true);
    const { leases, now } = await readLeases(testGraph(), t.id);
    expect(leases[0]!.until).toBeGreaterThan(now);
    expect(alive.lost.reason).toBeInstanceOf(LeaseLost);
    alive.stop();
    silent.close();
  });

  it("of a tenant is no other tenant's", async () => {
    const [a, b] = [await newTenant(), await newTenant()];
    expect(await claim(testGraph(), request(a, 20_000))).not.toBeNull();
    expect(await claim(testGraph(), { ...request(a, 20_000), tenantId: b.id, tick: tickAt(b, FIRST) })).not.toBeNull();
    expect((await readLeases(testGraph(), a.id)).leases.map(({ job }) => job)).toEqual(["test-job"]);
  });
});

describe("a run that fails", () => {
  const failing =
    (error: () => unknown): Work =>
    async () => {
      throw error();
    };

  it("is tried again after a pause that doubles, and has failed then, with its error masked", async () => {
    const t = await newTenant();
    const told: { error: unknown; correlationId: string }[] = [];
    const options = {
      work: failing(() => new Error("password=hunter2 at bolt://10.0.0.7")),
      troubles: (error: unknown, { correlationId }: { correlationId: string }) => told.push({ error, correlationId }),
    };
    const job = testJob({ maxAttempts: 2 });
    const tick = tickAt(t, FIRST);
    expect(await perform(testGraph(), job, t.id, { ...options, tick })).toEqual(["RETRYING"]);
    expect(await perform(testGraph(), job, t.id, options)).toEqual([]);
    const { leases, now } = await readLeases(testGraph(), t.id);
    expect(leases[0]!.open).toEqual([tick.name]);
    expect(leases[0]!.wakeAt! - now).toBeLessThanOrEqual(1_000);
    await sleep(1_100);
    expect(await perform(testGraph(), job, t.id, options)).toEqual(["FAILED"]);
    const run = (await runOf(t.scope, tick.name))!;
    expect(run).toMatchObject({ status: "FAILED", attempt: 2 });
    expect(run.error).not.toMatch(/hunter2|bolt/);
    expect(told).toHaveLength(2);
    expect(run.error).toContain(told[1]!.correlationId);
    expect((await readLeases(testGraph(), t.id)).leases[0]).toMatchObject({ open: [], wakeAt: null, holder: null });
  });

  it("says why where the reason is ours to tell, and lets the next tick run", async () => {
    const t = await newTenant();
    const work = failing(() => new DomainError("UNAVAILABLE", "The archive is away."));
    const job = testJob({ maxAttempts: 1 });
    await perform(testGraph(), job, t.id, { tick: tickAt(t, FIRST), work, troubles: quietly });
    await perform(testGraph(), job, t.id, {
      tick: tickAt(t, FIRST + MINUTE),
      work: marking(t, testGraph()),
      troubles: quietly,
    });
    expect((await runsOf(t.scope)).map(({ status, error }) => [status, error])).toEqual([
      ["FAILED", "The archive is away."],
      ["DONE", null],
    ]);
  });

  it("takes too long has failed, and writes nothing any more", async () => {
    const t = await newTenant();
    let late: Promise<unknown> = Promise.resolve();
    const slow = marking(t, testGraph(), () => sleep(1_000));
    const work: Work = (go) => {
      const done = slow(go);
      late = done.catch((error: unknown) => error);
      return done;
    };
    const job = testJob({ timeoutMs: 200, maxAttempts: 1 });
    expect(await perform(testGraph(), job, t.id, { tick: tickAt(t, FIRST), work, troubles: quietly })).toEqual([
      "FAILED",
    ]);
    expect(await late).toBeInstanceOf(LeaseLost);
    expect(await marksOf(t.scope)).toEqual({});
  });

  it("whose process ended is taken up by the next one, as often as it may", async () => {
    const t = await newTenant();
    for (const attempt of [1, 2]) {
      const died = await claim(testGraph(), {
        tenantId: t.id,
        job: "test-job",
        ttlMs: 100,
        maxAttempts: 2,
        tick: tickAt(t, FIRST),
      });
      expect(died?.run?.attempt).toBe(attempt);
      await sleep(150);
    }
    expect(
      await perform(testGraph(), testJob({ maxAttempts: 2 }), t.id, {
        work: failing(() => new Error("never")),
        troubles: quietly,
      }),
    ).toEqual([]);
    expect(await runOf(t.scope, tickAt(t, FIRST).name)).toMatchObject({
      status: "FAILED",
      error: "Its process ended before it was done.",
    });
  });

  it("pauses between half and all of a time that doubles, up to five minutes", () => {
    expect([1, 2, 3].map((attempt) => backoffMs(attempt, () => 0))).toEqual([1_000, 2_000, 4_000]);
    expect(backoffMs(3, () => 1)).toBe(2_000);
    expect(backoffMs(40, () => 0)).toBe(300_000);
  });
});

it("a job that is new in a tenant begins with its next tick", async () => {
  const t = await newTenant();
  const known = { job: "test-job", description: "A test.", schedule: "0 4 * * *", timeZone: "UTC", nextAt: 1 };
  await enrol(testGraph(), t.id, known);
  const { leases, now } = await readLeases(testGraph(), t.id);
  expect(leases[0]).toMatchObject(known);
  expect(Math.abs(leases[0]!.last! - now)).toBeLessThan(5_000);
});
