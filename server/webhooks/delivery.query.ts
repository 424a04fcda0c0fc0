import { z } from "zod";
import type { Instant } from "../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../graph/query.js";
import { webhookColumn, webhookShape } from "./webhook.query.js";

export const DELIVERY_STATUSES = ["PENDING", "DELIVERED", "FAILED", "CANCELLED"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Deliveries whose time has come. */
export const dueDeliveries = defineQuery({
  name: "dueDeliveries",
  mode: "write",
  scope: "tenant",
  params: params<{ now: Instant; limit: number }>(),
  cypher: `MATCH (d:Delivery {tenantId: $tenantId}) WHERE d.nextAt <= $now
WITH d ORDER BY d.tenantId, d.nextAt LIMIT $limit
RETURN d.id AS id`,
  row: z.object({ id: z.string() }),
});

const claimed = z.object({
  id: z.string(),
  attempts: z.number(),
  event: z.object({
    id: z.string(),
    type: z.string(),
    subject: z.string(),
    data: z.string(),
    operationId: z.string(),
    at: z.number(),
  }),
  webhook: webhookShape,
});
export type Claimed = z.infer<typeof claimed>;

/**
 * Takes due deliveries for one try: locked, and looked at again behind the lock, since another may have taken them meanwhile.
 * Until `until` nobody else sees them as due; whoever dies over them leaves them to the next.
 */
export const claimDeliveries = defineQuery({
  name: "claimDeliveries",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[]; now: Instant; until: Instant; claim: string }>(),
  cypher: `UNWIND $ids AS id
MATCH (d:Delivery {tenantId: $tenantId, id: id})
SET d._lock = true
WITH d WHERE d.nextAt <= $now
SET d.nextAt = $until, d.claim = $claim
WITH d
MATCH (w:Webhook {tenantId: $tenantId, id: d.webhookId})
WITH d, w, d.eventId AS eventId
CALL (eventId) {
  MATCH (e:OutboxEvent {tenantId: $tenantId, id: eventId})
  RETURN e
}
RETURN d.id AS id, d.attempts AS attempts, e {.id, .type, .subject, .data, .operationId, .at} AS event, ${webhookColumn("w")}`,
  row: claimed,
});

export interface Outcome {
  readonly id: string;
  readonly status: DeliveryStatus;
  /** Null when it won't be tried again. */
  readonly nextAt: Instant | null;
  /** The attempt, for the delivery's log; JSON. */
  readonly attempt: string | null;
}

/** What came of the tries of one claim; of those that another has taken since, nothing is noted. */
export const noteOutcomes = defineQuery({
  name: "noteDeliveries",
  mode: "write",
  scope: "tenant",
  params: params<{ claim: string; outcomes: readonly Outcome[]; now: Instant; kept: number }>(),
  cypher: `UNWIND $outcomes AS outcome
MATCH (d:Delivery {tenantId: $tenantId, id: outcome.id})
SET d._lock = true
WITH d, outcome WHERE d.claim = $claim
SET d.status = outcome.status, d.nextAt = outcome.nextAt, d.claim = null, d.endedAt = CASE WHEN outcome.nextAt IS NULL THEN $now END,
  d.attempts = d.attempts + CASE WHEN outcome.attempt IS NULL THEN 0 ELSE 1 END,
  d.log = (CASE WHEN outcome.attempt IS NULL THEN d.log ELSE d.log + outcome.attempt END)[-$kept..]`,
  row: noRow,
});

export const deliveryQueries = [dueDeliveries, claimDeliveries, noteOutcomes];
