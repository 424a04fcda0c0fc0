import { z } from "zod";
import {
  EVIDENCE_EDGES,
  LINEAGE_EDGES,
  NODE_LABELS,
  type EdgeType,
  type NodeLabel,
} from "../../../graph-schema/catalog.js";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import {
  columnMap,
  decodeEdge,
  edgeRow,
  edgeRowSchema,
  holdsAt,
  nodeRow,
  nodeRowSchema,
  versionAt,
  type AnyNode,
  type EdgeRow,
} from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery, type Query } from "../../graph/query.js";
import { filterParams, passing } from "./standing.query.js";
import type { NodeFilter } from "./standing.js";

export const DIRECTIONS = ["UPSTREAM", "DOWNSTREAM", "BOTH"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const MAX_DEPTH = 12;
/** Distinct nodes are counted exactly up to here; beyond it the total is a lower bound. */
export const EXACT_TOTAL = 10_000;

interface LineageParams {
  id: string;
  asOf: Instant;
  /** Null follows the evidence edges. */
  edgeTypes: readonly EdgeType[] | null;
  /** Most nodes that are gathered. */
  cap: number;
  /** The page: nodes from `skip` (inclusive) to `until` (exclusive), in order of level and id. Up to 0 there is none, and nothing is ordered. */
  skip: number;
  until: number;
  /** Whether the neighbours that stay hidden are counted. */
  counted: boolean;
  /** Whether the operations that opened the edges are wanted too. */
  told: boolean;
  /** Which nodes are shown; only texts that filter read it. */
  filter: Required<NodeFilter> | null;
}

/** Id, actor's name and reason of an operation that opened edges. */
const operation = z.tuple([z.string(), z.string(), z.string()]);
/** How many nodes were gathered, and who drew the edges. */
const whole = z.tuple([z.number(), z.array(operation)]);
/**
 * Of a node up to `until` that has a neighbour: label, id, how many neighbours aren't shown, and the edges that touch the
 * page, each told of by one of its ends.
 */
const around = z.tuple([z.string(), z.string(), z.number(), z.array(edgeRowSchema)]);

/**
 * An answer comes in many small rows: the driver decodes a row that it received in one piece three times sooner than one
 * that it must put together (docs/performance.md). First comes the whole, then what is around the nodes, then the page.
 */
const row = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("whole"), row: whole }),
  z.object({ kind: z.literal("around"), row: around }),
  z.object({ kind: z.literal("node"), row: nodeRowSchema }),
]);
type LineageRow = z.infer<typeof row>;

const arrow = (direction: Direction, edge: string): string =>
  `${direction === "DOWNSTREAM" ? "<" : ""}-[${edge}]-${direction === "UPSTREAM" ? ">" : ""}`;

/** "": along the evidence edges. Chosen: along those that are named. Filtered: the same, and not every node is shown; Weighed: by its confidence too. */
export const KINDS = ["", "Chosen", "Filtered", "Weighed"] as const;
type Kind = (typeof KINDS)[number];

/** The way goes on through nodes that aren't shown, so their sources are found; the root is always shown. */
const filtered = (weighed: boolean) => `root, n, min(size(path)) AS level
${passing(weighed, "n = root")}
WITH n, level`;

/**
 * One traversal, as one statement. The database expands it breadth first and visits each node once (the plan says
 * `VarLengthExpand(Pruning,BFS)`, and a test holds it to that), so cycles end, paths never multiply, and it stops when
 * the cap is reached. Then it looks once around the nodes to be shown, for their edges and for what stays hidden, and on
 * the way fetches who drew the edges: a second question would cost as much again (docs/performance.md).
 */
