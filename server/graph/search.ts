import { z } from "zod";
import { SEARCH_INDEX } from "../../graph-schema/constraints.js";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import type { Instant } from "../../graph-schema/time.js";
import type { Graph, Scope } from "./graph.js";
import { labelKey, tenantKey } from "./life.js";
import { holdsAt, nodeRow, nodeRowSchema, versionAt, type AnyNode } from "./projection.js";
import { defineQuery, params } from "./query.js";

/** Matches are counted exactly up to here, and can be paged through up to here. */
export const MAX_MATCHES = 1_000;
/** Words of a search that count; the rest of a longer text is passed over. */
const MAX_WORDS = 30;

interface SearchParams {
  lucene: string;
  phrase: string;
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
WHERE n.tenantId = $tenantId AND ${holdsAt("n")}
WITH n, score, toLower(n.title) AS title
WITH n, CASE WHEN title = $phrase THEN 0 WHEN title STARTS WITH $phrase THEN 1 ELSE 2 END AS rank, score
ORDER BY rank, score DESC, n.id
WITH collect(n) AS found
RETURN size(found) AS total, [pair IN [n IN found[$skip..($skip + $first)] | [n, ${versionAt("n")}]] | ${nodeRow("pair[0]", "pair[1]")}] AS nodes`,
  row: z.object({ total: z.number(), nodes: z.array(nodeRowSchema) }),
});

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** A written word: letters, digits and marks, and whatever stands between them, such as 3.5kWh, Europe's, COVID-19. */
const WRITTEN = /[\p{L}\p{N}\p{M}](?:\S*[\p{L}\p{N}\p{M}])?/u;

/** A word for the index's own analyser, which knows what of it is one token. Quoted, nothing of the syntax is left in it. */
const quoted = (word: string): string => `title:"${word.replace(/["\\]/g, "\\$&")}"`;
/** The beginning of a token, with every sign escaped. */
const begun = (start: string): string => `title:${start.replace(/[^\p{L}\p{N}\p{M}]/gu, "\\$&")}*`;

/** The last word may be unfinished: as a whole, as a token begun, or as some tokens of which the last is begun. */
function unfinished(word: string): string {
  const parts = word.match(WORD) ?? [];
  const split = parts.map((part, i) => `+${i === parts.length - 1 ? begun(part) : quoted(part)}`);
  return `(${quoted(word)} ${begun(word)}${split.length > 1 ? ` (${split.join(" ")})` : ""})`;
}

/**
 * The user's words as a query that the index understands, where each must be found; nothing of its syntax gets through.
 * Null when there is no word in it.
 */
export function toLucene(tenantId: string, text: string, labels: readonly NodeLabel[] | null = null): string | null {
  const chunks = text.normalize("NFC").toLowerCase().split(/\s+/u);
  const words = chunks.flatMap((chunk) => WRITTEN.exec(chunk)?.[0] ?? []).slice(0, MAX_WORDS);
  if (words.length === 0) return null;
  const terms = words.map((word, i) => (i === words.length - 1 ? unfinished(word) : quoted(word)));
  const kinds =
    labels === null ? "" : `+(${[...new Set(labels)].map((label) => `labelKey:${labelKey(label)}`).join(" ")}) `;
  return `+tenantKey:"${tenantKey(tenantId)}" ${kinds}${terms.map((term) => `+${term}`).join(" ")}`;
}

/** The same for whole words of which any may be found: what has more of them comes first. Null when there is none. */
export function toLuceneAny(tenantId: string, words: readonly string[], labels: readonly NodeLabel[]): string | null {
  const terms = words
    .map((word) => word.normalize("NFC").toLowerCase())
    .flatMap((word) => WRITTEN.exec(word)?.[0] ?? [])
    .slice(0, MAX_WORDS);
  if (terms.length === 0) return null;
  const kinds = [...new Set(labels)].map((label) => `labelKey:${labelKey(label)}`).join(" ");
  return `+tenantKey:"${tenantKey(tenantId)}" +(${kinds}) +(${terms.map(quoted).join(" ")})`;
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
  const lucene = toLucene(scope.tenantId, question.text, question.labels);
  if (lucene === null || question.labels?.length === 0) return { nodes: [], total: 0, totalIsExact: true };
  const phrase = question.text.normalize("NFC").trim().toLowerCase();
  const { asOf, skip, first } = question;
  // One more than is shown tells whether there are more.
  const [found] = await graph.read(scope, searchQuery, {
    lucene,
    phrase,
    asOf,
    skip,
    first,
    most: MAX_MATCHES + 1,
  });
  const total = found?.total ?? 0;
  return { nodes: found?.nodes ?? [], total: Math.min(total, MAX_MATCHES), totalIsExact: total <= MAX_MATCHES };
}
