import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { closeEdge, openEdge } from "../../graph/edge.js";
import { createNode, presentNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { areInConflict } from "../claim/conflict.service.js";
import { decisionsInForce } from "./decision.repository.js";

/**
 * Decides which of two claims in conflict the studio holds to. Both claims stay as they are, and the decision stays linked to
 * both. A later decision replaces it: the earlier one stays too, and no longer picks.
 */
export const decideConflict = defineCommand({
  name: "decideConflict",
  capability: "decision.write",
  input: z
    .object({
      claimId: nodeId("Claim"),
      againstId: nodeId("Claim"),
      rationale: text(),
      title: text(500).nullish(),
      basedOnIds: z
        .array(nodeId("Source", "Snapshot", "Fact", "Claim", "Incident", "Decision"))
        .max(100)
        .nullish(),
    })
    .refine(({ claimId, againstId }) => claimId.id !== againstId.id, {
      path: ["againstId"],
      message: "must be the other claim of the conflict",
    }),
  async run({ tx, operationId, newId }, { claimId, againstId, rationale, title, basedOnIds }) {
    const basis = basedOnIds ?? [];
    const { at: before } = await lockAll(
      tx,
      [claimId, againstId, ...basis],
      ["claimId", "againstId", ...basis.map((_, i) => `basedOnIds.${i}`)],
    );
    if (!(await areInConflict(tx, claimId, againstId)))
      throw refuse("NOT_LINKED", "againstId", "No conflict of the two is recorded; record it first.");
    const earlier = await decisionsInForce(tx, claimId.id, againstId.id);
    const held = await lock(
      tx,
      earlier.map(({ id }) => ({ label: "Decision", id })),
    );
    const stamp = { at: Math.max(before, held.at), operationId };
    const picked = (await presentNode(tx, "Claim", claimId.id))!;
    const other = (await presentNode(tx, "Claim", againstId.id))!;
    const from = { label: "Decision", id: newId() } as const;
    await createNode(
      tx,
      from,
      {
        title: title ?? `“${picked.title}” or “${other.title}”`.slice(0, 500),
        outcome: `Holds to “${picked.title}”.`,
        rationale,
        decidedAt: stamp.at,
      },
      stamp,
    );
    for (const to of [claimId, againstId]) await openEdge(tx, { type: "ABOUT", from, to }, stamp);
    await openEdge(tx, { type: "PICKS", from, to: claimId }, stamp);
    for (const to of basis) await openEdge(tx, { type: "BASED_ON", from, to }, stamp);
    for (const one of earlier) {
      const to = { label: "Decision", id: one.id } as const;
      await closeEdge(tx, { type: "PICKS", from: to, to: { label: "Claim", id: one.picked } }, stamp);
      await openEdge(tx, { type: "REPLACES", from, to }, stamp);
    }
    const id = `Decision:${from.id}`;
    const data = { claimId: picked.id, againstId: other.id };
    return {
      result: { decisionId: id, ...data },
      at: stamp.at,
      events: [{ type: "decision.recorded", subject: id, data }],
    };
  },
});
