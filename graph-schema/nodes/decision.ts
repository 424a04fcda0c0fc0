import { z } from "zod";
import { defineNode } from "../node.js";

/** A choice that somebody made, with the reason; `title` is the question or the subject. */
export const decision = defineNode({
  label: "Decision",
  shape: z.object({ outcome: z.string(), rationale: z.string(), decidedAt: z.number() }),
  searched: true,
});
export type DecisionProperties = z.infer<typeof decision.shape>;
