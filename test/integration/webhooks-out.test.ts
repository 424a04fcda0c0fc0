import { Webhook } from "standardwebhooks";
import { ulid } from "ulid";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { liftKillSwitch, setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { addWebhook } from "../../server/domains/webhook/secret.service.js";
import {
  deleteWebhook,
  enableWebhook,
  pingWebhook,
  replayDelivery,
} from "../../server/domains/webhook/webhook.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { readPolicyDecisions } from "../../server/reads/policy-decisions/policy-decisions.query.js";
import type { Services } from "../../server/services.js";
import { deliverDue } from "../../server/webhooks/deliver.js";
import { disableWebhook } from "../../server/webhooks/disable.command.js";
import { dispatchOutbox } from "../../server/webhooks/dispatch.js";
import { testGraph } from "../kit/graph.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import {
  buildWebhook,
  deliveriesOf,
  LOOPBACK,
  standingClock,
  startReceiver,
  webhookServices,
  type Message,
} from "../kit/webhooks.js";

/*
 * What is sent: outbox, deliveries, and the wire, to real receivers on this machine. The clock is the test's.
 */

const running: { close(): Promise<void> }[] = [];
const receiver = async (...options: Parameters<typeof startReceiver>) => {
  const started = await startReceiver(...options);
  running.push(started);
  return started;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

const HOUR = 60 * 60_000;
const head = () => ({ operationId: operationId(), reason: "a test" });
const out = (url: string, types = ["topic.created"]) => ({ direction: "OUT", url, types });
const topic = (t: TestTenant, title = `Topic ${ulid()}`) => t.run(createTopic, { title });
const run = async (services: Services, t: TestTenant) => {
  await dispatchOutbox(services, t.id);
  return deliverDue(services, t.id);
};
const event = ({ body }: Message) => JSON.parse(body) as Record<string, unknown>;
const verify = (secret: string, { body, headers }: Message) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

const unmarked = defineQuery({
  name: "testUndispatched",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (e:Undispatched {tenantId: $tenantId}) RETURN count(e) AS count`,
  row: z.object({ count: z.number() }),
});
const setTenant = defineQuery({
  name: "testSetTenant",
  mode: "write",
  scope: "tenant",
  params: params<{ properties: object }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t += $properties`,
  row: noRow,
});

/** A process that dies before its nth write. */
function dyingAt({ graph }: Services, nth: number): Services["graph"] {
  let writes = 0;
  return new Proxy(graph, {
    get: (target, name) =>
      name === "write"
        ? (...args: Parameters<typeof target.write>) =>
            ++writes === nth ? Promise.reject(new Error("died")) : target.write(...args)
        : (Reflect.get(target, name) as unknown),
  });
}

/** What the decision log has of deliveries. */
async function denials(t: TestTenant) {
  const all = { allowed: false, rule: null, actor: null, capability: null, from: 0, to: Date.now() + HOUR };
  const { decisions } = await readPolicyDecisions(testGraph(), t.scope, all, { first: 500, before: null });
  return decisions.filter(({ command }) => command === "deliverEvent");
}

describe("an event", () => {
  it("reaches whoever listens as a signed CloudEvent, once, and nobody else", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const [there, other] = [await receiver(), await receiver()];
    const webhook = await buildWebhook(t, services, out(there.url));
    await buildWebhook(t, services, out(other.url, ["claim.*"]));
    const { topicId } = await topic(t, "Heat pumps");
    expect(await run(services, t)).toEqual({ delivered: 1, retried: 0, ended: 0 });
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 0 });
    const [message] = there.messages;
    expect(there.messages).toHaveLength(1);
    expect(other.messages).toEqual([]);
    const [told] = (await recordsOf(t.scope)).events.filter(({ type }) => type === "topic.created");
    expect(event(message!)).toEqual({
      specversion: "1.0",
      id: told!.id,
      source: `urn:throughline:tenant:${t.id}`,
      type: "topic.created",
      subject: topicId,
      time: new Date(Number(told!.at)).toISOString(),
      datacontenttype: "application/json",
      dataschema: "urn:throughline:event:topic.created:1",
      operationid: told!.operationId,
      data: {},
    });
    expect(message!.headers).toMatchObject({
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": told!.id,
    });
    expect(verify(webhook.secret, message!)).toMatchObject({ id: told!.id });
    expect(await testGraph().read(t.scope, unmarked, {})).toEqual([{ count: 0 }]);
    expect(await deliveriesOf(t)).toMatchObject([{ status: "DELIVERED", attempts: 1, webhookId: webhook.id }]);
  });

  it("is handed on once by many who dispatch, and sent once by many who deliver", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const there = await receiver((response) => void setTimeout(() => response.writeHead(200).end(), 20));
    await buildWebhook(t, services, out(there.url));
    for (let i = 0; i < 12; i++) await topic(t);
    await Promise.all(Array.from({ length: 4 }, () => dispatchOutbox(services, t.id)));
    expect(await deliveriesOf(t)).toHaveLength(12);
    const all = await Promise.all(Array.from({ length: 4 }, () => deliverDue(services, t.id)));
    expect(all.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(12);
    expect(there.messages).toHaveLength(12);
    expect(new Set(there.messages.map(({ headers }) => headers["webhook-id"])).size).toBe(12);
  });

  it("is sent again under its id when its sender died before it noted that", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const there = await receiver();
    await buildWebhook(t, services, out(there.url));
    await topic(t);
    await dispatchOutbox(services, t.id);
    // Fails where it would note what came of it.
    await expect(deliverDue({ ...services, graph: dyingAt(services, 2) }, t.id)).rejects.toThrow("died");
    expect(there.messages).toHaveLength(1);
    expect(await run(services, t)).toMatchObject({ delivered: 0 });
    clock.move(121_000);
    expect(await run(services, t)).toMatchObject({ delivered: 1 });
    expect(there.messages.map(({ headers }) => headers["webhook-id"])).toHaveLength(2);
    expect(there.messages[0]!.body).toBe(there.messages[1]!.body);
    expect(there.messages[0]!.headers["webhook-id"]).toBe(there.messages[1]!.headers["webhook-id"]);
  });

  it("stays within its tenant", async () => {
    const [a, b, services] = [await newTenant(), await newTenant(), webhookServices()];
    const there = await receiver();
    await buildWebhook(a, services, out(there.url, ["*"]));
    await run(services, a);
    const before = there.messages.length;
    await topic(b);
    await run(services, b);
    await run(services, a);
    expect(there.messages).toHaveLength(before);
    // The twin has a topic too; its events are its own.
    await topic(a);
    await dispatchOutbox(services, a.twinId);
    await deliverDue(services, a.twinId);
    expect(there.messages).toHaveLength(before);
  });
});

