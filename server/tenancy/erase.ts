import type { Label } from "../../graph-schema/catalog.js";
import { eraseAuditTexts } from "../audit/erase.js";
import type { Graph } from "../graph/graph.js";
import { counts, deletions, lockErased } from "./content.query.js";

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
  const scope = { tenantId, timeoutMs: TIMEOUT_MS };
  let deleted = 0;
  for (const query of deletions.values()) {
    for (;;) {
      const { value } = await graph.write(scope, async (tx) => {
        if ((await tx.run(lockErased, {})).length === 0) return null;
        return (await tx.run(query, { limit: BATCH }))[0]?.deleted ?? 0;
      });
      if (value === null) return null;
      deleted += value;
      if (value < BATCH) break;
    }
  }
  const { value: texts } = await graph.write(scope, async (tx) => {
    if ((await tx.run(lockErased, {})).length === 0) return null;
    const system = { actor: "system", actorName: "system", reason: "the tenant was erased", at: Date.now() };
    return eraseAuditTexts(tx, { ...system, operationId: `erase/${tenantId}` });
  });
  return texts === null ? null : { deleted, entries: texts.erased, left: await whatIsLeft(graph, tenantId) };
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
