import { request as httpRequest, Agent } from "node:http";
import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renewSecret } from "../../server/domains/webhook/secret.service.js";
import { newSecret, signedHeaders } from "../../server/webhooks/signing.js";
import { startApi, type TestApi } from "../kit/api.js";
import { inParallel } from "../kit/plan.js";
import { seeded, type Random } from "../kit/random.js";
import { contentOf, recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import { buildService, buildWebhook, inboundOf, stageCompleted, type TestWebhook } from "../kit/webhooks.js";

/*
 * What an attacker sends who sees everything that goes over the wire, knows every id, holds secrets of their own and one that
 * was good yesterday, and lacks only the one that counts. Over HTTP, to two replicas on one database.
 */

const HOSTILE = 10_000;
const WIDTH = 24;
const SEED = 20_261_121;

interface Message {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

let replicas: [TestApi, TestApi];
const agent = new Agent({ keepAlive: true, maxSockets: WIDTH });
beforeAll(async () => {
  const first = await startApi();
  replicas = [first, await startApi({ THROUGHLINE_HOME: first.home })];
});
afterAll(async () => {
  agent.destroy();
  await Promise.all(replicas.map((api) => api.close()));
});

/** The status of the answer; what isn't even HTTP any more counts as refused. */
const send = ({ path, headers, body }: Message, replica: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(replicas[replica]!.url);
    const options = {
      hostname,
      port,
      path,
      method: "POST",
      agent,
      headers: { ...headers, "content-length": body.length },
    };
    httpRequest(options, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    })
      .on("error", reject)
      .end(body);
  });

interface World {
  readonly t: TestTenant;
  readonly webhook: TestWebhook;
  readonly sibling: TestWebhook;
  readonly stranger: TestTenant;
  readonly strangers: TestWebhook;
  /** A secret of the webhook's that was replaced twice. */
  readonly worn: string;
  /** The one that counts. */
  readonly secret: string;
}

async function makeWorld(): Promise<World> {
  const { services } = replicas[0];
  const build = async (t: TestTenant, principalId: string) =>
    buildWebhook(t, services, { direction: "IN", types: ["stage.completed"], principalId });
  const [t, stranger] = [await newTenant(), await newTenant()];
  const service = await buildService(t);
  const webhook = await build(t, service);
  const renew = async () => {
    const head = { operationId: operationId(), reason: "a test", webhookId: `Webhook:${webhook.id}` };
    return (await renewSecret(services, t.caller("operator"), head)).secret!;
  };
  await renew();
  return {
    t,
    webhook,
    sibling: await build(t, service),
    stranger,
    strangers: await build(stranger, await buildService(stranger)),
    worn: webhook.secret,
    secret: await renew(),
  };
}

const pathOf = (t: { readonly id: string }, webhook: { readonly id: string }) => `/webhooks/in/${t.id}/${webhook.id}`;
const text = (n: number) => JSON.stringify(stageCompleted({ run_id: `run-${n}` }));

function signed(w: World, n: number, options: { secret?: string; at?: number; id?: string } = {}): Message {
  const { secret = w.secret, at = Date.now(), id = `msg_${ulid()}` } = options;
  const body = text(n);
  return {
    path: pathOf(w.t, w.webhook),
    headers: { ...signedHeaders([secret], id, at, body) },
    body: Buffer.from(body),
  };
}

/** The message with one of its headers changed, and everything else as it was signed. */
const changed = (message: Message, name: string, change: (value: string) => string | string[]): Message => ({
  ...message,
  headers: { ...message.headers, [name]: change(String(message.headers[name])) },
});
const flipped = (body: Buffer, random: Random): Buffer => {
  const copy = Buffer.from(body);
  const at = random.below(copy.length);
  copy[at] = copy[at]! ^ (1 << random.below(7));
  return copy;
};

type Attack = (w: World, n: number, random: Random) => Message;

