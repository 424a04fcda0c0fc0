import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
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
