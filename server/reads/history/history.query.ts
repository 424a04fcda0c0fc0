import { z } from "zod";
import { EDGE_TYPES, EDGES, NODE_LABELS, type EdgeType, type NodeLabel } from "../../../graph-schema/catalog.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { nodeRow, nodeRowOf, type AnyNode } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";

/** Changes are counted exactly up to here. */
export const EXACT_HISTORY = 10_000;

/** What a change can be. At one instant the node's version comes first, then what closed, then what opened. */
const RANKS = { version: 0, closed: 1, opened: 2 } as const;

/** Edges between things that have a life: a text and a revision belong to their node. */
export const RELATIONS = EDGE_TYPES.filter((type) => type !== "HAS_BODY" && type !== "REVISION_OF");
const relationsOf = (label: NodeLabel): EdgeType[] =>
  RELATIONS.filter((type) => EDGES[type].endpoints.some((ends) => (ends as readonly string[]).includes(label)));

interface HistoryParams {
  id: string;
  asOf: Instant;
  /** The last change of the page before; behind every change for the first page. */
  at: Instant;
  rank: number;
  key: string;
  limit: number;
}

/** An edge as it was met: type, other end, whether the arrow leaves the node, interval. */
const edge = z.tuple([z.enum(RELATIONS), z.string(), z.boolean(), z.number(), z.number()]);
const row = z.object({
  at: z.number(),
  rank: z.union([z.literal(RANKS.version), z.literal(RANKS.closed), z.literal(RANKS.opened)]),
  key: z.string(),
  operationId: z.string().nullable(),
  version: z.number().nullable(),
  edge: edge.nullable(),
});
export type HistoryRow = z.infer<typeof row>;

/**
 * Everything that happened to the node, up to `$at`. What lies behind the page is passed over by its instant, before
 * anything else of it is looked at, so that a page of a node with very many edges costs a look at their intervals.
 */
const happened = (label: NodeLabel): string => `MATCH (n:${label} {tenantId: $tenantId, id: $id})
WHERE n.validFrom <= $asOf AND n.validTo > $asOf
CALL (n) {
  UNWIND [n] AS v
  WITH v WHERE v.versionFrom <= $at
  RETURN v.versionFrom AS at, ${RANKS.version} AS rank, "" AS key, v.versionBy AS operationId, v.version AS version, null AS r, null AS b, false AS leaves
  UNION ALL
  MATCH (past:Revision)-[:REVISION_OF]->(n)
  WHERE past.validFrom <= $at
  RETURN past.validFrom AS at, ${RANKS.version} AS rank, "" AS key, past.by AS operationId, past.n AS version, null AS r, null AS b, false AS leaves
  UNION ALL
  MATCH (n)-[r:${relationsOf(label).join("|")}]-(b)
  WHERE r.validFrom <= $asOf
  UNWIND CASE WHEN r.validTo <= $asOf THEN [[r.validFrom, ${RANKS.opened}], [r.validTo, ${RANKS.closed}]] ELSE [[r.validFrom, ${RANKS.opened}]] END AS event
  WITH r, b, event[0] AS at, event[1] AS rank, startNode(r) = n AS leaves
  WHERE at <= $at
  WITH r, b, at, rank, leaves, type(r) + CASE WHEN leaves THEN ">" ELSE "<" END + b.id AS key
  RETURN at, rank, key, CASE rank WHEN ${RANKS.opened} THEN r.openedBy ELSE r.closedBy END AS operationId, null AS version, r, b, leaves
}
WITH at, rank, key, operationId, version, r, b, leaves
WHERE CASE WHEN at < $at THEN true WHEN rank = $rank THEN key < $key ELSE rank < $rank END`;

const forLabels = <T>(make: (label: NodeLabel) => T) =>
  Object.fromEntries(NODE_LABELS.map((label) => [label, make(label)])) as Record<NodeLabel, T>;

