import { z } from "zod";
import { newestOf } from "../graph/lock.js";
import { defineQuery, params } from "../graph/query.js";

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
  /** Whether this very text was captured from it before. */
  captured: z.boolean(),
});
/** What is known of a source before its reading is written; `id` is null when nothing is. */
export type StandingSource = z.infer<typeof standing>;

const KNOWN =
  "s.id AS id, s.publisher AS publisher, s.byline AS byline, s.excerpt AS excerpt, s.publishedAt AS publishedAt, n IS NOT NULL AS captured";

export const readStandingSources = defineQuery({
  name: "readImportSources",
  mode: "read",
  scope: "tenant",
  params: params<{ rows: readonly Asked[] }>(),
  cypher: `UNWIND $rows AS row
OPTIONAL MATCH (s:Source {tenantId: $tenantId, key: row.key})
OPTIONAL MATCH (n:Snapshot {tenantId: $tenantId, key: row.snapshotKey})
RETURN row.key AS key, ${KNOWN}`,
  row: standing,
});

/** The same, its sources locked. */
export const lockStandingSources = defineQuery({
  name: "lockImportSources",
  mode: "write",
  scope: "tenant",
  params: params<{ rows: readonly Asked[] }>(),
  cypher: `UNWIND $rows AS row
OPTIONAL MATCH (s:Source {tenantId: $tenantId, key: row.key})
SET s._lock = true
WITH row, s
OPTIONAL MATCH (n:Snapshot {tenantId: $tenantId, key: row.snapshotKey})
RETURN row.key AS key, ${KNOWN}, ${newestOf("s")} AS newest, datetime.realtime().epochMillis AS now`,
  row: standing.extend({ newest: z.number().nullable(), now: z.number() }),
});

export const readingQueries = [readStandingSources, lockStandingSources];
