import type { Graph } from "../graph/graph.js";
import { clearOut } from "./erase.js";
import { bareStone, leaveRegion, moveState } from "./restore.query.js";

/** Where the tenant stands in this database; undefined where it isn't. */
export const readMove = async (graph: Graph, tenantId: string) => (await graph.read({ tenantId }, moveState, {}))[0];
export type MoveState = NonNullable<Awaited<ReturnType<typeof readMove>>>;

/**
 * Shuts a tenant that is on its way, for good: as the export with this SHA-256, which was begun when it stood as `begun`. False when
 * it doesn't stand so any more. From here on only its new region may open it.
 */
export async function leave(
  graph: Graph,
  tenantId: string,
  to: string,
  { version, leftAs }: Pick<MoveState, "version" | "leftAs">,
  sha256: string,
): Promise<boolean> {
  const { value } = await graph.write({ tenantId }, (tx) => tx.run(leaveRegion, { to, version, leftAs, sha256 }));
  return value.length > 0;
}

/** Deletes what a tenant that is open in its new region has left behind: all but a stone without its name. Answers how many nodes. */
export async function clearBehind(graph: Graph, tenantId: string): Promise<number> {
  const deleted = await clearOut(graph, tenantId, "MOVED");
  await graph.write({ tenantId }, (tx) => tx.run(bareStone, {}));
  return deleted ?? 0;
}
