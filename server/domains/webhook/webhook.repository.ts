import { z } from "zod";
import { PRINCIPAL_KINDS } from "../../../graph-schema/nodes/principal.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../../graph/query.js";
import type { StoredWebhook } from "../../webhooks/webhook.query.js";

export const createQuery = defineQuery({
  name: "createWebhook",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; properties: Omit<StoredWebhook, "id"> }>(),
  cypher: `CREATE (w:Webhook {tenantId: $tenantId, id: $id}) SET w += $properties`,
  row: noRow,
});

export const countQuery = defineQuery({
  name: "countWebhooks",
  mode: "write",
  scope: "tenant",
  params: params<{ statuses: readonly string[] }>(),
  cypher: `MATCH (w:Webhook {tenantId: $tenantId}) WHERE w.status IN $statuses RETURN count(w) AS count`,
  row: z.object({ count: z.number() }),
});

export const allowedRegionsQuery = defineQuery({
  name: "allowedRegions",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) RETURN t.allowedRegions AS regions`,
  row: z.object({ regions: z.array(z.string()) }),
});

export const principalQuery = defineQuery({
  name: "principalOfWebhook",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (p:Principal {tenantId: $tenantId, id: $id}) RETURN p.key AS key, p.kind AS kind`,
  row: z.object({ key: z.string(), kind: z.enum(PRINCIPAL_KINDS) }),
});

/** A delivery begins anew: it is due at once, and has all its attempts before it. */
export const replayQuery = defineQuery({
  name: "replayDelivery",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; now: Instant }>(),
  cypher: `MATCH (d:Delivery {tenantId: $tenantId, id: $id})
SET d._lock = true
WITH d, d.nextAt IS NULL AS ended
FOREACH (_ IN CASE WHEN ended THEN [1] ELSE [] END | SET d.status = "PENDING", d.attempts = 0, d.nextAt = $now, d.endedAt = null)
RETURN ended, d.webhookId AS webhookId`,
  row: z.object({ ended: z.boolean(), webhookId: z.string() }),
});

export interface InboundRecord {
  readonly webhookId: string;
  readonly messageId: string;
  readonly type: string;
  readonly status: "ACCEPTED" | "REFUSED";
  /** JSON: why it was refused; null when it wasn't. */
  readonly problems: string | null;
  /** JSON: what was reported; null when it was refused. */
  readonly data: string | null;
  readonly sha256: string;
  readonly at: Instant;
  readonly operationId: string;
}

/** Once for each id: who comes second is told that there was a first. */
export const recordInbound = defineQuery({
  name: "recordInboundEvent",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; record: InboundRecord }>(),
  cypher: `MERGE (e:InboundEvent {tenantId: $tenantId, id: $id})
ON CREATE SET e += $record
RETURN e.operationId = $record.operationId AS first`,
  row: z.object({ first: z.boolean() }),
});

export const sourceByKey = defineQuery({
  name: "sourceByAddress",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, key: $key}) RETURN s.id AS id`,
  row: z.object({ id: z.string() }),
});

export const webhookDomainQueries = [
  createQuery,
  countQuery,
  allowedRegionsQuery,
  principalQuery,
  replayQuery,
  recordInbound,
  sourceByKey,
];
