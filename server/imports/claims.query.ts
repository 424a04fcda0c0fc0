import { z } from "zod";
import { newestOf } from "../graph/lock.js";
import { defineQuery, noRow, params } from "../graph/query.js";
import { LABEL_EDGES, type AssertedEdge } from "./claim-row.js";

export interface ImportStamp {
  at: number;
  operationId: string;
  forever: number;
}

const standingRow = z.object({
  key: z.string(),
  hash: z.string(),
  claimKey: z.string(),
  factKey: z.string(),
  edge: z.enum(Object.values(LABEL_EDGES)),
});
/** A row as an earlier import left it. */
export type StandingRow = z.infer<typeof standingRow>;

/** With the operation that wrote it last, and the edge that counts it: the one that began then. */
const storedRow = standingRow.extend({ operationId: z.string(), edgeFrom: z.number() });
export type StoredRow = z.infer<typeof storedRow>;

const STORED =
  "i.key AS key, i.hash AS hash, i.claimKey AS claimKey, i.factKey AS factKey, i.edge AS edge, i.operationId AS operationId, i.edgeFrom AS edgeFrom";

export const readStandingRows = defineQuery({
  name: "readImportRows",
  mode: "read",
  scope: "tenant",
  params: params<{ keys: string[] }>(),
  cypher: `UNWIND $keys AS key
MATCH (i:ImportRow {tenantId: $tenantId, key: key})
RETURN ${STORED}`,
  row: storedRow,
});

/**
 * Locks the rows before they are read, those too that aren't there yet: an import of the same row elsewhere waits. A row
 * that this makes is locked by being made.
 */
export const lockStandingRows = defineQuery({
  name: "lockImportRows",
  mode: "write",
  scope: "tenant",
  params: params<{ keys: string[] }>(),
  cypher: `UNWIND $keys AS key
MERGE (i:ImportRow {tenantId: $tenantId, key: key})
ON MATCH SET i._lock = true
WITH i WHERE i.hash IS NOT NULL
RETURN ${STORED}`,
  row: storedRow,
});

export const lockClaimsByKey = defineQuery({
  name: "lockClaimsByKey",
  mode: "write",
  scope: "tenant",
  params: params<{ keys: string[] }>(),
  cypher: `UNWIND $keys AS key
OPTIONAL MATCH (c:Claim {tenantId: $tenantId, key: key})
SET c._lock = true
WITH max(${newestOf("c")}) AS newest
RETURN newest, datetime.realtime().epochMillis AS now`,
  row: z.object({ newest: z.number().nullable(), now: z.number() }),
});

interface NewNode {
  id: string;
  key: string;
  properties: object;
}

export const mergeSources = defineQuery({
  name: "importSources",
  mode: "write",
  scope: "tenant",
  params: params<{ sources: NewNode[] }>(),
  cypher: `UNWIND $sources AS s
MERGE (n:Source {tenantId: $tenantId, key: s.key})
ON CREATE SET n.id = s.id, n += s.properties`,
  row: noRow,
});

export const mergeSnapshots = defineQuery({
  name: "importSnapshots",
  mode: "write",
  scope: "tenant",
  params: params<ImportStamp & { snapshots: (NewNode & { sourceKey: string; sha256: string; text: string })[] }>(),
  cypher: `UNWIND $snapshots AS s
MATCH (source:Source {tenantId: $tenantId, key: s.sourceKey})
MERGE (n:Snapshot {tenantId: $tenantId, key: s.key})
ON CREATE SET n.id = s.id, n += s.properties
WITH n, s, source WHERE n.id = s.id
MERGE (b:Body {tenantId: $tenantId, sha256: s.sha256})
ON CREATE SET b.text = s.text
CREATE (n)-[:HAS_BODY {validFrom: $at, validTo: $forever, openedBy: $operationId}]->(b)
CREATE (n)-[:CAPTURED_FROM {validFrom: CASE WHEN source.validFrom > $at THEN source.validFrom ELSE $at END, validTo: $forever, openedBy: $operationId}]->(source)`,
  row: noRow,
});

