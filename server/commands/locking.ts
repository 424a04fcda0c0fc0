import type { NodeLabel } from "../../graph-schema/catalog.js";
import { formatNodeId, type NodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import type { WriteTx } from "../graph/graph.js";
import { lock, type Lock } from "../graph/lock.js";
import { notFound, Refusal, refuse } from "./problem.js";

/** Locks what an input names; refuses with the path of each that isn't there. `paths[i]` belongs to `nodes[i]`; one name stands for a list. */
export async function lockAll(tx: WriteTx, nodes: readonly NodeId[], paths: string | readonly string[]): Promise<Lock> {
  const held = await lock(tx, nodes);
  const problems = nodes.flatMap((node, i) => {
    if (held.found.has(formatNodeId(node.label, node.id))) return [];
    return notFound(typeof paths === "string" ? `${paths}.${i}` : (paths[i] ?? "")).problems;
  });
  if (problems.length > 0) throw new Refusal(problems);
  return held;
}

/** After a MERGE by natural key: a node that stood already is locked now, and the instant moves behind its newest version. */
export async function lockMerged(
  tx: WriteTx,
  label: NodeLabel,
  merged: { readonly id: string; readonly created: boolean },
  before: Instant,
): Promise<Instant> {
  if (merged.created) return before;
  const { at } = await lock(tx, [{ label, id: merged.id }]);
  return Math.max(at, before);
}

/** Refuses a change of a version that isn't the present one any more; `seen` is what the caller went by. */
export function mustBeVersion(node: { readonly version: number }, seen: number | null | undefined): void {
  if (seen == null || seen === node.version) return;
  throw refuse(
    "CONFLICT",
    "version",
    `Version ${node.version} stands by now, not ${seen}: look at what changed and decide anew.`,
  );
}