const pages = forLabels((label) =>
  defineQuery({
    name: `historyOf${label}`,
    mode: "read",
    scope: "tenant",
    params: params<HistoryParams>(),
    cypher: `${happened(label)}
WITH at, rank, key, operationId, version, r, b, leaves
ORDER BY at DESC, rank DESC, key DESC LIMIT $limit
RETURN at, rank, key, operationId, version,
  CASE WHEN r IS NOT NULL THEN [type(r), labels(b)[0] + ":" + b.id, leaves, r.validFrom, r.validTo] END AS edge`,
    row,
  }),
);

const counts = forLabels((label) =>
  defineQuery({
    name: `historyCountOf${label}`,
    mode: "read",
    scope: "tenant",
    params: params<HistoryParams>(),
    cypher: `${happened(label)}
WITH at LIMIT $limit
RETURN count(at) AS count`,
    row: z.object({ count: z.number() }),
  }),
);

/** Versions by their numbers: the node itself has the newest, its revisions the others. */
const versions = forLabels((label) =>
  defineQuery({
    name: `versionsOf${label}`,
    mode: "read",
    scope: "tenant",
    params: params<{ id: string; oldest: number; newest: number }>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId, id: $id})
CALL (n) {
  UNWIND [n] AS v
  WITH v WHERE v.version >= $oldest AND v.version <= $newest
  RETURN v
  UNION ALL
  MATCH (v:Revision)-[:REVISION_OF]->(n)
  WHERE v.n >= $oldest AND v.n <= $newest
  RETURN v
}
RETURN ${nodeRow("n", "v", [label])} AS node`,
    row: z.object({ node: nodeRowOf(label) }),
  }),
);

export const historyQueries: readonly AnyQuery[] = [pages, counts, versions].flatMap((one) => Object.values(one));

export interface HistoryPosition {
  readonly at: Instant;
  readonly rank: number;
  readonly key: string;
}

export interface HistoryQuestion {
  readonly node: NodeId;
  readonly asOf: Instant;
  /** The last change of the page before; null for the first page. */
  readonly after: HistoryPosition | null;
  readonly first: number;
}

/** Behind every change of an instant. */
const LAST: Pick<HistoryPosition, "rank" | "key"> = { rank: RANKS.opened + 1, key: "" };

const paramsOf = ({ node, asOf, after }: HistoryQuestion, limit: number): HistoryParams => ({
  id: node.id,
  asOf,
  ...LAST,
  at: asOf,
  ...after,
  limit,
});

/** One page, newest first, and whether there is more. Without any row the node wasn't there at the instant: a life begins with a version. */
export async function readHistory(
  graph: Graph,
  scope: Scope,
  question: HistoryQuestion,
): Promise<{ rows: readonly HistoryRow[]; more: boolean }> {
  const rows = await graph.read(scope, pages[question.node.label], paramsOf(question, question.first + 1));
  return { rows: rows.slice(0, question.first), more: rows.length > question.first };
}

/** How many changes there were in all, exact up to EXACT_HISTORY. */
export async function countHistory(
  graph: Graph,
  scope: Scope,
  question: HistoryQuestion,
): Promise<{ count: number; exact: boolean }> {
  const asked = paramsOf({ ...question, after: null }, EXACT_HISTORY + 1);
  const [row] = await graph.read(scope, counts[question.node.label], asked);
  const count = row?.count ?? 0;
  return { count: Math.min(count, EXACT_HISTORY), exact: count <= EXACT_HISTORY };
}

export type Versions = ReadonlyMap<number, AnyNode>;

/** The node's versions with these numbers, by number. */
export async function readVersions(
  graph: Graph,
  scope: Scope,
  { label, id }: NodeId,
  oldest: number,
  newest: number,
): Promise<Versions> {
  const rows = await graph.read(scope, versions[label], { id, oldest, newest });
  return new Map(rows.map(({ node }) => [node.version, node as AnyNode]));
}
