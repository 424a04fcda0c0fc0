import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const EXPERIMENT_KINDS = ["HOOK", "THUMBNAIL"] as const;
export type ExperimentKind = (typeof EXPERIMENT_KINDS)[number];
export const EXPERIMENT_STATES = ["RUNNING", "CONCLUDED", "STOPPED"] as const;
export type ExperimentState = (typeof EXPERIMENT_STATES)[number];

/** Variants of an episode's hook or thumbnail held against each other, with a sample that was fixed before it began. */
export const experiment = defineNode({
  label: "Experiment",
  shape: z.object({
    kind: z.enum(EXPERIMENT_KINDS),
    status: z.enum(EXPERIMENT_STATES),
    /** The share of clicks that is expected without a change, 0 to 1. */
    baseCtr: z.number(),
    /** The smallest difference that is worth finding, absolute. */
    effect: z.number(),
    alpha: z.number(),
    power: z.number(),
    /** Impressions that each variant must have before anything is said. */
    planned: z.number().int(),
    endedAt: optional(z.number()),
    /** Public id of the variant that won; null without one. */
    winnerId: optional(z.string()),
  }),
  searched: false,
});
export type ExperimentProperties = z.infer<typeof experiment.shape>;