export const mergeFacts = defineQuery({
  name: "importFacts",
  mode: "write",
  scope: "tenant",
  params: params<ImportStamp & { facts: (NewNode & { snapshotKey: string })[] }>(),
  cypher: `UNWIND $facts AS f
MATCH (s:Snapshot {tenantId: $tenantId, key: f.snapshotKey})
MERGE (n:Fact {tenantId: $tenantId, key: f.key})
ON CREATE SET n.id = f.id, n += f.properties
WITH n, f, s WHERE n.id = f.id
CREATE (n)-[:QUOTED_FROM {validFrom: CASE WHEN s.validFrom > $at THEN s.validFrom ELSE $at END, validTo: $forever, openedBy: $operationId}]->(s)`,
  row: noRow,
});

export const mergeClaims = defineQuery({
  name: "importClaims",
  mode: "write",
  scope: "tenant",
  params: params<{ claims: NewNode[] }>(),
  cypher: `UNWIND $claims AS c
MERGE (n:Claim {tenantId: $tenantId, key: c.key})
ON CREATE SET n.id = c.id, n += c.properties`,
  row: noRow,
});

/** A row that takes its assertion back, from the edge that began then. */
interface Retraction {
  claimKey: string;
  factKey: string;
  edgeFrom: number;
}

const byEdge = <T>(make: (edge: AssertedEdge) => T) =>
  Object.fromEntries(Object.values(LABEL_EDGES).map((edge) => [edge, make(edge)])) as Record<AssertedEdge, T>;

/** Opens the edges that rows assert, and writes the rows; an edge that stands counts one more row behind it. */
export const assertEdges = byEdge((edge) =>
  defineQuery({
    name: `import${edge}`,
    mode: "write",
    scope: "tenant",
    params: params<ImportStamp & { rows: StandingRow[] }>(),
    // Another import may have made an end just before us and just after `at`: an edge is never older than its ends.
    cypher: `UNWIND $rows AS row
MATCH (c:Claim {tenantId: $tenantId, key: row.claimKey}), (f:Fact {tenantId: $tenantId, key: row.factKey})
MERGE (c)-[r:${edge} {validTo: $forever}]->(f)
ON CREATE SET r.validFrom = reduce(at = $at, born IN [c.validFrom, f.validFrom] | CASE WHEN born > at THEN born ELSE at END),
  r.openedBy = $operationId, r.basis = "FILE", r.assertingRows = 1
ON MATCH SET r.assertingRows = r.assertingRows + 1
WITH row, r
MATCH (i:ImportRow {tenantId: $tenantId, key: row.key})
SET i.hash = row.hash, i.claimKey = row.claimKey, i.factKey = row.factKey, i.edge = row.edge, i.operationId = $operationId,
  i.edgeFrom = r.validFrom`,
    row: noRow,
  }),
);

/**
 * Takes rows back from the edges that count them; an edge on a FILE basis closes with its last row, a person's stays. An
 * edge that somebody closed meanwhile counts no more, and one that was opened since never counted the row.
 */
export const retractEdges = byEdge((edge) =>
  defineQuery({
    name: `importRetract${edge}`,
    mode: "write",
    scope: "tenant",
    params: params<ImportStamp & { links: Retraction[] }>(),
    cypher: `UNWIND $links AS l
MATCH (c:Claim {tenantId: $tenantId, key: l.claimKey})-[r:${edge} {validTo: $forever, validFrom: l.edgeFrom}]->(f:Fact {tenantId: $tenantId, key: l.factKey})
SET r.assertingRows = r.assertingRows - 1
WITH c, r WHERE r.assertingRows <= 0 AND r.basis = "FILE"
SET r.validTo = CASE WHEN r.validFrom < $at THEN $at ELSE r.validFrom + 1 END, r.closedBy = $operationId, c._closedAt = r.validTo`,
    row: noRow,
  }),
);

export const claimImportQueries = [
  readStandingRows,
  lockStandingRows,
  lockClaimsByKey,
  mergeSources,
  mergeSnapshots,
  mergeFacts,
  mergeClaims,
  ...Object.values(assertEdges),
  ...Object.values(retractEdges),
];
