import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { ulid } from "ulid";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { systemCaller } from "../../server/commands/caller.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { addWebhook, renewSecret } from "../../server/domains/webhook/secret.service.js";
import { resumeTenant, suspendTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { defineQuery, params } from "../../server/graph/query.js";
import type { Services } from "../../server/services.js";
import { deliverDue } from "../../server/webhooks/deliver.js";
import { dispatchOutbox } from "../../server/webhooks/dispatch.js";
import { createVault, type Vault } from "../../server/webhooks/vault.js";
import { testGraph } from "../kit/graph.js";
import { sha256 } from "../kit/import.js";
import { contentOf, recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import {
  buildService,
  buildWebhook,
  standingClock,
  startReceiver,
  webhookServices,
  type Message,
  type Receiver,
} from "../kit/webhooks.js";

/* Secrets of webhooks: answered once and kept sealed, renewed one by one, and sealed anew when their key is rotated under a running process. */

const [OLD, NEW, OTHER] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const running: Receiver[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

const HOUR = 60 * 60_000;
const out = (url: string, types = ["topic.created"]) => ({ direction: "OUT", url, types });
const head = () => ({ operationId: operationId(), reason: "a test" });
const listening = async () => {
  const started = await startReceiver();
  running.push(started);
  return started;
};

/** A process whose key can be changed. */
function rotatable(key = OLD): Services & { keys(present: Buffer, before?: Buffer): Vault } {
  let vault = createVault(key);
  const services = webhookServices({ vault: () => vault });
  return { ...services, keys: (present, before) => (vault = createVault(present, before)) };
}

const sealedQuery = defineQuery({
  name: "testSealed",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId}) RETURN w.secret AS secret, w.previousSecret AS before ORDER BY w.id`,
  row: z.object({ secret: z.string(), before: z.string().nullable() }),
});
const sealed = (t: TestTenant) => testGraph().read(t.scope, sealedQuery, {});

/** One go of the job, as the desk would begin it. */
const duty = (t: TestTenant) => {
  const name = `test/reseal/${ulid()}`;
  return {
    ...{ tenantId: t.id, scheduledAt: Date.now(), signal: new AbortController().signal },
    operationId: (part: string | number) => `${name}/${part}`,
    trouble: (error: unknown) => {
      throw error;
    },
  };
};
const send = async (services: Services, t: TestTenant) => {
  await t.run(createTopic, { title: `Topic ${ulid()}` });
  await dispatchOutbox(services, t.id);
  return deliverDue(services, t.id);
};
const isSigned = (secret: string, { body, headers }: Message) =>
  new Webhook(secret).verify(body, headers as Record<string, string>) !== undefined;

describe("a secret", () => {
  it("is answered once, lies sealed, and stands nowhere else", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const input = { ...head(), title: "One", ...out("https://a.example/") };
    const [first, again] = [
      await addWebhook(services, t.caller("operator"), input),
      await addWebhook(services, t.caller("operator"), input),
    ];
    expect(first.ok && again.ok && again.result.webhookId === first.result.webhookId).toBe(true);
    expect(first.secret).toMatch(/^whsec_/);
    expect(again).toMatchObject({ replayed: true, secret: null });
    expect(JSON.stringify(await recordsOf(t.scope))).not.toContain(first.secret!.slice(6, 40));
  });

  it("that was given makes the operation: another under its id is refused, and the first goes on counting", async () => {
    const [t, services] = [await newTenant(), webhookServices()];
    const given = () => `whsec_${randomBytes(32).toString("base64")}`;
    const [ours, other] = [given(), given()];
    const service = await buildService(t);
    const made = {
      ...head(),
      ...{ title: "One", direction: "IN", types: ["stage.completed"], principalId: service, secret: ours },
    };
    const first = await addWebhook(services, t.caller("operator"), made);
    expect(first).toMatchObject({ ok: true, replayed: false, secret: ours });
    if (!first.ok) return;
    expect(await addWebhook(services, t.caller("operator"), made)).toMatchObject({ replayed: true, secret: null });
    const reused = { ok: false, secret: null, problems: [{ code: "OPERATION_ID_REUSED", path: "operationId" }] };
    for (const secret of [other, undefined])
      expect(await addWebhook(services, t.caller("operator"), { ...made, secret })).toMatchObject(reused);
    const renewed = { ...head(), webhookId: first.result.webhookId, secret: other };
    expect(await renewSecret(services, t.caller("operator"), renewed)).toMatchObject({ replayed: false });
    expect(await renewSecret(services, t.caller("operator"), renewed)).toMatchObject({ replayed: true, secret: null });
    for (const secret of [ours, given(), undefined])
      expect(await renewSecret(services, t.caller("operator"), { ...renewed, secret })).toMatchObject(reused);
    // What stands of it tells nobody a secret that they could try.
    const text = JSON.stringify([await recordsOf(t.scope), await contentOf(t.scope)]);
    for (const secret of [ours, other]) {
      expect(text).not.toContain(secret.slice(6, 40));
      expect(text).not.toContain(sha256(secret));
    }
    expect(text).not.toContain("fingerprint");
  });

  it("counts beside the new one for a day, and the one before it no more", async () => {
    const clock = standingClock();
    const [t, services] = [await newTenant(), webhookServices({ clock })];
    const there = await listening();
    const { id, secret } = await buildWebhook(t, services, out(there.url));
    const renew = async () =>
      (await renewSecret(services, t.caller("operator"), { ...head(), webhookId: `Webhook:${id}` })).secret!;
    const second = await renew();
    await send(services, t);
    expect(isSigned(secret, there.messages[0]!)).toBe(true);
    expect(isSigned(second, there.messages[0]!)).toBe(true);
    const third = await renew();
    await send(services, t);
    expect(() => isSigned(secret, there.messages[1]!)).toThrow("No matching signature");
    expect(isSigned(second, there.messages[1]!)).toBe(true);
    expect(isSigned(third, there.messages[1]!)).toBe(true);
    clock.move(25 * HOUR);
    await send(services, t);
    // The receiver's library looks at its own clock: the text alone is compared.
    expect(there.messages[2]!.headers["webhook-signature"]).not.toContain(" ");
  });
});

describe("when the key of secrets is rotated", () => {
  it("what it sealed goes on counting, the job seals it anew, and then the old key can go", async () => {
    const [t, services, there] = [await newTenant(), rotatable(), await listening()];
    const one = await buildWebhook(t, services, out(there.url));
    const two = await buildWebhook(t, services, out(there.url));
    const renewed = await renewSecret(services, t.caller("operator"), { ...head(), webhookId: `Webhook:${two.id}` });
    expect(await services.duties.countToReseal(duty(t))).toBe(0);

    const vault = services.keys(NEW, OLD);
    expect(await services.duties.countToReseal(duty(t))).toBe(2);
    expect(await send(services, t)).toEqual({ delivered: 2, retried: 0, ended: 0 });
    const run = duty(t);
    expect(await services.duties.resealWebhooks(run)).toBe(2);
    // A second go of the same run, and the next run.
    expect(await services.duties.resealWebhooks(run)).toBe(0);
    expect(await services.duties.resealWebhooks(duty(t))).toBe(0);
    const texts = (await sealed(t)).flatMap(({ secret, before }) => [secret, ...(before === null ? [] : [before])]);
    expect(texts).toHaveLength(3);
    expect(texts.every((text) => text.startsWith(vault.mark))).toBe(true);

    services.keys(NEW);
    expect(await send(services, t)).toEqual({ delivered: 2, retried: 0, ended: 0 });
    // The secrets are those that their receivers know: the old one of a webhook that was given a new one too.
    const known = [one.secret, two.secret, renewed.secret!];
    const fits = (secret: string) =>
      there.messages.filter((message) => {
        try {
          return isSigned(secret, message);
        } catch {
          return false;
        }
      }).length;
    expect(known.map(fits)).toEqual([2, 2, 2]);

    const { audit, events } = await recordsOf(t.scope);
    const done = audit.filter(({ command }) => command === "resealWebhook");
    expect(done).toMatchObject([0, 1].map(() => ({ outcome: "DONE", actor: "system" })));
    expect(events.filter(({ type }) => type === "webhook.resealed").map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([`Webhook:${one.id}`, `Webhook:${two.id}`]),
    );
    const text = JSON.stringify([await recordsOf(t.scope), await contentOf(t.scope)]);
    for (const secret of known) expect(text).not.toContain(secret.slice(6, 40));
  });

  it("what no key here opens is left as it is, and keeps no other waiting", async () => {
    const [t, services, there] = [await newTenant(), rotatable(), await listening()];
    const lost = await buildWebhook(t, services, out(there.url));
    services.keys(OTHER);
    const found = await buildWebhook(t, services, out(there.url));
    services.keys(NEW, OTHER);
    expect(await services.duties.countToReseal(duty(t))).toBe(1);
    expect(await services.duties.resealWebhooks(duty(t))).toBe(1);
    expect(await services.duties.countToReseal(duty(t))).toBe(0);
    expect(await send(services, t)).toEqual({ delivered: 1, retried: 1, ended: 0 });
    expect(there.messages.map((message) => isSigned(found.secret, message))).toEqual([true]);
    // Whose key is lost is mended by a new secret.
    expect(
      await renewSecret(services, t.caller("operator"), { ...head(), webhookId: `Webhook:${lost.id}` }),
    ).toMatchObject({ ok: true });
    expect(await send(services, t)).toEqual({ delivered: 2, retried: 0, ended: 0 });
  });

  it("a secret that was renewed meanwhile isn't written over", async () => {
    const [t, services, there] = [await newTenant(), rotatable(), await listening()];
    const { id } = await buildWebhook(t, services, out(there.url));
    services.keys(NEW, OLD);
    // Between what the job read and what it writes, twice, so that nothing of what it read stands any more.
    let renewed: string | null = null;
    const execute: Services["execute"] = async (command, caller, input) => {
      if (command.name === "resealWebhook")
        for (let i = 0; i < 2; i++)
          renewed = (await renewSecret(services, t.caller("operator"), { ...head(), webhookId: `Webhook:${id}` }))
            .secret;
      return services.execute(command, caller, input);
    };
    const { reseal } = await import("../../server/webhooks/reseal.js");
    const done = await reseal({ ...services, execute }, t.id, () => operationId());
    expect(done).toMatchObject([{ ok: false, problems: [{ code: "CONFLICT", path: "seals" }] }]);
    expect(await send(services, t)).toMatchObject({ delivered: 1 });
    expect(isSigned(renewed!, there.messages[0]!)).toBe(true);
  });

  it("a tenant that takes no changes is sealed anew once it does, and until then the old key is needed", async () => {
    const [t, services] = [await newTenant(), rotatable()];
    await buildWebhook(t, services, out("https://a.example/"));
    const become = async (command: typeof suspendTenant) => {
      const input = { ...head(), tenantId: `Tenant:${t.id}` };
      expect(await services.execute(command, systemCaller(t.id), input)).toMatchObject({ ok: true });
    };
    await become(suspendTenant);
    services.keys(NEW, OLD);
    expect(await services.duties.resealWebhooks(duty(t))).toBe(0);
    expect(await services.duties.countToReseal(duty(t))).toBe(1);
    await become(resumeTenant);
    expect(await services.duties.resealWebhooks(duty(t))).toBe(1);
    expect(await services.duties.countToReseal(duty(t))).toBe(0);
  });

  it("an operation that gave its secret before isn't known by it any more: it is refused, and nothing is changed", async () => {
    const [t, services] = [await newTenant(), rotatable()];
    const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
    const input = { ...head(), title: "One", ...out("https://a.example/"), secret };
    expect(await addWebhook(services, t.caller("operator"), input)).toMatchObject({ ok: true, replayed: false });
    services.keys(NEW, OLD);
    const before = await sealed(t);
    expect(await addWebhook(services, t.caller("operator"), input)).toMatchObject({
      ok: false,
      secret: null,
      problems: [{ code: "OPERATION_ID_REUSED", path: "operationId" }],
    });
    expect(await sealed(t)).toEqual(before);
  });
});
