import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";

/** Entries are counted exactly up to here. */
export const EXACT_COUNT = 10_000;

export interface AuditFilter {
  readonly actor: string | null;
  readonly capability: string | null;
  readonly outcome: "DONE" | "REFUSED" | null;
  readonly operationId: string | null;
  /** A part of reason, name or command, in any case. */
  readonly text: string | null;
}

interface EntryParams extends AuditFilter {
  readonly from: Instant;
  readonly to: Instant;
  /** The last entry of the page before. */
  readonly at: Instant;
  readonly id: string;
  readonly limit: number;
}

/** An entry as people read it. What was erased is null. */
const entryRow = z.object({
  id: z.string(),
  sequence: z.number().nullable(),
  sealed: z.boolean(),
  at: z.number(),
  operationId: z.string(),
  command: z.string(),
  capability: z.string(),
  outcome: z.enum(["DONE", "REFUSED"]),
  actor: z.string().nullable(),
  actorName: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  reason: z.string().nullable(),
  adr: z.string().nullable(),
  inputHash: z.string(),
  outputHash: z.string().nullable(),
  denied: z.array(z.string()),
  policy: z.string().nullable(),
  decisionInput: z.string().nullable(),
  detail: z.string().nullable(),
  leafHash: z.string().nullable(),
  erased: z.boolean(),
});
export type AuditEntryRow = z.infer<typeof entryRow>;

/** From the newest on, straight from the index on `at`, which a window of time narrows. CASE, as OR would be planned as a union. */
const MATCHED = `MATCH (a:AuditEntry {tenantId: $tenantId})
WHERE a.at >= $from AND a.at <= $to AND a.at <= $at AND CASE WHEN a.at = $at THEN a.id < $id ELSE true END
  AND ($actor IS NULL OR a.actor = $actor)
  AND ($capability IS NULL OR a.capability = $capability)
  AND ($outcome IS NULL OR a.outcome = $outcome)
  AND ($operationId IS NULL OR a.operationId = $operationId)
  AND ($text IS NULL OR toLower(a.reason) CONTAINS $text OR toLower(a.actorName) CONTAINS $text OR toLower(a.command) CONTAINS $text)`;

const pageQuery = defineQuery({
  name: "auditEntriesPage",
  mode: "read",
  scope: "tenant",
  params: params<EntryParams>(),
  cypher: `${MATCHED}
WITH a ORDER BY a.tenantId DESC, a.at DESC, a.id DESC LIMIT $limit
RETURN a.id AS id, a.sequence AS sequence, NOT a:Unsealed AS sealed, a.at AS at, a.operationId AS operationId, a.command AS command,
  a.capability AS capability, a.outcome AS outcome, a.actor AS actor, a.actorName AS actorName, a.onBehalfOf AS onBehalfOf,
  a.reason AS reason, a.adr AS adr, a.inputHash AS inputHash, a.outputHash AS outputHash, coalesce(a.denied, []) AS denied,
  a.policy AS policy, a.decisionInput AS decisionInput, a.detail AS detail, a.leafHash AS leafHash, a.erased IS NOT NULL AS erased`,
  row: entryRow,
});

const countQuery = defineQuery({
  name: "auditEntriesCount",
  mode: "read",
  scope: "tenant",
  params: params<EntryParams>(),
  cypher: `${MATCHED}
WITH a LIMIT $limit
RETURN count(a) AS count`,
  row: z.object({ count: z.number() }),
});

export const auditEntriesQueries: readonly AnyQuery[] = [pageQuery, countQuery];

export interface AuditQuestion {
  readonly filter: AuditFilter;
  readonly from: Instant;
  readonly to: Instant;
  /** The last entry of the page before; null for the first page. */
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly first: number;
}

/** Behind every ULID. */
const LAST_ID = "~";

const paramsOf = ({ filter, from, to, after }: AuditQuestion, limit: number): EntryParams => ({
  ...filter,
  text: filter.text?.toLowerCase() ?? null,
  from,
  to,
  at: after?.at ?? to,
  id: after?.id ?? LAST_ID,
  limit,
});

/** One page, newest first, and whether there is more. */
export async function readAuditEntries(
  graph: Graph,
  scope: Scope,
  question: AuditQuestion,
): Promise<{ rows: AuditEntryRow[]; more: boolean }> {
  const rows = await graph.read(scope, pageQuery, paramsOf(question, question.first + 1));
  return { rows: rows.slice(0, question.first), more: rows.length > question.first };
}

/** How many there are in all, exact up to EXACT_COUNT. */
export async function countAuditEntries(
  graph: Graph,
  scope: Scope,
  question: AuditQuestion,
): Promise<{ count: number; exact: boolean }> {
  const [row] = await graph.read(scope, countQuery, paramsOf({ ...question, after: null }, EXACT_COUNT + 1));
  const count = row?.count ?? 0;
  return { count: Math.min(count, EXACT_COUNT), exact: count <= EXACT_COUNT };
}
