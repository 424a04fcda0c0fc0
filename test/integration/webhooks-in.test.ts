import { pino } from "pino";
import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { liftKillSwitch, setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { grantRole } from "../../server/domains/principal/role.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { renewSecret } from "../../server/domains/webhook/secret.service.js";
import { disableWebhook } from "../../server/webhooks/disable.command.js";
import { deliverDue } from "../../server/webhooks/deliver.js";
import { dispatchOutbox } from "../../server/webhooks/dispatch.js";
import { signedHeaders, type SignedHeaders } from "../../server/webhooks/signing.js";
import { startApi, type TestApi } from "../kit/api.js";
import { done, nodeNow } from "../kit/approvals.js";
import { buildChain, buildEpisode, buildSource } from "../kit/build.js";
import { contentOf, recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";
import {
  buildService,
  buildWebhook,
  inboundOf,
  stageCompleted,
  startReceiver,
  type TestWebhook,
} from "../kit/webhooks.js";

/*
 * What others report, over the real server. Two of them stand on one database, as replicas do.
 */

let api: TestApi;
let replica: TestApi;
beforeAll(async () => {
  api = await startApi({ THROUGHLINE_WEBHOOK_NETWORKS: "127.0.0.1/32" });
  replica = await startApi({ THROUGHLINE_HOME: api.home });
});
afterAll(() => Promise.all([api.close(), replica.close()]));

interface Studio {
  readonly t: TestTenant;
  readonly webhook: TestWebhook;
  /** Whom its events count as. */
  readonly service: string;
}
const ALL = ["stage.completed", "stage.failed", "episode.external_status", "kpi.reported", "source.changed"];

async function studio(types = ALL, roles?: readonly string[]): Promise<Studio> {
  const t = await newTenant();
  const principalId = await buildService(t, roles);
  const webhook = await buildWebhook(t, api.services, { direction: "IN", types, principalId });
  return { t, webhook, service: principalId };
}

interface Sent {
  readonly status: number;
  readonly body: { status?: string; problems?: { code: string; path: string }[]; error?: { message: string } };
}

async function send(
  { t, webhook }: Studio,
  body: object | string,
  options: { id?: string; secret?: string; at?: number; headers?: Partial<SignedHeaders>; url?: string } = {},
): Promise<Sent> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { id = `msg_${ulid()}`, secret = webhook.secret, at = Date.now(), url = api.url } = options;
  const answer = await fetch(`${url}/webhooks/in/${t.id}/${webhook.id}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signedHeaders([secret], id, at, text), ...options.headers },
    body: text,
  });
  return { status: answer.status, body: (await answer.json()) as Sent["body"] };
}

const sourceChanged = (source: string, change: string) => ({
  specversion: "1.0",
  id: "7",
  source: "//watcher.example",
  type: "source.changed",
  data: { source, change, at: "2026-11-21T06:00:00Z" },
});
const statusOf = async (t: TestTenant, id: string) =>
  (await api.ask(t.id, `query($id: ID!) { node(id: $id) { ... on Source { status version } } }`, { id })).data
    .node as object;

describe("a signed event", () => {
  it("is taken once, has its effect as the webhook's principal, and is told on", async () => {
    const one = await studio();
    const sourceId = await buildSource(one.t, { url: "https://publisher.example/changed" });
    const id = `msg_${ulid()}`;
    const body = sourceChanged(sourceId, "content");
    expect(await send(one, body, { id })).toMatchObject({ status: 202, body: { status: "accepted", problems: [] } });
    expect(await statusOf(one.t, sourceId)).toEqual({ status: "STALE", version: 2 });
    const { audit, events } = await recordsOf(one.t.scope);
    const operation = `webhook/${one.webhook.id}/${id}`;
    expect(audit.filter((entry) => entry.operationId === operation)).toMatchObject([
      { outcome: "DONE", command: "receiveEvent", capability: "event.receive", actor: "orchestrator" },
    ]);
    const told = events.filter((event) => event.operationId === operation);
    expect(told).toMatchObject([{ type: "inbound.source.changed", subject: sourceId }]);
    expect(JSON.parse(String(told[0]!.data))).toEqual(body.data);
    expect(await inboundOf(one.t)).toMatchObject([{ messageId: id, type: "source.changed", status: "ACCEPTED" }]);
  });

  it("is refused when it comes again: here, on another replica, with another body, and all at once", async () => {
    const one = await studio();
    const id = `msg_${ulid()}`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        send(one, stageCompleted(), { id, at: Date.now(), url: i % 2 === 0 ? api.url : replica.url }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 7 }, () => 409)]);
    expect(await send(one, stageCompleted({ run_id: "other" }), { id })).toMatchObject({
      status: 409,
      body: { status: "duplicate" },
    });
    expect(await inboundOf(one.t)).toHaveLength(1);
    expect(
      (await recordsOf(one.t.scope)).events.filter(({ type }) => String(type).startsWith("inbound.")),
    ).toHaveLength(1);
  });

  it("finds its operation untaken: nobody else may take an id that the door makes", async () => {
    const one = await studio();
    const id = `msg_${ulid()}`;
    const create = `mutation($input: CreateTopicInput!) { createTopic(input: $input) { topic { id } problems { code path } } }`;
    const input = { operationId: `webhook/${one.webhook.id}/${id}`, reason: "a test", title: "In its way" };
    expect((await api.ask(one.t.id, create, { input }, ["editor"])).data.createTopic).toEqual({
      topic: null,
      problems: [{ code: "BAD_INPUT", path: "operationId" }],
    });
    expect(await send(one, stageCompleted(), { id })).toMatchObject({ status: 202 });
  });

  it("does to a source what was seen, and never makes it better than it was", async () => {
    const one = await studio();
    const sourceId = await buildSource(one.t, { url: "https://publisher.example/story?b=2&a=1" });
    const address = "https://Publisher.example/story?a=1&b=2&utm_source=mail#top";
    for (const [change, status, version] of [
      ["content", "STALE", 2],
      ["retracted", "STALE", 2],
      ["gone", "DEAD", 3],
      ["retracted", "DEAD", 3],
      ["content", "DEAD", 3],
    ] as const) {
      expect(await send(one, sourceChanged(address, change))).toMatchObject({ status: 202 });
      expect(await statusOf(one.t, sourceId)).toEqual({ status, version });
    }
    const retracted = await buildSource(one.t, { status: "RETRACTED" });
    for (const change of ["content", "gone", "retracted"]) {
      expect(await send(one, sourceChanged(retracted, change))).toMatchObject({ status: 202 });
      expect(await statusOf(one.t, retracted)).toEqual({ status: "RETRACTED", version: 1 });
    }
  });

  it("retracts no source, which needs its approval: it is stale, what stands on it needs a check, and people propose", async () => {
    const one = await studio();
    const { claim, source } = await buildChain(one.t);
    const id = `msg_${ulid()}`;
    const body = sourceChanged(source, "retracted");
    expect(await send(one, body, { id })).toMatchObject({ status: 202 });
    expect(await statusOf(one.t, source)).toEqual({ status: "STALE", version: 2 });
    const marked = await nodeNow(one.t, "Claim", claim);
    expect(marked).toMatchObject({ status: "NEEDS_RECHECK" });
    expect(marked.recheckReason).toMatch(/was reported as retracted/);
    const told = (await recordsOf(one.t.scope)).events.filter(
      (event) => event.operationId === `webhook/${one.webhook.id}/${id}`,
    );
    expect(told.map(({ type }) => type)).toEqual(["inbound.source.changed"]);
    expect(JSON.parse(String(told[0]!.data))).toEqual(body.data);
    // Of a source that was stale before it is news as well, and so is another change: what was checked meanwhile needs another check.
    const analyst = one.t.person("ana", "analyst");
    for (const change of ["retracted", "content"]) {
      await done(setClaimStatus, analyst, { claimId: claim, status: "STATED" });
      expect(await send(one, sourceChanged(source, change))).toMatchObject({ status: 202 });
      expect(await nodeNow(one.t, "Claim", claim)).toMatchObject({ status: "NEEDS_RECHECK" });
    }
    expect(await statusOf(one.t, source)).toEqual({ status: "STALE", version: 2 });
    await done(propose, analyst, { action: "retractSource", subjectId: source });
    expect(await statusOf(one.t, source)).toEqual({ status: "STALE", version: 2 });
  });

  it("about an episode or a figure changes neither, and is there to be listened to", async () => {
    const one = await studio();
    const episode = await buildEpisode(one.t);
    const at = "2026-11-21T06:00:00Z";
    const status = { episode_id: episode, platform: "videos", status: "removed", at };
    const kpi = { subject_id: one.t.channelId, metric: "views", value: 1_200, unit: "count", from: at, to: at };
    const before = await contentOf(one.t.scope);
    expect(await send(one, { type: "episode.external_status", data: status })).toMatchObject({ status: 202 });
    expect(await send(one, { type: "kpi.reported", data: kpi })).toMatchObject({ status: 202 });
    const after = await contentOf(one.t.scope);
    const others = (rows: typeof before) =>
      rows.filter(({ label }) => label !== "InboundEvent" && label !== "KpiRecord");
    expect(others(after)).toEqual(others(before));
    expect(after.filter(({ label }) => label === "KpiRecord")).toHaveLength(1);
    const told = (await recordsOf(one.t.scope)).events.filter(({ type }) => String(type).startsWith("inbound."));
    expect(told).toMatchObject([
      { type: "inbound.episode.external_status", subject: episode },
      { type: "inbound.kpi.reported", subject: one.t.channelId },
    ]);
  });
});

describe("an event that doesn't fit", () => {
  it("is recorded, told what is wrong, and does nothing else", async () => {
    const one = await studio(["source.changed", "kpi.reported"]);
    const stranger = await newTenant();
    const [mine, theirs] = [await buildSource(one.t), await buildSource(stranger)];
    const at = "2026-11-21T06:00:00Z";
    const kpi = { subject_id: stranger.channelId, metric: "views", value: 1, unit: "count", from: at, to: at };
    const cases: [object | string, string][] = [
      [{ type: "nothing.known", data: {} }, "type"],
      [stageCompleted(), "type"],
      [sourceChanged(mine, "improved"), "data.change"],
      [sourceChanged(theirs, "gone"), "data"],
      [sourceChanged(`Source:${ulid()}`, "gone"), "data"],
      [sourceChanged("https://nobody.example/", "gone"), "data"],
      [{ type: "kpi.reported", data: kpi }, "data"],
      [{ type: "source.changed" }, "data"],
      ["no json", "type"],
      ["", "type"],
      ["[]", "type"],
      ["null", "type"],
      [`{"type":"__proto__","data":{}}`, "type"],
    ];
    const before = await recordsOf(one.t.scope);
    for (const [body, path] of cases) {
      const answer = await send(one, body);
      expect(answer, JSON.stringify(body)).toMatchObject({ status: 422, body: { status: "refused" } });
      expect(answer.body.problems!.map((problem) => problem.path)[0], JSON.stringify(body)).toBe(path);
    }
    const after = await recordsOf(one.t.scope);
    expect(after.events).toEqual(before.events);
    expect(await statusOf(one.t, mine)).toEqual({ status: "ACTIVE", version: 1 });
    const recorded = await inboundOf(one.t);
    expect(recorded).toHaveLength(cases.length);
    expect(recorded.every(({ status, data }) => status === "REFUSED" && data === undefined)).toBe(true);
    // Another studio's is as good as none: the words are the same.
    const problems = recorded.map((row) => String(row.problems)).filter((text) => text.includes("NOT_FOUND"));
    expect(problems).toHaveLength(4);
    expect(new Set(problems).size).toBe(1);
  });

  it("is seen by whoever runs webhooks, page by page, and by nobody else", async () => {
    const one = await studio();
    for (let i = 0; i < 5; i++) await send(one, i % 2 === 0 ? stageCompleted() : { type: "x" }, { id: `msg_${i}` });
    const document = `query($id: ID!, $after: String) {
      inboundEvents(webhookId: $id, first: 2, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { messageId status type problems { path } } } } }`;
    const id = `Webhook:${one.webhook.id}`;
    const seen: { messageId: string; status: string }[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data } = await api.ask(one.t.id, document, { id, after }, ["operator"]);
      expect(data.inboundEvents.totalCount).toBe(5);
      seen.push(...data.inboundEvents.edges.map(({ node }: { node: (typeof seen)[0] }) => node));
      ({ endCursor: after, hasNextPage: more } = data.inboundEvents.pageInfo);
    }
    expect(seen.map(({ messageId }) => messageId)).toEqual(["msg_4", "msg_3", "msg_2", "msg_1", "msg_0"]);
    expect(seen.map(({ status }) => status)).toEqual(["ACCEPTED", "REFUSED", "ACCEPTED", "REFUSED", "ACCEPTED"]);
    const denied = await api.ask(one.t.id, document, { id }, ["analyst"]);
    expect(denied).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
    const stranger = await newTenant();
    expect((await api.ask(stranger.id, document, { id }, ["operator"])).data.inboundEvents.edges).toEqual([]);
  });
});

describe("who may report", () => {
  it("is a principal whose roles may, at that moment, and a denial may pass on a later try", async () => {
    const one = await studio(ALL, ["executive"]);
    const id = `msg_${ulid()}`;
    expect(await send(one, stageCompleted(), { id })).toMatchObject({
      status: 403,
      body: { status: "denied", problems: [{ code: "FORBIDDEN" }] },
    });
    expect(await inboundOf(one.t)).toEqual([]);
    const audit = (await recordsOf(one.t.scope)).audit.filter(({ command }) => command === "receiveEvent");
    expect(audit).toMatchObject([{ outcome: "REFUSED", actor: "orchestrator", denied: ["role"] }]);
    const agent = { key: "orchestrator", name: "The orchestrator", kind: "SERVICE", roles: ["agent"] };
    await one.t.run(registerPrincipal, agent);
    expect(await send(one, stageCompleted(), { id })).toMatchObject({ status: 202 });
  });

  it("is held to its channels, and stopped by a switch of theirs, like whoever changes something of them", async () => {
    const one = await studio();
    const { t } = one;
    const { channelId } = await t.run(createChannel, { title: "Another", platform: "video", ownerId: t.adminId });
    const [ours, other] = [await buildEpisode(t), await buildEpisode(t, { channelId })];
    await t.run(grantRole, { principalId: one.service, role: "agent", channelIds: [t.channelId] });
    const at = "2026-11-21T06:00:00Z";
    const published = (episode_id: string) => ({
      type: "episode.external_status",
      data: { episode_id, platform: "video", status: "public", at },
    });
    const watched = (subject_id: string) => ({
      type: "kpi.reported",
      data: { subject_id, metric: "views", value: 7, unit: "count", from: at, to: at },
    });
    for (const body of [published(ours), watched(ours), watched(t.channelId), stageCompleted()])
      expect(await send(one, body), JSON.stringify(body)).toMatchObject({ status: 202 });
    const before = (await inboundOf(t)).length;
    for (const body of [published(other), watched(other), watched(channelId)])
      expect(await send(one, body), JSON.stringify(body)).toMatchObject({
        status: 403,
        body: { problems: [{ code: "FORBIDDEN" }] },
      });
    const { killSwitchId } = await t.run(setKillSwitch, { scope: "CHANNEL", target: t.channelId });
    expect(await send(one, watched(ours))).toMatchObject({
      status: 403,
      body: { problems: [{ code: "KILL_SWITCH" }] },
    });
    expect(await send(one, stageCompleted())).toMatchObject({ status: 202 });
    expect(await inboundOf(t)).toHaveLength(before + 1);
    await t.run(liftKillSwitch, { killSwitchId });
    expect(await send(one, watched(ours))).toMatchObject({ status: 202 });
    // What isn't of its shape, or isn't there, is told so.
    expect(await send(one, { type: "kpi.reported", data: { subject_id: 7 } })).toMatchObject({ status: 422 });
    expect(await send(one, published(`Episode:${ulid()}`))).toMatchObject({ status: 422 });
  });

  it("is nobody while the webhook is disabled, and only who can sign hears of that", async () => {
    const one = await studio();
    const input = { operationId: operationId(), reason: "a test", webhookId: `Webhook:${one.webhook.id}` };
    await api.services.execute(disableWebhook, one.t.caller("operator"), input);
    expect(await send(one, stageCompleted())).toMatchObject({ status: 410, body: { status: "disabled" } });
    expect(await send(one, stageCompleted(), { secret: `whsec_${"A".repeat(32)}` })).toMatchObject({ status: 401 });
    expect(await inboundOf(one.t)).toEqual([]);
  });

  it("is whoever holds one of two secrets while they are changed", async () => {
    const one = await studio();
    const renew = async () => {
      const head = { operationId: operationId(), reason: "a test", webhookId: `Webhook:${one.webhook.id}` };
      return (await renewSecret(api.services, one.t.caller("operator"), head)).secret!;
    };
    const second = await renew();
    expect(await send(one, stageCompleted())).toMatchObject({ status: 202 });
    expect(await send(one, stageCompleted(), { secret: second })).toMatchObject({ status: 202 });
    const third = await renew();
    expect(await send(one, stageCompleted())).toMatchObject({ status: 401 });
    expect(await send(one, stageCompleted(), { secret: second })).toMatchObject({ status: 202 });
    expect(await send(one, stageCompleted(), { secret: third })).toMatchObject({ status: 202 });
  });

  it("is checked by nobody without the key of the secrets: a 503, a line in the log, and a later try passes", async () => {
    const one = await studio();
    const lines: string[] = [];
    const log = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
    const stranger = await startApi({}, { log });
    try {
      const id = `msg_${ulid()}`;
      const answer = await send(one, stageCompleted(), { id, url: stranger.url });
      expect(answer).toMatchObject({ status: 503, body: { error: { code: "UNAVAILABLE" } } });
      expect(JSON.stringify(answer.body)).not.toContain(one.webhook.id);
      const told = lines.filter((line) => line.includes(one.webhook.id));
      expect(told.join("\n")).toMatch(/can't be opened.*keys\/webhook\.key/);
      expect(told.join("\n")).not.toContain(one.webhook.secret.slice(6));
      expect(await inboundOf(one.t)).toEqual([]);
      expect(await send(one, stageCompleted(), { id })).toMatchObject({ status: 202 });
    } finally {
      await stranger.close();
    }
  });

  it("brings no more than the limit", async () => {
    const one = await studio();
    const answer = await send(one, stageCompleted({ output_url: `https://a.example/${"x".repeat(64_000)}` }));
    expect(answer.status).toBe(413);
  });
});