describe("a receiver that fails", () => {
  it("is tried ten times over three days, and its log says how", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const there = await receiver((response, _, count) => response.writeHead(count % 2 === 0 ? 500 : 302).end());
    await buildWebhook(t, services, out(there.url));
    await topic(t);
    const began = clock.now();
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 1, ended: 0 });
    const attempts = [0];
    while (attempts.length < 20) {
      const [{ nextAt }] = (await deliveriesOf(t)) as [{ nextAt?: number }];
      if (nextAt === undefined) break;
      // Not a moment before its time.
      clock.move(nextAt - clock.now() - 1);
      expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 0 });
      clock.move(1);
      await run(services, t);
      attempts.push(clock.now() - began);
    }
    expect(there.messages).toHaveLength(10);
    expect(attempts).toHaveLength(10);
    expect(attempts.at(-1)! / HOUR).toBeGreaterThan(2.6 * 24);
    expect(attempts.at(-1)! / HOUR).toBeLessThan(3.4 * 24);
    const [delivery] = await deliveriesOf(t);
    expect(delivery).toMatchObject({ status: "FAILED", attempts: 10 });
    const log = (delivery!.log as string[]).map((each) => JSON.parse(each) as Record<string, unknown>);
    expect(log.map(({ status }) => status)).toEqual([302, 500, 302, 500, 302, 500, 302, 500, 302, 500]);
    expect(log.map(({ at }) => Number(at) - began)).toEqual(attempts);
  });

  it("gets what it missed when it is back, or when somebody replays it", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const there = await receiver((response, _, count) => response.writeHead(count === 1 ? 503 : 200).end());
    await buildWebhook(t, services, out(there.url));
    await topic(t);
    await run(services, t);
    clock.move(6_000);
    expect(await run(services, t)).toMatchObject({ delivered: 1 });
    const [delivery] = await deliveriesOf(t);
    const replay = { deliveryId: `Delivery:${String(delivery!.id)}` };
    expect(await services.execute(replayDelivery, t.caller("operator"), { ...head(), ...replay })).toMatchObject({
      ok: true,
    });
    clock.move(60_000);
    expect(await run(services, t)).toMatchObject({ delivered: 1 });
    expect(new Set(there.messages.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(there.messages).toHaveLength(3);
  });

  it("that is gone for good is disabled, and whoever listens to that hears it", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const gone = await receiver((response) => response.writeHead(410).end());
    const watcher = await receiver();
    const webhook = await buildWebhook(t, services, out(gone.url));
    await buildWebhook(t, services, out(watcher.url, ["webhook.disabled"]));
    for (let i = 0; i < 3; i++) await topic(t);
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 3 });
    await topic(t);
    expect(await run(services, t)).toMatchObject({ delivered: 1 });
    expect(gone.messages.length).toBeLessThanOrEqual(3);
    expect(watcher.messages.map(event)).toMatchObject([
      { type: "webhook.disabled", subject: `Webhook:${webhook.id}`, data: { cause: "gone" } },
    ]);
    expect(
      (await recordsOf(t.scope)).audit.filter(
        ({ command, outcome }) => command === "disableWebhook" && outcome === "DONE",
      ),
    ).toMatchObject([{ actor: "system", capability: "webhook.write" }]);
  });

  it("that is gone again, for the same event, is disabled again", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const gone = await receiver((response) => response.writeHead(410).end());
    const { id } = await buildWebhook(t, services, out(gone.url));
    await topic(t);
    const disabled = async () =>
      (await recordsOf(t.scope)).audit.filter(({ command }) => command === "disableWebhook").length;
    await run(services, t);
    expect(await disabled()).toBe(1);
    const [delivery] = await deliveriesOf(t);
    const operator = t.caller("operator");
    for (const [command, input] of [
      [enableWebhook, { webhookId: `Webhook:${id}` }],
      [replayDelivery, { deliveryId: `Delivery:${String(delivery!.id)}` }],
    ] as const)
      expect(await services.execute(command as never, operator, { ...head(), ...input })).toMatchObject({ ok: true });
    await run(services, t);
    expect(gone.messages.length).toBe(2);
    expect(await disabled()).toBe(2);
  });

  it("isn't reached inside the house, whatever its registration says", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const inside = await receiver(undefined, "127.0.0.2");
    const caller = t.caller("operator");
    expect(await addWebhook(services, caller, { ...head(), title: "x", ...out(inside.url) })).toMatchObject({
      ok: false,
      secret: null,
      problems: [{ code: "BAD_INPUT", path: "url" }],
    });
    // Registered where that was allowed: what sends judges for itself.
    const lax = webhookServices({ reach: { ...LOOPBACK, networks: ["127.0.0.0/8"] } });
    await buildWebhook(t, lax, out(inside.url));
    await topic(t);
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 1, ended: 0 });
    expect(inside.messages).toEqual([]);
    const [{ log }] = (await deliveriesOf(t)) as [{ log: string[] }];
    expect(JSON.parse(log[0]!)).toMatchObject({ status: null, error: "address" });
    expect(
      await addWebhook(webhookServices({ reach: { networks: [], httpsOnly: true } }), caller, {
        ...head(),
        title: "x",
        ...out("http://public.example/"),
      }),
    ).toMatchObject({ ok: false, problems: [{ path: "url", message: "must begin with https://" }] });
  });
});

