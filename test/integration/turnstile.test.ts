import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { lock } from "../../server/graph/lock.js";
import { claim, enrol, renew } from "../../server/jobs/lease.js";
import { createServices } from "../../server/services.js";
import { newTenant, operationId } from "../kit/tenant.js";

/* A process whose every place for writes is taken by a slow one: what keeps others safe passes them. */

const PLACES = 8;

let graph: Graph;
let leave = (): void => {};
beforeAll(() => {
  graph = openGraph(inject("database"));
});
afterAll(() => graph.close());

/** Takes all places until `leave` is called; answers when it has them. */
async function crowd(tenantId: string): Promise<{ readonly ended: Promise<unknown> }> {
  const stay = new Promise<void>((resolve) => (leave = resolve));
  let inside = 0;
  let full = (): void => {};
  const isFull = new Promise<void>((resolve) => (full = resolve));
  const writes = Array.from({ length: PLACES }, () =>
    graph.write({ tenantId, timeoutMs: 60_000 }, async () => {
      if (++inside === PLACES) full();
      await stay;
    }),
  );
  const ended = Promise.all(writes);
  await Promise.race([isFull, ended]);
  return { ended };
}

describe("while as many slow writes are under way as may be", () => {
  it("a lease is renewed and a kill switch set, and another change waits until one of them has ended", async () => {
    const t = await newTenant();
    const services = createServices({ graph });
    const known = { job: "crowded", description: null, schedule: null, timeZone: null, nextAt: null };
    await enrol(graph, t.id, known);
    const taken = await claim(graph, { tenantId: t.id, job: "crowded", ttlMs: 5_000, maxAttempts: 1, idle: true });
    let changed = false;
    const { ended } = await crowd(t.id);
    try {
      const topic = { title: "In line", operationId: operationId(), reason: "a test" };
      const waiting = services.execute(createTopic, t.caller("tenant-admin"), topic).finally(() => (changed = true));
      await renew(graph, taken!.lease);
      const brake = { scope: "TENANT", operationId: operationId(), reason: "a test" };
      expect(await services.execute(setKillSwitch, t.caller("tenant-admin"), brake)).toMatchObject({ ok: true });
      expect(changed).toBe(false);
      leave();
      // Behind the brake by then.
      expect(await waiting).toMatchObject({ ok: false, problems: [{ code: "KILL_SWITCH" }] });
    } finally {
      leave();
      await ended;
    }
  }, 60_000);
});

describe("while somebody holds the tenant for longer than a change may take", () => {
  it("a kill switch waits for them, and is set", async () => {
    const t = await newTenant();
    // What is carried out with an approval holds the tenant as long as its transaction lasts; other changes here have a second.
    const hasty = openGraph({ ...inject("database"), timeoutMs: { read: 5_000, write: 1_000 } });
    try {
      const services = createServices({ graph: hasty });
      const node = { label: "Tenant", id: t.id } as const;
      let held = (): void => {};
      const isHeld = new Promise<void>((resolve) => (held = resolve));
      const stay = new Promise<void>((resolve) => setTimeout(resolve, 4_000));
      let left = false;
      const holding = graph.write({ tenantId: t.id, timeoutMs: 60_000 }, async (tx) => {
        await lock(tx, [node]);
        held();
        await stay;
        left = true;
      });
      await isHeld;
      const other = hasty.write({ tenantId: t.id }, (tx) => lock(tx, [node])).catch((error: unknown) => error);
      const brake = { scope: "TENANT", operationId: operationId(), reason: "a test" };
      const set = await services.execute(setKillSwitch, t.caller("tenant-admin"), brake);
      expect(left).toBe(true);
      expect(set).toMatchObject({ ok: true });
      expect(await other).toBeInstanceOf(Error);
      await holding;
      const topic = { title: "Too late", operationId: operationId(), reason: "a test" };
      expect(await services.execute(createTopic, t.caller("tenant-admin"), topic)).toMatchObject({
        ok: false,
        problems: [{ code: "KILL_SWITCH" }],
      });
    } finally {
      await hasty.close();
    }
  }, 60_000);
});