describe("by GraphQL", () => {
  it("a webhook is made with its secret once, listed without, and run by nobody but operators", async () => {
    const t = await newTenant();
    const create = `mutation($input: CreateWebhookInput!) { createWebhook(input: $input) {
      secret replayed problems { code path } webhook { id path direction status types principal createdBy } } }`;
    const input = {
      operationId: operationId(),
      reason: "a test",
      direction: "IN",
      title: "The orchestrator",
      types: ["stage.completed"],
      principalId: await buildService(t),
    };
    expect(await api.ask(t.id, create, { input }, ["editor"])).toMatchObject({
      data: { createWebhook: { secret: null, webhook: null, problems: [{ code: "FORBIDDEN" }] } },
    });
    const { data } = await api.ask(t.id, create, { input }, ["operator"]);
    const { webhook, secret } = data.createWebhook;
    expect(secret).toMatch(/^whsec_/);
    expect(webhook).toMatchObject({
      direction: "IN",
      status: "ACTIVE",
      principal: "orchestrator",
      createdBy: "tester",
    });
    const text = JSON.stringify(stageCompleted());
    const answer = await fetch(api.url + webhook.path, {
      method: "POST",
      headers: { ...signedHeaders([secret], "msg_1", Date.now(), text) },
      body: text,
    });
    expect(answer.status).toBe(202);
    const listed = await api.ask(t.id, `{ webhooks { id path status } }`, {}, ["operator"]);
    expect(listed.data.webhooks).toEqual([{ id: webhook.id, path: webhook.path, status: "ACTIVE" }]);
    expect(await api.ask(t.id, `{ webhooks { id } }`)).toMatchObject({
      errors: [{ extensions: { code: "FORBIDDEN" } }],
    });
    expect((await api.ask((await newTenant()).id, `{ webhooks { id } }`, {}, ["operator"])).data.webhooks).toEqual([]);
  });

  it("a webhook out is run from its making to its end, and its log tells what was sent", async () => {
    const t = await newTenant();
    const there = await startReceiver((response, _, count) => response.writeHead(count === 1 ? 410 : 204).end());
    const mutate = async (name: string, type: string, input: object) => {
      const document = `mutation($input: ${type}!) { ${name}(input: $input) { problems { code path } webhook { id status disabledCause } } }`;
      const given = { operationId: operationId(), reason: "a test", ...input };
      return (await api.ask(t.id, document, { input: given }, ["operator"])).data[name];
    };
    const run = async () => {
      await dispatchOutbox(api.services, t.id);
      return deliverDue(api.services, t.id);
    };
    const out = { direction: "OUT", title: "A receiver", types: ["topic.*"], url: there.url };
    const { webhook } = await mutate("createWebhook", "CreateWebhookInput", out);
    const one = { webhookId: webhook.id as string };
    await mutate("pingWebhook", "WebhookInput", one);
    expect(await run()).toEqual({ delivered: 0, retried: 0, ended: 1 });
    const document = `query($id: ID!) { webhookDeliveries(webhookId: $id) { totalCount edges { node {
      id eventId type status attempts nextAt log { status error } } } } }`;
    const log = async () => (await api.ask(t.id, document, { id: webhook.id }, ["operator"])).data.webhookDeliveries;
    const [{ node }] = (await log()).edges;
    expect(node).toMatchObject({ type: "webhook.ping", status: "FAILED", attempts: 1, nextAt: null });
    expect(node.log).toEqual([{ status: 410, error: null }]);
    expect(node.eventId).toBe(there.messages[0]!.headers["webhook-id"]);

    expect(await mutate("disableWebhook", "WebhookInput", one)).toMatchObject({ problems: [{ code: "CONFLICT" }] });
    expect(await mutate("enableWebhook", "WebhookInput", one)).toMatchObject({ webhook: { status: "ACTIVE" } });
    expect(await mutate("replayDelivery", "ReplayDeliveryInput", { deliveryId: node.id })).toMatchObject({
      problems: [],
    });
    expect(await run()).toEqual({ delivered: 1, retried: 0, ended: 0 });
    expect((await log()).edges[0].node).toMatchObject({ id: node.id, status: "DELIVERED", attempts: 1 });
    expect((await log()).totalCount).toBe(1);
    expect(await mutate("rotateWebhookSecret", "RotateWebhookSecretInput", one)).toMatchObject({ problems: [] });
    expect(await mutate("deleteWebhook", "WebhookInput", one)).toMatchObject({ webhook: { status: "DELETED" } });
    expect(await mutate("pingWebhook", "WebhookInput", one)).toMatchObject({ problems: [{ code: "NOT_FOUND" }] });
    await there.close();
  });
});
