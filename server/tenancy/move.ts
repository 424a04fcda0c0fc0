import type { Graph } from "../graph/graph.js";
import { clearOut } from "./erase.js";
import { bareStone, leaveRegion, moveState } from "./restore.query.js";

/** Where the tenant stands in this database; undefined where it isn't. */
export const readMove = async (graph: Graph, tenantId: string) => (await graph.read({ tenantId }, moveState, {}))[0];

/** Shuts a tenant that is on its way, for good; false when somebody has called it off. From here on only its new region may open it. */
export async function leave(graph: Graph, tenantId: string, to: string): Promise<boolean> {
  const { value } = await graph.write({ tenantId }, (tx) => tx.run(leaveRegion, { to }));
  return value.length > 0;
}

/** Deletes what a tenant that is open in its new region has left behind: all but a stone without its name. Answers how many nodes. */
export async function clearBehind(graph: Graph, tenantId: string): Promise<number> {
  const deleted = await clearOut(graph, tenantId, "MOVED");
  await graph.write({ tenantId }, (tx) => tx.run(bareStone, {}));
  return deleted ?? 0;
}
