import { z } from "zod";
import { SNAPSHOT_KINDS } from "../../graph-schema/nodes/snapshot.js";
import { newestOf } from "../graph/lock.js";
import { defineQuery, noRow, params } from "../graph/query.js";
import type { ImportStamp } from "./claims.query.js";

interface Asked {
  readonly key: string;
  readonly snapshotKey: string | null;
}

const standing = z.object({
  key: z.string(),
  id: z.string().nullable(),
  publisher: z.string().nullable(),
  byline: z.string().nullable(),
  excerpt: z.string().nullable(),
  publishedAt: z.number().nullable(),
  /** As what this very text was captured from it before; null when it wasn't. */
  captured: z.enum(SNAPSHOT_KINDS).nullable(),
  /** The page as it reads now: its whole snapshot that was captured last, and when that was. */
  current: z.string().nullable(),
  since: z.number().nullable(),
});
/** What is known of a source before its reading is written; `id` is null when nothing is. */
export type StandingSource = z.infer<typeof standing>;

const CAPTURES = `OPTIONAL MATCH (n:Snapshot {tenantId: $tenantId, key: row.snapshotKey})
CALL (s) {
  OPTIONAL MATCH (s)<-[t:CAPTURED_FROM {validTo: $forever}]-(whole:Snapshot {kind: "FULL"})
  RETURN whole.key AS current, t.validFrom AS since ORDER BY since DESC, whole.id DESC LIMIT 1
}`;
const KNOWN =
  "s.id AS id, s.publisher AS publisher, s.byline AS byline, s.excerpt AS excerpt, s.publishedAt AS publishedAt, n.kind AS captured, current, since";

export const readStandingSources = defineQuery({
  name: "readImportSources",
  mode: "read",
  scope: "tenant",
  params: params<{ rows: readonly Asked[]; forever: number }>(),
  cypher: `UNWIND $rows AS row
OPTIONAL MATCH (s:Source {tenantId: $tenantId, key: row.key})
${CAPTURES}
RETURN row.key AS key, ${KNOWN}`,
  row: standing,
});

/** The same, its sources locked. */
export const lockStandingSources = defineQuery({
  name: "lockImportSources",
  mode: "write",
  scope: "tenant",
  params: params<{ rows: readonly Asked[]; forever: number }>(),
  cypher: `UNWIND $rows AS row
OPTIONAL MATCH (s:Source {tenantId: $tenantId, key: row.key})
SET s._lock = true
WITH row, s
${CAPTURES}
RETURN row.key AS key, ${KNOWN}, ${newestOf("s")} AS newest, datetime.realtime().epochMillis AS now`,
  row: standing.extend({ newest: z.number().nullable(), now: z.number() }),
});

/**
 * Captures a snapshot again: what it was captured by ends and begins anew, so that the one whose capture is the youngest is
 * the page as it reads now, the intervals tell when it read so, and no instant has the source without its snapshot.
 */
export const recaptureSnapshots = defineQuery({
  name: "importRecaptureSnapshots",
  mode: "write",
  scope: "tenant",
  params: params<ImportStamp & { snapshots: readonly { readonly key: string; readonly sourceKey: string }[] }>(),
  cypher: `UNWIND $snapshots AS row
MATCH (source:Source {tenantId: $tenantId, key: row.sourceKey}), (n:Snapshot {tenantId: $tenantId, key: row.key})
MATCH (n)-[past:CAPTURED_FROM {validTo: $forever}]->(source)
SET past.validTo = CASE WHEN past.validFrom < $at THEN $at ELSE past.validFrom + 1 END, past.closedBy = $operationId, n._closedAt = past.validTo
CREATE (n)-[:CAPTURED_FROM {validFrom: past.validTo, validTo: $forever, openedBy: $operationId}]->(source)`,
  row: noRow,
});

export const readingQueries = [readStandingSources, lockStandingSources, recaptureSnapshots];