const FORGED: Attack[] = [
  (w, n) => signed(w, n, { secret: newSecret() }),
  (w, n) => signed(w, n, { secret: w.sibling.secret }),
  (w, n) => signed(w, n, { secret: w.strangers.secret }),
  (w, n) => signed(w, n, { secret: w.worn }),
  (w, n) => changed(signed(w, n), "webhook-signature", () => `v1,${newSecret().slice(6)}`),
  (w, n) => changed(signed(w, n), "webhook-signature", () => ""),
  (w, n) => changed(signed(w, n), "webhook-signature", () => "v1,"),
  (w, n) => changed(signed(w, n), "webhook-signature", (value) => value.replace("v1,", "v1a,")),
  (w, n) => changed(signed(w, n), "webhook-signature", (value) => value.slice(3)),
  (w, n) => changed(signed(w, n), "webhook-signature", () => "v1,".repeat(400)),
];
const LATE: Attack[] = [
  (w, n, random) => signed(w, n, { at: Date.now() - 301_000 - random.below(1_000_000) }),
  (w, n, random) => signed(w, n, { at: Date.now() - 3_600_000 * (1 + random.below(100_000)) }),
  (w, n, random) => signed(w, n, { at: Date.now() + 310_000 + random.below(100_000_000) }),
];
const TAMPERED: Attack[] = [
  (w, n, random) => ({ ...signed(w, n), body: flipped(Buffer.from(text(n)), random) }),
  (w, n) => ({ ...signed(w, n), body: Buffer.from(`${text(n)} `) }),
  (w, n) => ({ ...signed(w, n), body: Buffer.from(text(n).slice(0, -1)) }),
  (w, n) => ({ ...signed(w, n), body: Buffer.from(text(n + 1)) }),
  (w, n) => ({ ...signed(w, n), body: Buffer.alloc(0) }),
  (w, n) => ({ ...signed(w, n), body: Buffer.concat([Buffer.from("\u{FEFF}"), Buffer.from(text(n))]) }),
  (w, n) => changed(signed(w, n), "webhook-id", () => `msg_${ulid()}`),
  (w, n) => changed(signed(w, n), "webhook-id", (value) => [value, `msg_${ulid()}`]),
  (w, n) => changed(signed(w, n), "webhook-id", (value) => `${value}.1`),
  (w, n, random) =>
    changed(signed(w, n), "webhook-timestamp", (value) => String(Number(value) - 1 - random.below(290))),
  (w, n) => changed(signed(w, n), "webhook-timestamp", (value) => `${value}x`),
  (w, n, random) =>
    changed(signed(w, n), "webhook-signature", (value) => {
      // Any of the first 42 of 43 digits: each carries six bits of the hash.
      const at = 3 + random.below(42);
      return value.slice(0, at) + (value[at] === "A" ? "B" : "A") + value.slice(at + 1);
    }),
  // Signed, and sent somewhere else.
  (w, n) => ({ ...signed(w, n), path: pathOf(w.t, w.sibling) }),
  (w, n) => ({ ...signed(w, n), path: pathOf(w.stranger, w.strangers) }),
  (w, n) => ({ ...signed(w, n), path: pathOf(w.stranger, w.webhook) }),
  (w, n) => ({ ...signed(w, n), path: pathOf({ id: w.t.twinId }, w.webhook) }),
  (w, n) => ({ ...signed(w, n), path: pathOf({ id: w.t.id.toUpperCase() }, w.webhook) }),
  (w, n) => ({ ...signed(w, n), path: pathOf(w.t, { id: w.webhook.id.toLowerCase() }) }),
  (w, n) => ({ ...signed(w, n), path: pathOf({ id: "system" }, w.webhook) }),
];

/** Original messages, each accepted once and sent again and again. */
const ORIGINALS = 100;
const REPLAYS = 1_500;

describe("webhooks in", () => {
  it(`take none of ${HOSTILE} messages that were forged, late, tampered with or replayed`, async () => {
    const random = seeded(SEED);
    const w = await makeWorld();
    const counts = { forged: 2_800, late: 2_000, tampered: HOSTILE - 2_800 - 2_000 - REPLAYS, replayed: REPLAYS };
    const make = (attacks: readonly Attack[], count: number) =>
      Array.from({ length: count }, (_, i) => () => attacks[i % attacks.length]!(w, i, random));
    // Made when they are sent: a message is only late or not at that moment.
    const others = random.shuffle([
      ...make(FORGED, counts.forged),
      ...make(LATE, counts.late),
      ...make(TAMPERED, counts.tampered),
    ]);
    const before = { content: await contentOf(w.t.scope), stranger: await contentOf(w.stranger.scope) };
    const refused = await inParallel(others, WIDTH, (attack) => send(attack(), random.below(2)));
    const accepted = refused.filter((status) => status < 300).length;
    expect([...new Set(refused)].sort()).toEqual([401]);
    expect(await contentOf(w.t.scope)).toEqual(before.content);
    expect(await inboundOf(w.t)).toEqual([]);

    // The originals themselves go with their copies, to both replicas at once: of each exactly one is taken.
    const originals = Array.from({ length: ORIGINALS }, (_, n) => signed(w, n));
    const copies = Array.from({ length: ORIGINALS + REPLAYS }, (_, i) => originals[Math.floor(i / 16) % ORIGINALS]!);
    const answers = await inParallel(copies, WIDTH, (message) => send(message, random.below(2)));
    const taken = answers.filter((status) => status === 202).length;
    expect([...new Set(answers)].sort()).toEqual([202, 409]);
    const acceptedReplays = taken - ORIGINALS;
    expect(acceptedReplays).toBe(0);

    // What there is, is the originals'.
    const inbound = await inboundOf(w.t);
    expect(inbound.map(({ messageId }) => messageId).sort()).toEqual(
      originals.map(({ headers }) => headers["webhook-id"]).sort(),
    );
    const { events } = await recordsOf(w.t.scope);
    expect(events.filter(({ type }) => String(type).startsWith("inbound."))).toHaveLength(ORIGINALS);
    expect(await contentOf(w.stranger.scope)).toEqual(before.stranger);
    const total = others.length + REPLAYS;
    expect(total).toBe(HOSTILE);
    console.log(
      `webhooks-in: ${total} hostile (${Object.entries(counts)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", ")}), ${accepted + acceptedReplays} accepted`,
    );
  }, 600_000);
});