function lineageText(root: NodeLabel, direction: Direction, depth: number, kind: Kind): string {
  const chosen = kind !== "";
  const followed = chosen ? LINEAGE_EDGES : EVIDENCE_EDGES;
  const types = followed.join("|");
  const open = chosen ? `${holdsAt("r")} AND type(r) IN $edgeTypes` : holdsAt("r");
  // Both ways an edge is met from either end: the one that it starts from tells of it.
  const told = direction === "BOTH" ? "near AND startNode(r) = a" : "near";
  return `MATCH (root:${root} {tenantId: $tenantId, id: $id})
WHERE ${holdsAt("root")}
MATCH (root)${arrow(direction, `path:${types}*0..${depth}`)}(n)
WHERE all(r IN path WHERE ${open})
WITH ${kind === "Filtered" || kind === "Weighed" ? filtered(kind === "Weighed") : "n, min(size(path)) AS level"} ORDER BY level, CASE WHEN $until > 0 THEN n.id END LIMIT $cap + 1
WITH collect(n) AS seen
WITH size(seen) AS gathered, seen[0..$until] AS shown, seen[$skip..$until] AS page
CALL (shown, page) {
  UNWIND shown AS a
  WITH a, $skip = 0 OR a IN page AS paged
  MATCH (a)${arrow(direction, `r:${types}`)}(b)
  WHERE ${open}
  WITH a, paged, r, b, b IN shown AS visible
  WITH a, paged, r, b, visible, visible AND (paged OR b IN page) AS near
  WITH a, paged,
    collect(CASE WHEN ${told} THEN ${edgeRow("r", "b", followed)} END) AS edges,
    count(DISTINCT CASE WHEN $counted AND NOT visible THEN b END) AS hidden,
    count(CASE WHEN near THEN 1 END) AS gained
  WHERE paged OR gained > 0
  RETURN collect([labels(a)[0], a.id, hidden, edges]) AS around
}
CALL (around) {
  UNWIND CASE WHEN $told THEN around ELSE [] END AS one
  UNWIND one[3] AS edge
  WITH DISTINCT edge[4] AS openedBy
  MATCH (o:Operation {tenantId: $tenantId, operationId: openedBy})
  RETURN collect([openedBy, o.actorName, o.reason]) AS operations
}
WITH *, ${columnMap()} AS columns
UNWIND [["whole", [gathered, operations]]] + [one IN around | ["around", one]] +
  [pair IN [n IN page | [n, ${versionAt("n")}]] | ["node", ${nodeRow("pair[0]", "pair[1]", NODE_LABELS, "columns")}]] AS told
RETURN told[0] AS kind, told[1] AS row`;
}

const keyOf = (root: NodeLabel, direction: Direction, depth: number, kind: Kind) =>
  `lineage${root}${direction}${depth}${kind}`;
const queries = new Map<string, Query<LineageParams, LineageRow>>();
const depths = Array.from({ length: MAX_DEPTH }, (_, i) => i + 1);
for (const root of NODE_LABELS) {
  for (const direction of DIRECTIONS) {
    for (const depth of depths) {
      for (const kind of KINDS) {
        const name = keyOf(root, direction, depth, kind);
        const cypher = lineageText(root, direction, depth, kind);
        queries.set(
          name,
          defineQuery({ name, mode: "read", scope: "tenant", params: params<LineageParams>(), cypher, row }),
        );
      }
    }
  }
}
export const lineageQueries: readonly AnyQuery[] = [...queries.values()];

export interface LineageQuestion {
  readonly root: NodeId;
  readonly direction: Direction;
  readonly depth: number;
  readonly asOf: Instant;
  readonly edgeTypes: readonly EdgeType[] | null;
  /** What a node must be to be shown, the root excepted; null shows all. */
  readonly nodes?: NodeFilter | null;
  /** Nodes shown on earlier pages. */
  readonly skip: number;
  /** 0 asks for the total alone, which is counted in a third of the time. */
  readonly first: number;
  /** Whether `hidden` is wanted; it is unless said otherwise. */
  readonly counted?: boolean;
  /** Whether `by` and `why` of the edges are wanted. */
  readonly told?: boolean;
}

