import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ulid } from "ulid";
import { z } from "zod";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { addWebhook } from "../../server/domains/webhook/secret.service.js";
import { createWebhook } from "../../server/domains/webhook/webhook.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { createServices, type Services } from "../../server/services.js";
import type { Clock } from "../../server/clock.js";
import { disableWebhook } from "../../server/webhooks/disable.command.js";
import type { Reach } from "../../server/webhooks/reach.js";
import { createVault, type Vault } from "../../server/webhooks/vault.js";
import { testGraph } from "./graph.js";
import { operationId, type TestTenant } from "./tenant.js";

/** The one network that tests send to. */
export const LOOPBACK: Reach = { networks: ["127.0.0.1/32"], httpsOnly: false };

/** Services with a vault of their own that may send to this machine, under a clock that the test sets. */
export function webhookServices(options: { clock?: Clock; reach?: Reach; vault?: () => Vault } = {}): Services {
  const { vault = () => createVault(Buffer.alloc(32, 7)) } = options;
  return createServices({
    graph: testGraph(),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    webhooks: { vault: async () => vault(), reach: options.reach ?? LOOPBACK },
  });
}

/** A clock that stands until it is moved. */
export function standingClock(start = Date.now()): Clock & { move(ms: number): void } {
  let now = start;
  return { now: () => now, observe: () => {}, move: (ms) => void (now += ms) };
}

/** The body of an event that needs nothing to be there. */
export const stageCompleted = (data: object = {}) => ({
  type: "stage.completed",
  data: { run_id: "run-1", stage: "research", attempt: 1, at: "2026-11-21T06:00:00Z", ...data },
});

const plantDelivery = defineQuery({
  name: "testPlantDelivery",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; webhookId: string; eventId: string }>(),
  cypher: `CREATE (d:Delivery {tenantId: $tenantId, id: $id})
SET d.webhookId = $webhookId, d.eventId = $eventId, d.type = "topic.created", d.status = "FAILED", d.attempts = 10, d.log = [], d.createdAt = 0, d.endedAt = 0`,
  row: noRow,
});

export interface Webhooks {
  readonly service: string;
  readonly webhook: string;
  readonly disabled: string;
  readonly inbound: string;
  readonly delivery: string;
}

/** One webhook of each kind, a service behind the one in, and a delivery that has ended. */
export async function plantWebhooks(t: TestTenant): Promise<Webhooks> {
  const service = await buildService(t);
  const make = async (input: object) =>
    (await t.run(createWebhook, { id: ulid(), sealed: "sealed", title: "A webhook", ...input })).webhookId;
  const out = { direction: "OUT", url: "https://receiver.example/hook", types: ["episode.*"] };
  const [webhook, disabled] = [await make(out), await make(out)];
  await t.run(disableWebhook, { webhookId: disabled });
  const inbound = await make({ direction: "IN", types: ["stage.completed"], principalId: service });
  const ids = { webhookId: webhook.split(":")[1]!, eventId: ulid() };
  const id = `${ids.webhookId}-${ids.eventId}`;
  await testGraph().write(t.scope, (tx) => tx.run(plantDelivery, { id, ...ids }));
  return { service, webhook, disabled, inbound, delivery: `Delivery:${id}` };
}

/** Something that acts for itself, with the right to report events. */
export const buildService = async (t: TestTenant, roles: readonly string[] = ["operator"]): Promise<string> =>
  (await t.run(registerPrincipal, { key: "orchestrator", name: "The orchestrator", kind: "SERVICE", roles }))
    .principalId;

export interface TestWebhook {
  /** Without its label. */
  readonly id: string;
  readonly secret: string;
}

/** A webhook with a real secret. */
export async function buildWebhook(t: TestTenant, services: Services, input: object): Promise<TestWebhook> {
  const head = { operationId: operationId(), reason: "a test", title: "A webhook" };
  const added = await addWebhook(services, t.caller("operator"), { ...head, ...input });
  if (!added.ok || added.secret === null) throw new Error(JSON.stringify(added));
  return { id: added.result.webhookId.slice("Webhook:".length), secret: added.secret };
}

export interface Message {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The local address that it came to. */
  readonly at: string;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly messages: readonly Message[];
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, message: Message, count: number) => void;

/** Somebody who is told of events, on this machine. */
export async function startReceiver(
  answer: Answer = (response) => response.writeHead(204).end(),
  host = "127.0.0.1",
  port = 0,
): Promise<Receiver> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const message = {
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
        at: request.socket.localAddress ?? "",
      };
      messages.push(message);
      answer(response, message, messages.length);
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}/hook`,
    port: bound,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const deliveriesQuery = defineQuery({
  name: "testDeliveries",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (d:Delivery {tenantId: $tenantId}) RETURN properties(d) AS row ORDER BY d.id`,
  row: z.object({ row: z.record(z.string(), z.unknown()) }),
});
const inboundQuery = defineQuery({
  name: "testInboundEvents",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (e:InboundEvent {tenantId: $tenantId}) RETURN properties(e) AS row ORDER BY e.id`,
  row: z.object({ row: z.record(z.string(), z.unknown()) }),
});

export const deliveriesOf = async (t: TestTenant) =>
  (await testGraph().read(t.scope, deliveriesQuery, {})).map(({ row }) => row);
export const inboundOf = async (t: TestTenant) =>
  (await testGraph().read(t.scope, inboundQuery, {})).map(({ row }) => row);