describe("what stops it", () => {
  it("is suspension, a region that isn't allowed any more, and disabling; nothing of it is lost but what was cancelled", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const there = await receiver();
    const webhook = await buildWebhook(t, services, out(there.url));
    const tenant = (properties: object) => testGraph().write(t.scope, (tx) => tx.run(setTenant, { properties }));
    await topic(t);
    await tenant({ status: "SUSPENDED" });
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 0 });
    await tenant({ status: "ACTIVE" });
    expect(await run(services, t)).toMatchObject({ delivered: 1 });

    await topic(t);
    await dispatchOutbox(services, t.id);
    const input = () => ({ ...head(), webhookId: `Webhook:${webhook.id}` });
    expect(await services.execute(disableWebhook, t.caller("operator"), input())).toMatchObject({ ok: true });
    expect(await deliverDue(services, t.id)).toEqual({ delivered: 0, retried: 0, ended: 1 });
    expect(await services.execute(enableWebhook, t.caller("operator"), input())).toMatchObject({ ok: true });
    expect(await run(services, t)).toMatchObject({ delivered: 0 });
    expect((await deliveriesOf(t)).map(({ status }) => status).sort()).toEqual(["CANCELLED", "DELIVERED"]);
    expect(there.messages).toHaveLength(1);

    await tenant({ allowedRegions: ["local", "far"] });
    const far = await receiver();
    await buildWebhook(t, services, { ...out(far.url), region: "far" });
    await topic(t);
    expect(await run(services, t)).toMatchObject({ delivered: 2 });
    await tenant({ allowedRegions: ["local"] });
    await topic(t);
    expect(await run(services, t)).toEqual({ delivered: 1, retried: 0, ended: 1 });
    expect([there.messages.length, far.messages.length]).toEqual([3, 1]);
  });

  it("is a region that isn't allowed any more for what waits as well, at its first try and at a later one", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const tenant = (properties: object) => testGraph().write(t.scope, (tx) => tx.run(setTenant, { properties }));
    await tenant({ allowedRegions: ["local", "far"] });
    const [near, far] = [await receiver(), await receiver((response) => response.writeHead(503).end())];
    await buildWebhook(t, services, { ...out(near.url), region: "local" });
    const { id } = await buildWebhook(t, services, { ...out(far.url), region: "far" });
    await topic(t);
    expect(await run(services, t)).toEqual({ delivered: 1, retried: 1, ended: 0 });
    expect(await denials(t)).toEqual([]);
    await topic(t);
    await dispatchOutbox(services, t.id);
    await tenant({ allowedRegions: ["local"] });
    clock.move(HOUR);
    expect(await deliverDue(services, t.id)).toEqual({ delivered: 1, retried: 0, ended: 2 });
    expect([near.messages.length, far.messages.length]).toEqual([2, 1]);
    await tenant({ allowedRegions: ["local", "far"] });
    clock.move(25 * HOUR);
    expect(await deliverDue(services, t.id)).toEqual({ delivered: 0, retried: 0, ended: 0 });
    const told = (await deliveriesOf(t)).map(({ status }) => status);
    expect(told.sort()).toEqual(["CANCELLED", "CANCELLED", "DELIVERED", "DELIVERED"]);
    // One decision for each, and whoever looks at the delivery sees why it ended.
    const ended = (await deliveriesOf(t)).filter(({ status }) => status === "CANCELLED");
    expect(ended.map(({ log }) => JSON.parse((log as string[]).at(-1)!) as object)).toEqual(
      ended.map(() => expect.objectContaining({ status: null, error: "region" })),
    );
    const noted = await denials(t);
    expect(noted.map(({ operationId: one }) => one).sort()).toEqual(
      ended.map(({ eventId }) => `webhook/${id}/deliver/${String(eventId)}`).sort(),
    );
    expect(noted).toEqual(
      noted.map(() => expect.objectContaining({ actor: "system", capability: "webhook.write", denied: ["residency"] })),
    );
    expect(JSON.parse(noted[0]!.decisionInput!)).toMatchObject({
      region: "far",
      tenant: { allowedRegions: ["local"] },
    });
    expect((await recordsOf(t.scope)).audit.filter(({ command }) => command === "deliverEvent")).toMatchObject(
      noted.map(() => ({ outcome: "REFUSED", unsealed: true, detail: expect.stringContaining("RESIDENCY") })),
    );
  });

  it("is a region that isn't allowed any more for what happens from then on, and again for who asks again", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const tenant = (properties: object) => testGraph().write(t.scope, (tx) => tx.run(setTenant, { properties }));
    await tenant({ allowedRegions: ["local", "far"] });
    const far = await receiver();
    await buildWebhook(t, services, { ...out(far.url), region: "far" });
    await tenant({ allowedRegions: ["local"] });
    await topic(t);
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 1 });
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 0 });
    expect(await denials(t)).toHaveLength(1);
    const replay = async () => {
      const [{ id }] = (await deliveriesOf(t)) as [{ id: string }];
      const asked = { ...head(), deliveryId: `Delivery:${id}` };
      expect(await services.execute(replayDelivery, t.caller("operator"), asked)).toMatchObject({ ok: true });
      clock.move(HOUR);
      return deliverDue(services, t.id);
    };
    expect(await replay()).toEqual({ delivered: 0, retried: 0, ended: 1 });
    expect(await denials(t)).toHaveLength(2);
    await tenant({ allowedRegions: ["local", "far"] });
    expect(await replay()).toEqual({ delivered: 1, retried: 0, ended: 0 });
    expect([far.messages.length, (await denials(t)).length]).toEqual([1, 2]);
  });

  it("is a process where the tenant doesn't allow it: what waits is tried later, and told once", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const tenant = (properties: object) => testGraph().write(t.scope, (tx) => tx.run(setTenant, { properties }));
    const there = await receiver();
    await tenant({ allowedRegions: ["local", "far"] });
    await buildWebhook(t, services, { ...out(there.url), region: "far" });
    await topic(t);
    // From then on no change is allowed here either.
    await tenant({ allowedRegions: ["far"] });
    expect(await run(services, t)).toEqual({ delivered: 0, retried: 1, ended: 0 });
    for (let hours = 0; hours < 12; hours++) {
      clock.move(HOUR);
      expect(await run(services, t)).toMatchObject({ delivered: 0, ended: 0 });
    }
    const [delivery] = await deliveriesOf(t);
    expect(delivery).toMatchObject({ status: "PENDING" });
    expect(Number(delivery!.attempts)).toBeGreaterThan(3);
    expect((await denials(t)).map(({ denied }) => denied)).toEqual([["residency"]]);
    expect(there.messages).toEqual([]);
    await tenant({ allowedRegions: ["local", "far"] });
    clock.move(12 * HOUR);
    expect(await run(services, t)).toEqual({ delivered: 1, retried: 0, ended: 0 });
    expect([there.messages.length, (await denials(t)).length]).toEqual([1, 1]);
  });

  it("is noted once by many who deliver, and by the next where one died before it could note it", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const tenant = (properties: object) => testGraph().write(t.scope, (tx) => tx.run(setTenant, { properties }));
    await tenant({ allowedRegions: ["local", "far"] });
    await buildWebhook(t, services, { ...out("https://far.example/"), region: "far" });
    for (let i = 0; i < 6; i++) await topic(t);
    await dispatchOutbox(services, t.id);
    await tenant({ allowedRegions: ["local"] });
    await expect(deliverDue({ ...services, graph: dyingAt(services, 2) }, t.id)).rejects.toThrow("died");
    expect(await denials(t)).toEqual([]);
    clock.move(121_000);
    const all = await Promise.all(Array.from({ length: 4 }, () => deliverDue(services, t.id)));
    expect(all.reduce((sum, { ended }) => sum + ended, 0)).toBe(6);
    expect(new Set((await denials(t)).map(({ operationId: one }) => one)).size).toBe(6);
    expect(await denials(t)).toHaveLength(6);
  });

  it(
    "is a kill switch that is set while they are under way: what isn't taken yet waits until it is lifted",
    { timeout: 120_000 },
    async () => {
      const [t, services] = [await newTenant(), webhookServices()];
      const brake = { ...head(), scope: "CAPABILITY", target: "webhook.write" };
      let set: ReturnType<typeof services.execute<unknown, { killSwitchId: string }>> | undefined;
      const there = await receiver((response) => {
        set ??= services.execute(setKillSwitch, t.caller("operator"), brake);
        void set.then(() => response.writeHead(204).end());
      });
      await buildWebhook(t, services, out(there.url));
      // More than are taken at a time.
      const editor = t.caller("editor");
      for (let i = 0; i < 45; i++)
        expect(await services.execute(createTopic, editor, { ...head(), title: `Topic ${i}` })).toMatchObject({
          ok: true,
        });
      expect(await run(services, t)).toEqual({ delivered: 40, retried: 0, ended: 0 });
      expect(await run(services, t)).toEqual({ delivered: 0, retried: 0, ended: 0 });
      expect(there.messages).toHaveLength(40);
      const waiting = (await deliveriesOf(t)).filter(({ status }) => status === "PENDING");
      expect(waiting.map(({ attempts, log }) => [attempts, log])).toEqual(Array.from({ length: 5 }, () => [0, []]));
      // Who set it has it in the log; that others wait for it is no denial.
      expect(await denials(t)).toEqual([]);
      const executed = await set!;
      if (!executed.ok) throw new Error(JSON.stringify(executed));
      const { killSwitchId } = executed.result;
      expect(await services.execute(liftKillSwitch, t.caller("operator"), { ...head(), killSwitchId })).toMatchObject({
        ok: true,
      });
      expect(await deliverDue(services, t.id)).toEqual({ delivered: 5, retried: 0, ended: 0 });
      expect(new Set(there.messages.map(({ headers }) => headers["webhook-id"])).size).toBe(45);
    },
  );

  it("is a region that the tenant doesn't allow, from the beginning", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const input = { ...head(), title: "Far away", ...out("https://far.example/"), region: "far" };
    expect(await addWebhook(services, t.caller("operator"), input)).toMatchObject({
      ok: false,
      problems: [{ code: "RESIDENCY", path: "region" }],
    });
    expect((await recordsOf(t.scope)).audit.filter(({ operationId: id }) => id === input.operationId)).toMatchObject([
      { outcome: "REFUSED", command: "createWebhook" },
    ]);
  });
});

