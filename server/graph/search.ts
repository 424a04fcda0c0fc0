import { z } from "zod";
import { SEARCH_INDEX } from "../../graph-schema/constraints.js";
import { NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import type { Instant } from "../../graph-schema/time.js";
import type { Graph, Scope } from "./graph.js";
import { tenantKey } from "./life.js";
import { holdsAt, nodeRow, nodeRowSchema, versionAt, type AnyNode } from "./projection.js";
import { defineQuery, params } from "./query.js";

/** Matches are counted exactly up to here, and can be paged through up to here. */
export const MAX_MATCHES = 1_000;

interface SearchParams {
  lucene: string;
  phrase: string;
  labels: readonly NodeLabel[];
  asOf: Instant;
  most: number;
  skip: number;
  first: number;
}

/**
 * The only full-text call. The index holds every tenant's titles, so the tenant is a term of the query, which finds all of
 * its matches at the cost of its own; the predicate behind it is the wall. An exact title comes first, then a title that
 * begins with the words, then the better match.
 */
export const searchQuery = defineQuery({
  name: "search",
  mode: "read",
  scope: "tenant",
  params: params<SearchParams>(),
  cypher: `CALL db.index.fulltext.queryNodes("${SEARCH_INDEX}", $lucene, {limit: $most}) YIELD node AS n, score
WHERE n.tenantId = $tenantId AND ${holdsAt("n")} AND any(label IN labels(n) WHERE label IN $labels)
WITH n, score, toLower(n.title) AS title
WITH n, CASE WHEN title = $phrase THEN 0 WHEN title STARTS WITH $phrase THEN 1 ELSE 2 END AS rank, score
ORDER BY rank, score DESC, n.id
WITH collect(n) AS found
RETURN size(found) AS total, [pair IN [n IN found[$skip..($skip + $first)] | [n, ${versionAt("n")}]] | ${nodeRow("pair[0]", "pair[1]")}] AS nodes`,
  row: z.object({ total: z.number(), nodes: z.array(nodeRowSchema) }),
});

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/**
 * The user's words as a query that the index understands: nothing of its syntax gets through, since only letters, digits
 * and marks do. The last word may be unfinished. Null when there is no word in it.
 */
export function toLucene(tenantId: string, text: string): string | null {
  const words = text.normalize("NFC").toLowerCase().match(WORD)?.slice(0, 30);
  if (words === undefined) return null;
  const terms = words.map((word, i) => (i === words.length - 1 ? `(title:"${word}" title:${word}*)` : `title:"${word}"`));
  return `+tenantKey:"${tenantKey(tenantId)}" ${terms.map((term) => `+${term}`).join(" ")}`;
}

export interface Matches {
  readonly nodes: readonly AnyNode[];
  readonly total: number;
  readonly totalIsExact: boolean;
}

export async function search(
  graph: Graph,
  scope: Scope,
  question: { text: string; labels: readonly NodeLabel[] | null; asOf: Instant; skip: number; first: number },
): Promise<Matches> {
  const lucene = toLucene(scope.tenantId, question.text);
  if (lucene === null) return { nodes: [], total: 0, totalIsExact: true };
  const phrase = question.text.normalize("NFC").trim().toLowerCase();
  const { asOf, skip, first } = question;
  const labels = question.labels ?? NODE_LABELS;
  // One more than is shown tells whether there are more.
  const [found] = await graph.read(scope, searchQuery, { lucene, phrase, labels, asOf, skip, first, most: MAX_MATCHES + 1 });
  const total = found?.total ?? 0;
  return { nodes: found?.nodes ?? [], total: Math.min(total, MAX_MATCHES), totalIsExact: total <= MAX_MATCHES };
}
