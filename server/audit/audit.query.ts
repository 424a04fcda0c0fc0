import { z } from "zod";
import { defineQuery, noRow, params } from "../graph/query.js";

const entryRow = z.object({ entry: z.record(z.string(), z.unknown()) });
const none = params<Record<string, never>>();

/** Whoever rewrites the database may leave anything there; what isn't of its kind is of no size, and nobody signed it. */
const treeRow = z.object({
  size: z.number().int().catch(-1),
  frontier: z.array(z.string()).catch([]),
  note: z.string().nullable().catch(null),
});
const TREE = "t.size AS size, t.frontier AS frontier, t.note AS note";

/** First statement of a seal: only one sealer of a tenant goes on from here, whatever became of its lease. */
export const lockTree = defineQuery({
  name: "auditTreeLock",
  mode: "write",
  scope: "tenant",
  params: none,
  cypher: `MERGE (t:AuditTree {tenantId: $tenantId, id: "audit"})
ON CREATE SET t.size = 0, t.frontier = []
SET t._lock = true
RETURN ${TREE}`,
  row: treeRow,
});

/** A row of a tenant that is being read back from an export. */
export const restoring = defineQuery({
  name: "auditRestoring",
  mode: "read",
  scope: "tenant",
  params: none,
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) WHERE t.status = "RESTORING" RETURN t.id AS id`,
  row: z.object({ id: z.string() }),
});

export const readTree = defineQuery({
  name: "auditTree",
  mode: "read",
  scope: "tenant",
  params: none,
  cypher: `MATCH (t:AuditTree {tenantId: $tenantId, id: "audit"}) RETURN ${TREE}`,
  row: treeRow,
});

/** Entries are committed in another order than their ids'; which is taken first makes their sequence. */
export const takeUnsealed = defineQuery({
  name: "auditUnsealed",
  mode: "read",
  scope: "tenant",
  params: params<{ limit: number }>(),
  cypher: `MATCH (a:Unsealed {tenantId: $tenantId}) WHERE a.id > ""
WITH a ORDER BY a.tenantId, a.id LIMIT $limit
RETURN properties(a) AS entry`,
  row: entryRow,
});

export const sealEntries = defineQuery({
  name: "auditSealEntries",
  mode: "write",
  scope: "tenant",
  params: params<{ rows: { id: string; sequence: number; salt: string | null; leafHash: string }[] }>(),
  cypher: `UNWIND $rows AS row
MATCH (a:Unsealed {tenantId: $tenantId, id: row.id})
SET a.sequence = row.sequence, a.salt = row.salt, a.leafHash = row.leafHash
REMOVE a:Unsealed
RETURN count(a) AS sealed`,
  row: z.object({ sealed: z.number() }),
});

/** A checkpoint's id is its size with leading zeros, so that they are in order. */
export const checkpointId = (size: number): string => String(size).padStart(15, "0");

/** Last statement of a seal. A checkpoint that stands where only a sealer may put one was put there by somebody else. */
export const moveTree = defineQuery({
  name: "auditTreeMove",
  mode: "write",
  scope: "tenant",
  params: params<{ size: number; frontier: string[]; note: string; id: string; root: string }>(),
  cypher: `MATCH (t:AuditTree {tenantId: $tenantId, id: "audit"})
SET t.size = $size, t.frontier = $frontier, t.note = $note
MERGE (c:Checkpoint {tenantId: $tenantId, id: $id})
SET c.size = $size, c.root = $root, c.note = $note, c.at = datetime.realtime().epochMillis`,
  row: noRow,
});

export const sealedEntries = defineQuery({
  name: "auditSealed",
  mode: "read",
  scope: "tenant",
  params: params<{ from: number; limit: number }>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.sequence >= $from
WITH a ORDER BY a.tenantId, a.sequence LIMIT $limit
RETURN properties(a) AS entry`,
  row: entryRow,
});

export const sealedHashes = defineQuery({
  name: "auditLeafHashes",
  mode: "read",
  scope: "tenant",
  params: params<{ from: number; limit: number }>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.sequence >= $from
WITH a ORDER BY a.tenantId, a.sequence LIMIT $limit
RETURN a.sequence AS sequence, a.leafHash AS leafHash`,
  row: z.object({ sequence: z.number(), leafHash: z.string().catch("") }),
});

export const checkpointNotes = defineQuery({
  name: "auditCheckpoints",
  mode: "read",
  scope: "tenant",
  params: params<{ after: string; limit: number }>(),
  cypher: `MATCH (c:Checkpoint {tenantId: $tenantId}) WHERE c.id > $after
WITH c ORDER BY c.tenantId, c.id LIMIT $limit
RETURN c.id AS id, c.note AS note`,
  row: z.object({ id: z.string(), note: z.string().nullable().catch(null) }),
});

/** How many wait for the sealer, and which of them tell of an erasure. */
export const countUnsealed = defineQuery({
  name: "auditUnsealedCount",
  mode: "read",
  scope: "tenant",
  params: params<{ erasure: string }>(),
  cypher: `MATCH (a:Unsealed {tenantId: $tenantId}) WHERE a.id > ""
RETURN count(a) AS unsealed, collect(CASE WHEN a.command = $erasure AND a.outcome = "DONE" THEN a.operationId END) AS erasures`,
  row: z.object({ unsealed: z.number(), erasures: z.array(z.unknown()) }),
});

/** Entries that the write path can't have left: neither waiting for the sealer nor in the tree. */
export const strayEntries = defineQuery({
  name: "auditStray",
  mode: "read",
  scope: "tenant",
  params: none,
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.id > ""
WITH a WHERE CASE WHEN a:Unsealed THEN a.sequence IS NOT NULL
  ELSE NOT (a.sequence IS :: INTEGER NOT NULL AND a.sequence >= 0) END
WITH a LIMIT 1
RETURN a.id AS id`,
  row: z.object({ id: z.string() }),
});

export const entryById = defineQuery({
  name: "auditEntryById",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId, id: $id}) RETURN properties(a) AS entry`,
  row: entryRow,
});

/** Entries whose texts still stand, from an id on. */
export const entriesToErase = defineQuery({
  name: "auditEntriesToErase",
  mode: "read",
  scope: "tenant",
  params: params<{ after: string; limit: number }>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.id > $after
WITH a ORDER BY a.tenantId, a.id LIMIT $limit
RETURN properties(a) AS entry`,
  row: entryRow,
});

export const eraseTexts = defineQuery({
  name: "auditErase",
  mode: "write",
  scope: "tenant",
  params: params<{ rows: { id: string; erased: string[] }[]; operationId: string; gone: Record<string, null> }>(),
  cypher: `UNWIND $rows AS row
MATCH (a:AuditEntry {tenantId: $tenantId, id: row.id})
SET a += $gone, a.erased = row.erased, a.erasedBy = $operationId`,
  row: noRow,
});

/** Tenants whose entries wait for the sealer: from the few marked ones, whatever else there is. */
export const unsealedTenants = defineQuery({
  name: "auditUnsealedTenants",
  mode: "read",
  scope: "platform",
  params: none,
  cypher: `MATCH (a:Unsealed) RETURN DISTINCT a.tenantId AS tenantId ORDER BY tenantId`,
  row: z.object({ tenantId: z.string() }),
});

export const auditQueries = [
  restoring,
  lockTree,
  readTree,
  takeUnsealed,
  sealEntries,
  moveTree,
  sealedEntries,
  sealedHashes,
  checkpointNotes,
  countUnsealed,
  strayEntries,
  entryById,
  entriesToErase,
  eraseTexts,
  unsealedTenants,
];