/** The edge as the record of an instant told it: an end that came later wasn't known. */
export const knownAt = <E extends EdgeRow>(edge: E, asOf: Instant): E =>
  edge.validTo === FOREVER || edge.validTo <= asOf ? edge : { ...edge, validTo: FOREVER };

export interface ToldEdge extends EdgeRow {
  /** Name of who opened it. */
  readonly by?: string;
  readonly why?: string;
}

export interface LineagePage {
  /** This page's, in order of level and id; the first page begins with the root. */
  readonly nodes: readonly AnyNode[];
  /** Edges with both ends shown by now, and at least one of them on this page. */
  readonly edges: readonly ToldEdge[];
  /** For the nodes of this page, and for earlier ones that gained a neighbour on it: distinct neighbours not shown by now. */
  readonly hidden: readonly { readonly id: string; readonly count: number }[];
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** Null when the root isn't there at the instant, or isn't this tenant's. */
export async function readLineage(graph: Graph, scope: Scope, question: LineageQuestion): Promise<LineagePage | null> {
  const { root, direction, depth, asOf, skip, first, nodes: shown = null, counted = true, told = false } = question;
  const plainKind = question.edgeTypes === null ? "" : "Chosen";
  const kind = shown === null ? plainKind : shown.confidence ? "Weighed" : "Filtered";
  const query = queries.get(keyOf(root.label, direction, depth, kind));
  const edgeTypes = shown === null ? question.edgeTypes : (question.edgeTypes ?? EVIDENCE_EDGES);
  const filter = shown === null ? null : filterParams(shown);
  if (query === undefined) throw new Error(`no lineage text for depth ${depth}`);
  const until = skip + first;
  const cap = Math.max(EXACT_TOTAL, until);
  const rows = await graph.read(scope, query, {
    id: root.id,
    asOf,
    edgeTypes,
    cap,
    skip,
    until,
    counted,
    told,
    filter,
  });
  const { gathered, operations, around, nodes } = gather(rows);
  // Without a root nothing is gathered, and the statement says that in a row all the same.
  if (gathered === 0) return null;
  return {
    nodes,
    edges: edgesOf(around, direction === "DOWNSTREAM" ? "to" : "from", told ? operations : null),
    hidden: counted ? hiddenOf(around, nodes) : [],
    total: Math.min(gathered, cap),
    totalIsExact: gathered <= cap,
  };
}

type Around = z.infer<typeof around>;
type Operation = z.infer<typeof operation>;

function gather(rows: readonly LineageRow[]) {
  const nodes: AnyNode[] = [];
  const neighbours: Around[] = [];
  let [gathered, operations]: z.infer<typeof whole> = [0, []];
  for (const { kind, row: told } of rows) {
    if (kind === "node") nodes.push(told);
    else if (kind === "around") neighbours.push(told);
    else [gathered, operations] = told;
  }
  return { gathered, operations, around: neighbours, nodes };
}

function edgesOf(seen: readonly Around[], side: "from" | "to", operations: readonly Operation[] | null): ToldEdge[] {
  const found = new Map(operations?.map(([id, by, why]) => [id, { by, why }]));
  const nobody = { by: "unknown", why: "" };
  return seen.flatMap(([label, id, , edges]) =>
    edges.map((one) => {
      const edge: ToldEdge = decodeEdge(one, `${label}:${id}`, side);
      return operations === null ? edge : Object.assign(edge, found.get(edge.openedBy) ?? nobody);
    }),
  );
}

/** Those of earlier pages, then the page's own in its order; a node without any neighbour isn't told of, and hides none. */
function hiddenOf(seen: readonly Around[], nodes: readonly AnyNode[]): LineagePage["hidden"] {
  const counts = new Map(seen.map(([label, id, count]) => [`${label}:${id}`, count]));
  for (const { id } of nodes) {
    const count = counts.get(id) ?? 0;
    counts.delete(id);
    counts.set(id, count);
  }
  return [...counts].map(([id, count]) => ({ id, count }));
}
