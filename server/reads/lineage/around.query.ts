import { z } from "zod";
import { EVIDENCE_EDGES, LINEAGE_EDGES, type EdgeType, type NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { operationsById } from "../../commands/operation.query.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { decodeEdge, edgeRow, edgeRowSchema, holdsAt } from "../../graph/projection.js";
import { defineQuery, params, type Query } from "../../graph/query.js";
import type { ToldEdge } from "./lineage.query.js";
import { LINEAGE_LABELS } from "./standing.js";
import { batches, ulidOf } from "./walk.query.js";

interface AroundParams {
  ids: readonly string[];
  asOf: Instant;
  edgeTypes: readonly EdgeType[];
  /** Ids, without label, of all nodes shown by now, and of those that are asked around. */
  shown: readonly string[];
  page: readonly string[];
  counted: boolean;
}

const row = z.object({
  id: z.string(),
  hidden: z.number(),
  up: z.array(edgeRowSchema),
  down: z.array(edgeRowSchema),
});

const types = LINEAGE_EDGES.join("|");

/** Each edge between two nodes that are asked around comes once: from the one that stands on the other. */
const queries = new Map<NodeLabel, Query<AroundParams, z.infer<typeof row>>>(
  LINEAGE_LABELS.map((label) => [
    label,
    defineQuery({
      name: `around${label}`,
      mode: "read",
      scope: "tenant",
      params: params<AroundParams>(),
      cypher: `UNWIND $ids AS id
MATCH (a:${label} {tenantId: $tenantId, id: id})-[r:${types}]-(b)
WHERE ${holdsAt("r")} AND type(r) IN $edgeTypes
WITH id, a, r, b, b.id IN $shown AS visible, startNode(r) = a AS upstream
WITH id,
  collect(CASE WHEN visible AND upstream THEN ${edgeRow("r", "b", LINEAGE_EDGES)} END) AS up,
  collect(CASE WHEN visible AND NOT upstream AND NOT b.id IN $page THEN ${edgeRow("r", "b", LINEAGE_EDGES)} END) AS down,
  count(DISTINCT CASE WHEN $counted AND NOT visible THEN b END) AS hidden
RETURN id, hidden, up, down`,
      row,
    }),
  ]),
);
export const aroundQueries = [...queries.values()];

export interface Around {
  /** Edges with both ends shown, and one of them at least among the nodes that were asked around. */
  readonly edges: readonly ToldEdge[];
  /** Distinct neighbours that aren't shown, for each node that was asked around and has a neighbour. */
  readonly hidden: ReadonlyMap<string, number>;
}

/** What joins `ids` to each other and to the rest of `shown`. */
export async function readAround(
  graph: Graph,
  scope: Scope,
  {
    ids,
    shown,
    asOf,
    edgeTypes,
    counted,
    told,
  }: {
    ids: readonly string[];
    shown: readonly string[];
    asOf: Instant;
    edgeTypes: readonly EdgeType[] | null;
    counted: boolean;
    told: boolean;
  },
): Promise<Around> {
  const asked = {
    asOf,
    edgeTypes: edgeTypes ?? EVIDENCE_EDGES,
    shown: shown.map(ulidOf),
    page: ids.map(ulidOf),
    counted,
  };
  const edges: ToldEdge[] = [];
  const hidden = new Map<string, number>();
  await Promise.all(
    batches(ids).map(async ({ label, ids: some }) => {
      const query = queries.get(label);
      if (query === undefined) return;
      for (const found of await graph.read(scope, query, { ...asked, ids: some })) {
        const id = `${label}:${found.id}`;
        hidden.set(id, found.hidden);
        edges.push(...found.up.map((edge) => decodeEdge(edge, id, "from")));
        edges.push(...found.down.map((edge) => decodeEdge(edge, id, "to")));
      }
    }),
  );
  return { edges: told ? await withReasons(graph, scope, edges) : edges, hidden };
}

async function withReasons(graph: Graph, scope: Scope, edges: readonly ToldEdge[]): Promise<ToldEdge[]> {
  const operationIds = [...new Set(edges.map(({ openedBy }) => openedBy))];
  const rows = operationIds.length === 0 ? [] : await graph.read(scope, operationsById, { operationIds });
  const found = new Map(
    rows.map(({ operationId, actorName, reason }) => [operationId, { by: actorName, why: reason }]),
  );
  return edges.map((edge) => Object.assign(edge, found.get(edge.openedBy) ?? { by: "unknown", why: "" }));
}
