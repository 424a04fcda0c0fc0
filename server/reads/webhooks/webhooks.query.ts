import { z } from "zod";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params, type Query } from "../../graph/query.js";
import { DELIVERY_STATUSES } from "../../webhooks/delivery.query.js";
import { webhookColumn, webhookRow, type StoredWebhook } from "../../webhooks/webhook.query.js";

/** A log is counted exactly up to here. */
export const EXACT_COUNT = 10_000;
/** After every id that an index's prefix can be followed by. */
const BEHIND_ALL = "\uffff";

const listQuery = defineQuery({
  name: "webhooks",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId}) WHERE w.id > "" AND w.status <> "DELETED"
RETURN ${webhookColumn("w")} ORDER BY w.tenantId, w.id`,
  row: webhookRow,
});

const oneQuery = defineQuery({
  name: "webhookById",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId, id: $id}) RETURN ${webhookColumn("w")}`,
  row: webhookRow,
});

interface LogParams {
  /** Ids strictly between these, the greatest first. */
  readonly from: string;
  readonly before: string;
  readonly limit: number;
}

const attempt = z.object({
  at: z.number(),
  ms: z.number(),
  status: z.number().nullable(),
  error: z.string().nullable(),
});
const problem = z.object({ code: z.string(), message: z.string(), path: z.string() });
const json = <T extends z.ZodType>(shape: T) =>
  z.string().transform((text): z.infer<T> => shape.parse(JSON.parse(text)) as z.infer<T>);

export const deliveryShape = z.object({
  id: z.string(),
  webhookId: z.string(),
  eventId: z.string(),
  type: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.number(),
  log: z.array(json(attempt)),
  createdAt: z.number(),
  nextAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type StoredDelivery = z.infer<typeof deliveryShape>;

export const inboundShape = z.object({
  id: z.string(),
  webhookId: z.string(),
  messageId: z.string(),
  type: z.string(),
  status: z.enum(["ACCEPTED", "REFUSED"]),
  problems: json(z.array(problem)).nullable(),
  sha256: z.string(),
  at: z.number(),
});
export type StoredInboundEvent = z.infer<typeof inboundShape>;

const fields = (shape: z.ZodObject): string =>
  Object.keys(shape.shape)
    .map((name) => `.${name}`)
    .join(", ");

/** A log of one webhook: its ids begin with the webhook's, so that a page is a piece of the index. */
function log<R>(name: string, label: "Delivery" | "InboundEvent", shape: z.ZodObject & z.ZodType<R>) {
  const piece = `MATCH (x:${label} {tenantId: $tenantId}) WHERE x.id > $from AND x.id < $before`;
  return {
    page: defineQuery({
      name: `${name}Page`,
      mode: "read",
      scope: "tenant",
      params: params<LogParams>(),
      cypher: `${piece}
WITH x ORDER BY x.tenantId DESC, x.id DESC LIMIT $limit
RETURN x {${fields(shape)}} AS row`,
      row: z.object({ row: shape }) as unknown as z.ZodType<{ row: R }>,
    }),
    count: defineQuery({
      name: `${name}Count`,
      mode: "read",
      scope: "tenant",
      params: params<LogParams>(),
      cypher: `${piece}
WITH x LIMIT $limit
RETURN count(x) AS count`,
      row: z.object({ count: z.number() }),
    }),
  };
}

interface Log<R> {
  readonly page: Query<LogParams, { row: R }>;
  readonly count: Query<LogParams, { count: number }>;
  /** What stands between the webhook's id and the entry's own. */
  readonly separator: string;
}
export const DELIVERIES: Log<StoredDelivery> = {
  ...log<StoredDelivery>("deliveries", "Delivery", deliveryShape as never),
  separator: "-",
};
/** Of a webhook in, by the ids that its sender gave. */
export const INBOUND: Log<StoredInboundEvent> = {
  ...log<StoredInboundEvent>("inboundEvents", "InboundEvent", inboundShape as never),
  separator: "/",
};

export const listWebhooks = async (graph: Graph, scope: Scope): Promise<StoredWebhook[]> =>
  (await graph.read(scope, listQuery, {})).map(({ webhook }) => webhook);

export const findWebhook = async (graph: Graph, scope: Scope, id: string): Promise<StoredWebhook | undefined> =>
  (await graph.read(scope, oneQuery, { id }))[0]?.webhook;

/** A page of a webhook's log, its greatest ids first; `before` is the last id of the page before, or empty. */
export async function readLog<R>(
  graph: Graph,
  scope: Scope,
  { page, separator }: Log<R>,
  { webhookId, before, first }: { webhookId: string; before: string; first: number },
): Promise<{ rows: R[]; more: boolean }> {
  const from = `${webhookId}${separator}`;
  const rows = await graph.read(scope, page, { from, before: before || `${from}${BEHIND_ALL}`, limit: first + 1 });
  return { rows: rows.slice(0, first).map(({ row }) => row), more: rows.length > first };
}

export async function countLog<R>(
  graph: Graph,
  scope: Scope,
  { count, separator }: Log<R>,
  webhookId: string,
): Promise<{ count: number; exact: boolean }> {
  const from = `${webhookId}${separator}`;
  const [row] = await graph.read(scope, count, { from, before: `${from}${BEHIND_ALL}`, limit: EXACT_COUNT + 1 });
  const counted = row?.count ?? 0;
  return { count: Math.min(counted, EXACT_COUNT), exact: counted <= EXACT_COUNT };
}

export const webhookReadQueries = [listQuery, oneQuery, DELIVERIES.page, DELIVERIES.count, INBOUND.page, INBOUND.count];
