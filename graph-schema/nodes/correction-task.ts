import { z } from "zod";
import { defineNode, optional } from "../node.js";
import { FALL_CAUSES } from "./incident.js";

export const CORRECTION_STATES = ["OPEN", "IN_PROGRESS", "DONE", "DROPPED"] as const;
/** Of a task that somebody still has to end. */
export const GOING_STATES = ["OPEN", "IN_PROGRESS"] as const satisfies readonly (typeof CORRECTION_STATES)[number][];
export type CorrectionState = (typeof CORRECTION_STATES)[number];

/** What somebody has to do about one live episode after a source fell. `title` says it in words. */
export const correctionTask = defineNode({
  label: "CorrectionTask",
  shape: z.object({
    state: z.enum(CORRECTION_STATES),
    cause: z.enum(FALL_CAUSES),
    /** Why, a line for each thing that happened to the source since, the newest last. */
    why: z.string(),
    /** Public ids. */
    sourceId: z.string(),
    incidentId: z.string(),
    episodeId: z.string(),
    openedAt: z.number(),
    /** Who has taken it, by natural key and name, and when; null until somebody has. */
    takenBy: optional(z.string()),
    takenByName: optional(z.string()),
    takenAt: optional(z.number()),
    /** Who closed it, and why; null while it goes on. */
    closedBy: optional(z.string()),
    closedAt: optional(z.number()),
    closedWhy: optional(z.string()),
  }),
  searched: false,
});
export type CorrectionTaskProperties = z.infer<typeof correctionTask.shape>;
