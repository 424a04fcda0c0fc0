import { z } from "zod";
import { NODE_LABELS, type NodeLabel } from "../../../graph-schema/catalog.js";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt, nodeRow, nodeRowOf, versionAt, type AnyNode } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

const byIds = Object.fromEntries(
  NODE_LABELS.map((label) => [
    label,
    defineQuery({
      name: `${label}ByIds`,
      mode: "read",
      scope: "tenant",
      params: params<{ ids: string[]; asOf: Instant }>(),
      cypher: `UNWIND $ids AS id
MATCH (n:${label} {tenantId: $tenantId, id: id})
WHERE ${holdsAt("n")}
WITH n, ${versionAt("n")} AS v
RETURN ${nodeRow("n", "v", [label])} AS node`,
      row: z.object({ node: nodeRowOf(label) }),
    }),
  ]),
) as Record<NodeLabel, ReturnType<typeof defineQuery<{ ids: string[]; asOf: Instant }, { node: AnyNode }>>>;

export const nodeQueries = Object.values(byIds);

/** The nodes as they were at the instant, by public id; what isn't there then, or isn't this tenant's, is missing from the map. */
export const nodesById = (
  graph: Graph,
  scope: Scope,
  ids: readonly NodeId[],
  asOf: Instant,
): Promise<Map<string, AnyNode>> =>
  nodesIn({ tenantId: scope.tenantId, run: (query, params) => graph.read(scope, query, params) }, ids, asOf);

/** The same, of whoever has a reader of the tenant. */
export async function nodesIn(reader: Reader, ids: readonly NodeId[], asOf: Instant): Promise<Map<string, AnyNode>> {
  const labels = [...new Set(ids.map((id) => id.label))];
  const rows = await Promise.all(
    labels.map((label) => {
      const wanted = [...new Set(ids.filter((id) => id.label === label).map((id) => id.id))];
      return reader.run(byIds[label], { ids: wanted, asOf });
    }),
  );
  return new Map(rows.flat().map(({ node }) => [formatNodeId(node.label, node.ulid), node]));
}
