import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** How a source fell, from the least grave on. `QUOTE_GONE`: it was read again, and words that claims quote don't stand there any more. */
export const FALL_CAUSES = ["QUOTE_GONE", "STALE", "DEAD", "RETRACTED"] as const;
export type FallCause = (typeof FALL_CAUSES)[number];

export const INCIDENT_STATUSES = ["OPEN", "RESOLVED"] as const;

/** Something that went wrong. Severity 1 is the gravest, 4 the least. */
export const incident = defineNode({
  label: "Incident",
  shape: z.object({
    severity: z.number().int().min(1).max(4),
    status: z.enum(INCIDENT_STATUSES),
    description: optional(z.string()),
    openedAt: z.number(),
    resolvedAt: optional(z.number()),
    /** Of a source that fell: its public id, and how it fell. Null of what people report. */
    sourceId: optional(z.string()),
    cause: optional(z.enum(FALL_CAUSES)),
  }),
  searched: true,
});
export type IncidentProperties = z.infer<typeof incident.shape>;
