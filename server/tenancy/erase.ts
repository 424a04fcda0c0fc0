import type { Label } from "../../graph-schema/catalog.js";
import { eraseAuditTexts } from "../audit/erase.js";
import type { Graph } from "../graph/graph.js";
import { CONTENT, counts, deletions, lockGone, type Gone } from "./content.query.js";

/** Nodes of one transaction. */
const BATCH = 1_000;
const TIMEOUT_MS = 600_000;

export interface Erased {
  readonly deleted: number;
  /** Audit entries whose texts went. */
  readonly entries: number;
  /** Nodes that are still there, by label; empty when all is done. */
  readonly left: Readonly<Partial<Record<Label, number>>>;
}

/**
 * Deletes what a tenant had, once the command that erases it was carried out: batch by batch, and from where it stopped when
 * it is run again. Of a tenant that wasn't erased it deletes nothing. The audit log stays whole: digests take the place of
 * what people wrote. Answers null when there is no such tenant.
 */
export async function eraseContent(graph: Graph, tenantId: string): Promise<Erased | null> {
  const deleted = await deleteOf(graph, tenantId, "ERASED", CONTENT);
  if (deleted === null) return null;
  const { value: texts } = await graph.write({ tenantId, timeoutMs: TIMEOUT_MS }, async (tx) => {
    if ((await tx.run(lockGone, { status: "ERASED" })).length === 0) return null;
    const system = { actor: "system", actorName: "system", reason: "the tenant was erased", at: Date.now() };
    return eraseAuditTexts(tx, { ...system, operationId: `erase/${tenantId}` });
  });
  return texts === null ? null : { deleted, entries: texts.erased, left: await whatIsLeft(graph, tenantId) };
}

/**
 * Deletes all but the stone of a tenant that moved away, or whose restoring is given up: its audit log too, which is whole where
 * it went or where the export is. Left here without its end, it would be another log than that one. Answers null for any other.
 */
export const clearOut = (graph: Graph, tenantId: string, status: Exclude<Gone, "ERASED">): Promise<number | null> =>
  deleteOf(graph, tenantId, status, [...deletions.keys()]);

async function deleteOf(
  graph: Graph,
  tenantId: string,
  status: Gone,
  labels: readonly Label[],
): Promise<number | null> {
  let deleted = 0;
  for (const label of labels) {
    for (;;) {
      const { value } = await graph.write({ tenantId, timeoutMs: TIMEOUT_MS }, async (tx) => {
        if ((await tx.run(lockGone, { status })).length === 0) return null;
        return (await tx.run(deletions.get(label)!, { limit: BATCH }))[0]?.deleted ?? 0;
      });
      if (value === null) return null;
      deleted += value;
      if (value < BATCH) break;
    }
  }
  return deleted;
}

/** How many nodes of each label are left; the proof of an erasure. */
export async function whatIsLeft(graph: Graph, tenantId: string): Promise<Erased["left"]> {
  const left: Partial<Record<Label, number>> = {};
  for (const [label, query] of counts) {
    const nodes = (await graph.read({ tenantId, timeoutMs: TIMEOUT_MS }, query, {}))[0]?.nodes ?? 0;
    if (nodes > 0) left[label] = nodes;
  }
  return left;
}
