import { z } from "zod";
import { ALL_LABELS, type Label } from "../../graph-schema/catalog.js";
import { defineQuery, params } from "../graph/query.js";

/*
 * All that a tenant has, label by label: to be told to whoever takes it along, and to be deleted for good. Only of a tenant that
 * was erased, that is in another region now, or whose restoring was given up is anything ever deleted.
 */

/** What names a node of the label, and is found by it. */
const KEYS: Partial<Record<Label, string>> = {
  Body: "sha256",
  Operation: "operationId",
  ImportRow: "key",
  VideoId: "key",
};
export const keyOf = (label: Label): string => KEYS[label] ?? "id";

/** Stays when a tenant is erased: the stone with its id, and the audit log, whose texts go and whose hashes stay. */
export const KEPT: readonly Label[] = ["Tenant", "AuditEntry", "Unsealed", "AuditTree", "Checkpoint"];
/** Of the database, not of a tenant; and a mark that a node carries beside its label. */
const NOBODYS: readonly Label[] = ["Migration", "MigrationLock", "Undispatched", "Unwatched"];
/** Marks that nodes of a label carry beside it. */
export const MARKS: Partial<Record<Label, readonly Label[]>> = {
  AuditEntry: ["Unsealed"],
  OutboxEvent: ["Undispatched", "Unwatched"],
};
const AUDIT: readonly Label[] = ["AuditEntry", "AuditTree", "Checkpoint"];
export const CONTENT: readonly Label[] = ALL_LABELS.filter(
  (label) => !KEPT.includes(label) && !NOBODYS.includes(label),
);

/** Not told: who may come in and where secrets go, and what happens to be running. They are made anew where a tenant moves to. */
const UNTOLD: readonly Label[] = ["AccessToken", "Webhook", "Delivery", "InboundEvent", "Lease", "JobRun", "Usage"];
export const EXPORTED: readonly Label[] = ["Tenant", ...CONTENT.filter((label) => !UNTOLD.includes(label)), ...AUDIT];

const forLabels = <Q>(labels: readonly Label[], make: (label: Label) => Q): ReadonlyMap<Label, Q> =>
  new Map(labels.map((label) => [label, make(label)]));

/** In place of how many steps of a restore are done: what was here before isn't all dropped yet, and nothing is written till then. */
export const DROPPING = -1;

/** What a tenant is no more of which anything may be deleted. */
export type Gone = "ERASED" | "MOVED" | "RESTORING";

/**
 * Takes the stone's lock; no row for a tenant that isn't gone in this way, of which nothing may be deleted. Of one that is being
 * restored something may be deleted only while what was there before is to be dropped: see restore.query.ts.
 */
export const lockGone = defineQuery({
  name: "lockGoneTenant",
  mode: "write",
  scope: "tenant",
  params: params<{ status: Gone }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
SET t._lock = true
WITH t WHERE t.status = $status AND (t.status <> "RESTORING" OR t._restored = ${DROPPING})
RETURN t.id AS id`,
  row: z.object({ id: z.string() }),
});

/** Deletes some of a label's nodes; behind `lockGone` in the same transaction, and nowhere else. */
export const deletions = forLabels([...CONTENT, ...AUDIT], (label) =>
  defineQuery({
    name: `erase${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ limit: number }>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId}) WHERE n.${keyOf(label)} > ""
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS deleted`,
    row: z.object({ deleted: z.number() }),
  }),
);

export const counts = forLabels(CONTENT, (label) =>
  defineQuery({
    name: `countLeft${label}`,
    mode: "read",
    scope: "tenant",
    params: params<Record<string, never>>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId}) WHERE n.${keyOf(label)} > "" RETURN count(n) AS nodes`,
    row: z.object({ nodes: z.number() }),
  }),
);

const exportedRow = z.object({
  labels: z.array(z.string()),
  key: z.string(),
  properties: z.record(z.string(), z.unknown()),
  edges: z.array(
    z.object({
      type: z.string(),
      to: z.string(),
      key: z.string(),
      properties: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type ExportedRow = z.infer<typeof exportedRow>;

/** A page of a label's nodes with the edges that lead from them. */
export const pages = forLabels(EXPORTED, (label) =>
  defineQuery({
    name: `export${label}`,
    mode: "read",
    scope: "tenant",
    params: params<{ after: string; limit: number }>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId}) WHERE n.${keyOf(label)} > $after
WITH n ORDER BY n.tenantId, n.${keyOf(label)} LIMIT $limit
OPTIONAL MATCH (n)-[r]->(m)
WITH n, collect(CASE WHEN r IS NULL THEN null ELSE
  {type: type(r), to: labels(m)[0], key: coalesce(m.id, m.sha256), properties: properties(r)} END) AS edges
RETURN labels(n) AS labels, n.${keyOf(label)} AS key, properties(n) AS properties, edges
ORDER BY key`,
    row: exportedRow,
  }),
);

export const tenancyQueries = [lockGone, ...deletions.values(), ...counts.values(), ...pages.values()];