describe("a webhook", () => {
  it("can be pinged, whatever it listens to, and nobody else hears it", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const [there, other] = [await receiver(), await receiver()];
    const { id } = await buildWebhook(t, services, out(there.url));
    await run(services, t);
    await buildWebhook(t, services, out(other.url, ["webhook.ping"]));
    const caller = t.caller("operator");
    expect(await services.execute(pingWebhook, caller, { ...head(), webhookId: `Webhook:${id}` })).toMatchObject({
      ok: true,
    });
    await run(services, t);
    expect(there.messages.map(event)).toMatchObject([{ type: "webhook.ping", subject: `Webhook:${id}` }]);
    expect(other.messages).toEqual([]);
  });

  it("that was deleted is not found, and its secrets are gone", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const { id } = await buildWebhook(t, services, out("https://a.example/"));
    const caller = t.caller("operator");
    const input = () => ({ ...head(), webhookId: `Webhook:${id}` });
    expect(await services.execute(deleteWebhook, caller, input())).toMatchObject({ ok: true });
    for (const command of [deleteWebhook, disableWebhook, enableWebhook, pingWebhook])
      expect(await services.execute(command, caller, input())).toMatchObject({
        ok: false,
        problems: [{ code: "NOT_FOUND" }],
      });
  });

  it("is told what is wrong with its registration, field by field", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const paths = async (input: object) => {
      const answer = await addWebhook(services, t.caller("operator"), { ...head(), title: "x", ...input });
      return answer.ok ? [] : answer.problems.map(({ path }) => path);
    };
    expect(await paths({ direction: "OUT", types: ["nothing.*"], url: "https://a.example/" })).toEqual(["types.0"]);
    expect(await paths({ direction: "OUT", types: ["*"] })).toEqual(["url"]);
    expect(await paths({ direction: "IN", types: ["topic.created"], principalId: t.adminId })).toEqual(["types.0"]);
    expect(await paths({ direction: "IN", types: ["kpi.reported"] })).toEqual(["principalId"]);
    // A person's rights aren't lent to a machine.
    expect(await paths({ direction: "IN", types: ["kpi.reported"], principalId: t.adminId })).toEqual(["principalId"]);
    expect(await paths({ direction: "OUT", types: ["*"], url: "https://a.example/", secret: "hunter2" })).toEqual([
      "secret",
    ]);
    expect(await paths({ direction: "OUT", types: ["*"], url: "https://a.example/" })).toEqual([]);
  });
});
