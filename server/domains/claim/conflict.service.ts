import { z } from "zod";
import type { NodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { closeEdge, openEdge, type Ends } from "../../graph/edge.js";
import type { WriteTx } from "../../graph/graph.js";
import { openConflict } from "./claim.repository.js";

const pair = z
  .object({ claimId: nodeId("Claim"), otherId: nodeId("Claim") })
  .refine(({ claimId, otherId }) => claimId.id !== otherId.id, {
    path: ["otherId"],
    message: "must be another claim: none contradicts itself",
  });

/** A conflict has no direction; its arrow leads from the older claim, so that two who record it at once record one. */
function conflictOf(one: NodeId, other: NodeId): Ends<"CONFLICTS_WITH"> {
  const [from, to] = one.id < other.id ? [one, other] : [other, one];
  return { type: "CONFLICTS_WITH", from, to };
}

/** Whether two claims that the caller has locked are recorded as contradicting each other. */
export const areInConflict = async (tx: WriteTx, one: NodeId, other: NodeId): Promise<boolean> =>
  (await tx.run(openConflict, { one: one.id, other: other.id, forever: FOREVER })).length > 0;

/** Records that two claims contradict each other. Both stay, side by side; recording it again changes nothing. */
export const recordConflict = defineCommand({
  name: "recordConflict",
  capability: "claim.write",
  input: pair,
  async run({ tx, operationId }, { claimId, otherId }) {
    const { at } = await lockAll(tx, [claimId, otherId], ["claimId", "otherId"]);
    const opened = await openEdge(tx, conflictOf(claimId, otherId), { at, operationId });
    const [subject, other] = [`Claim:${claimId.id}`, `Claim:${otherId.id}`];
    return {
      result: { claimId: subject, otherId: other },
      at,
      events: opened ? [{ type: "claim.conflict", subject, data: { otherId: other } }] : [],
    };
  },
});

/** Says that two claims don't contradict each other after all; that they did, and what was decided, stays in the history. */
export const endConflict = defineCommand({
  name: "endConflict",
  capability: "claim.write",
  input: pair,
  async run({ tx, operationId }, { claimId, otherId }) {
    const { at } = await lockAll(tx, [claimId, otherId], ["claimId", "otherId"]);
    if (!(await closeEdge(tx, conflictOf(claimId, otherId), { at, operationId })))
      throw refuse("NOT_LINKED", "otherId", "No conflict of the two is recorded.");
    const [subject, other] = [`Claim:${claimId.id}`, `Claim:${otherId.id}`];
    return {
      result: { claimId: subject, otherId: other },
      at,
      events: [{ type: "claim.conflict-ended", subject, data: { otherId: other } }],
    };
  },
});
