import { z } from "zod";
import { INBOUND_TYPES } from "../../graph-schema/events.js";
import type { Instant } from "../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../graph/query.js";

export const DIRECTIONS = ["IN", "OUT"] as const;
export const WEBHOOK_STATUSES = ["ACTIVE", "DISABLED", "DELETED"] as const;

/** A webhook as it is stored. Its secrets are sealed (see vault.ts). */
export const webhookShape = z.object({
  id: z.string(),
  title: z.string(),
  direction: z.enum(DIRECTIONS),
  status: z.enum(WEBHOOK_STATUSES),
  /** OUT: where it leads, the patterns of the events that it is told, and the region that the receiver keeps them in. */
  url: z.string().nullable(),
  region: z.string().nullable(),
  /** IN: the types that it may report, and the key of the principal that they count as. */
  types: z.array(z.string()),
  principal: z.string().nullable(),
  secret: z.string(),
  previousSecret: z.string().nullable(),
  previousUntil: z.number().nullable(),
  createdAt: z.number(),
  createdBy: z.string(),
  disabledAt: z.number().nullable(),
  disabledCause: z.string().nullable(),
});
export type StoredWebhook = z.infer<typeof webhookShape>;

export const webhookRow = z.object({ webhook: webhookShape });

/** The webhook with all its fields. */
export const webhookColumn = (w: string): string =>
  `${w} {${Object.keys(webhookShape.shape)
    .map((name) => `.${name}`)
    .join(", ")}} AS webhook`;

/** What a webhook's secrets are bound to: the sealed text of one opens for no other. */
export const ownerOf = (tenantId: string, webhookId: string): string => `${tenantId}/${webhookId}`;

/** One webhook, locked for whoever decides on it. */
export const lockWebhook = defineQuery({
  name: "lockWebhook",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId, id: $id})
SET w._lock = true
WITH w WHERE w.status <> "DELETED"
RETURN ${webhookColumn("w")}`,
  row: webhookRow,
});

export const setWebhook = defineQuery({
  name: "setWebhook",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; properties: Partial<Omit<StoredWebhook, "id">> }>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId, id: $id}) SET w += $properties`,
  row: noRow,
});

/** Webhooks with a secret that isn't sealed as `mark` says. */
export const sealedOtherwise = defineQuery({
  name: "webhooksSealedOtherwise",
  mode: "read",
  scope: "tenant",
  params: params<{ mark: string }>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId}) WHERE w.status IN ["ACTIVE", "DISABLED"]
  AND NOT (w.secret STARTS WITH $mark AND coalesce(w.previousSecret, $mark) STARTS WITH $mark)
RETURN ${webhookColumn("w")}`,
  row: webhookRow,
});

/** A webhook in, and who its principal is just now. */
export const inboundWebhook = defineQuery({
  name: "inboundWebhook",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId, id: $id})
WHERE w.direction = "IN" AND w.status <> "DELETED"
OPTIONAL MATCH (p:Principal {tenantId: $tenantId, key: w.principal})
RETURN ${webhookColumn("w")}, p.title AS name, p.roles AS roles`,
  row: webhookRow.extend({
    webhook: webhookShape.extend({ types: z.array(z.enum(INBOUND_TYPES)) }),
    name: z.string().nullable(),
    roles: z.array(z.string()).nullable(),
  }),
});

/** Who is told of events; whether the tenant's data may go there is judged when it would. */
export const listeners = defineQuery({
  name: "webhookListeners",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId, status: "ACTIVE"})
WHERE w.direction = "OUT"
RETURN w.id AS id, w.types AS types`,
  row: z.object({ id: z.string(), types: z.array(z.string()) }),
});

/** Events that nobody was told of yet, the oldest first. */
export const undispatched = defineQuery({
  name: "undispatchedEvents",
  mode: "write",
  scope: "tenant",
  params: params<{ limit: number }>(),
  cypher: `MATCH (e:Undispatched {tenantId: $tenantId}) WHERE e.id > ""
WITH e ORDER BY e.tenantId, e.id LIMIT $limit
RETURN e.id AS id, e.type AS type, e.subject AS subject`,
  row: z.object({ id: z.string(), type: z.string(), subject: z.string() }),
});

export interface NewDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly webhookId: string;
  readonly type: string;
}

/** Puts events on their way. A delivery's id follows from its webhook and event, so that two who dispatch at once make one. */
export const addDeliveries = defineQuery({
  name: "addDeliveries",
  mode: "write",
  scope: "tenant",
  params: params<{ deliveries: readonly NewDelivery[]; now: Instant }>(),
  cypher: `UNWIND $deliveries AS row
MERGE (d:Delivery {tenantId: $tenantId, id: row.id})
ON CREATE SET d.eventId = row.eventId, d.webhookId = row.webhookId, d.type = row.type, d.status = "PENDING",
  d.attempts = 0, d.log = [], d.createdAt = $now, d.nextAt = $now`,
  row: noRow,
});

export const markDispatched = defineQuery({
  name: "markDispatched",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (e:OutboxEvent {tenantId: $tenantId, id: id})
REMOVE e:Undispatched`,
  row: noRow,
});

export const webhookQueries = [
  lockWebhook,
  setWebhook,
  sealedOtherwise,
  inboundWebhook,
  listeners,
  undispatched,
  addDeliveries,
  markDispatched,
];
