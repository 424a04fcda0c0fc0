import { z } from "zod";
import { EDGES, LINEAGE_EDGES, NODE_LABELS, type EdgeType, type NodeLabel } from "../../../graph-schema/catalog.js";
import { parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { versionAt, type EdgeRow } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";
import { EXACT_TOTAL, readLineage, type Direction } from "../lineage/lineage.query.js";
import type { Side } from "./difference.js";

const forLabels = <T>(labels: readonly NodeLabel[], make: (label: NodeLabel) => T) =>
  new Map(labels.map((label) => [label, make(label)]));
const leaving = (label: NodeLabel): EdgeType[] =>
  LINEAGE_EDGES.filter((type) => EDGES[type].endpoints.some(([from]) => from === label));

interface EndedEdge {
  from: string;
  type: EdgeType;
  to: string;
  validFrom: Instant;
}

/** Lineage says who opened an edge; who closed it is asked of the few that are told of. */
const closers = forLabels(
  NODE_LABELS.filter((label) => leaving(label).length > 0),
  (label) =>
    defineQuery({
      name: `closersOfEdgesFrom${label}`,
      mode: "read",
      scope: "tenant",
      params: params<{ edges: EndedEdge[] }>(),
      cypher: `UNWIND range(0, size($edges) - 1) AS i
WITH i, $edges[i] AS edge
MATCH (a:${label} {tenantId: $tenantId, id: edge.from})-[r:${leaving(label).join("|")}]->(b)
WHERE r.validFrom = edge.validFrom AND type(r) = edge.type AND b.tenantId = $tenantId AND b.id = edge.to
RETURN i, r.closedBy AS closedBy`,
      row: z.object({ i: z.number(), closedBy: z.string().nullable() }),
    }),
);

/** Who made the version that held at the instant. */
const authors = forLabels(NODE_LABELS, (label) =>
  defineQuery({
    name: `authorsOf${label}`,
    mode: "read",
    scope: "tenant",
    params: params<{ ids: string[]; asOf: Instant }>(),
    cypher: `UNWIND $ids AS id
MATCH (n:${label} {tenantId: $tenantId, id: id})
WITH n, ${versionAt("n")} AS v
RETURN n.id AS id, coalesce(v.by, v.versionBy) AS operationId`,
    row: z.object({ id: z.string(), operationId: z.string().nullable() }),
  }),
);

export const lineageDiffQueries: readonly AnyQuery[] = [...closers.values(), ...authors.values()];

/** Most nodes of a side: as many as are counted exactly. */
export const MAX_SIDE = EXACT_TOTAL;

/** The lineage at one instant, all of it up to MAX_SIDE nodes. */
export async function readSide(
  graph: Graph,
  scope: Scope,
  question: { root: NodeId; direction: Direction; depth: number; at: Instant },
): Promise<Side & { readonly total: number }> {
  const { root, direction, depth, at } = question;
  const page = await readLineage(graph, scope, {
    root,
    direction,
    depth,
    asOf: at,
    edgeTypes: null,
    skip: 0,
    first: MAX_SIDE,
    counted: false,
  });
  if (page === null) return { at, nodes: [], edges: [], whole: true, total: 0 };
  return { at, nodes: page.nodes, edges: page.edges, whole: page.totalIsExact, total: page.total };
}

/** Operations that closed the edges, in their order; null for one that isn't closed. */
export async function closersOf(graph: Graph, scope: Scope, edges: readonly EdgeRow[]): Promise<(string | null)[]> {
  const found = edges.map((): string | null => null);
  const labels = [...new Set(edges.map(({ from }) => parseNodeId(from)!.label))];
  await Promise.all(
    labels.map(async (label) => {
      const mine = edges.flatMap((edge, i) => (parseNodeId(edge.from)!.label === label ? [{ edge, i }] : []));
      const asked = mine.map(({ edge: { type, from, to, validFrom } }) => ({
        type,
        from: parseNodeId(from)!.id,
        to: parseNodeId(to)!.id,
        validFrom,
      }));
      for (const { i, closedBy } of await graph.read(scope, closers.get(label)!, { edges: asked }))
        found[mine[i]!.i] = closedBy;
    }),
  );
  return found;
}

/** Operations that made the versions of these nodes which held at the instant, by public id. */
export async function authorsOf(
  graph: Graph,
  scope: Scope,
  ids: readonly string[],
  asOf: Instant,
): Promise<Map<string, string>> {
  const nodes = ids.map((id) => parseNodeId(id)!);
  const labels = [...new Set(nodes.map(({ label }) => label))];
  const rows = await Promise.all(
    labels.map(async (label) => {
      const mine = nodes.filter((node) => node.label === label).map(({ id }) => id);
      const found = await graph.read(scope, authors.get(label)!, { ids: mine, asOf });
      return found.map(({ id, operationId }) => [`${label}:${id}`, operationId ?? ""] as const);
    }),
  );
  return new Map(rows.flat());
}
