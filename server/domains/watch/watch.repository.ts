import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

/** Watches that somebody has, counted up to what they may have. */
export const countWatches = defineQuery({
  name: "countWatches",
  mode: "write",
  scope: "tenant",
  params: params<{ watcher: string; key: string; most: number }>(),
  cypher: `MATCH (w:Watch {tenantId: $tenantId, watcher: $watcher})
WHERE w.status = "ACTIVE" AND w.key <> $key
WITH w LIMIT $most
RETURN count(w) AS count`,
  row: z.object({ count: z.number() }),
});

export const countTenantWatches = defineQuery({
  name: "countWatchesOfTenant",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string; most: number }>(),
  cypher: `MATCH (w:Watch {tenantId: $tenantId, status: "ACTIVE"})
WHERE w.key <> $key
WITH w LIMIT $most
RETURN count(w) AS count`,
  row: z.object({ count: z.number() }),
});

/** One watch for each person and node; what they begin to watch anew goes on under its id. */
export const startWatch = defineQuery({
  name: "startWatch",
  mode: "write",
  scope: "tenant",
  params: params<{
    key: string;
    id: string;
    watcher: string;
    nodeId: string;
    depth: number;
    since: Instant;
    operationId: string;
  }>(),
  cypher: `MERGE (w:Watch {tenantId: $tenantId, key: $key})
ON CREATE SET w.id = $id, w.watcher = $watcher, w.nodeId = $nodeId
SET w.since = CASE WHEN w.status = "ACTIVE" THEN w.since ELSE $since END, w.status = "ACTIVE", w.depth = $depth, w.by = $operationId
RETURN w.id AS id`,
  row: z.object({ id: z.string() }),
});

export const endWatch = defineQuery({
  name: "endWatch",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string; operationId: string }>(),
  cypher: `MATCH (w:Watch {tenantId: $tenantId, key: $key})
SET w._lock = true
WITH w WHERE w.status = "ACTIVE"
SET w.status = "ENDED", w.by = $operationId
RETURN w.id AS id`,
  row: z.object({ id: z.string() }),
});

export interface NewAlert {
  readonly id: string;
  readonly watch: string;
  readonly nodeId: string;
  readonly operationId: string;
  readonly at: Instant;
  /** How much of the lineage changed. */
  readonly changed: number;
  /** The first of it, as JSON. */
  readonly changes: string;
}

/** An alert's id follows from its watch and operation, so that two who raise it at once raise one. */
export const addAlerts = defineQuery({
  name: "addAlerts",
  mode: "write",
  scope: "tenant",
  params: params<{ alerts: readonly NewAlert[]; attempt: string }>(),
  cypher: `UNWIND $alerts AS one
MATCH (w:Watch {tenantId: $tenantId, id: one.watch})
MERGE (a:Alert {tenantId: $tenantId, id: one.id})
ON CREATE SET a += one, a.watcher = w.watcher, a.unseenBy = w.watcher, a.attempt = $attempt
WITH a, w WHERE a.attempt = $attempt
RETURN a.id AS id, w.id AS watch, a.nodeId AS nodeId, a.changed AS changed`,
  row: z.object({ id: z.string(), watch: z.string(), nodeId: z.string(), changed: z.number() }),
});

export const watchesThere = defineQuery({
  name: "watchesThere",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (w:Watch {tenantId: $tenantId, id: id})
RETURN w.id AS id`,
  row: z.object({ id: z.string() }),
});

/** These events were held against every watch. */
export const unmarkEvents = defineQuery({
  name: "unmarkWatchedEvents",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (e:OutboxEvent {tenantId: $tenantId, id: id})
REMOVE e:Unwatched`,
  row: noRow,
});

export const seeAlerts = defineQuery({
  name: "seeAlerts",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[]; watcher: string; at: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (a:Alert {tenantId: $tenantId, id: id})
WHERE a.watcher = $watcher
SET a.seenAt = coalesce(a.seenAt, $at), a.unseenBy = null
RETURN a.id AS id`,
  row: z.object({ id: z.string() }),
});

export const unseenAlerts = defineQuery({
  name: "unseenAlertsUpTo",
  mode: "write",
  scope: "tenant",
  params: params<{ watcher: string; most: number }>(),
  cypher: `MATCH (a:Alert {tenantId: $tenantId, unseenBy: $watcher})
WITH a LIMIT $most
RETURN a.id AS id`,
  row: z.object({ id: z.string() }),
});

export const watchQueries = [
  countWatches,
  countTenantWatches,
  startWatch,
  endWatch,
  addAlerts,
  watchesThere,
  unmarkEvents,
  seeAlerts,
  unseenAlerts,
];
