import { z } from "zod";
import { defineNode, optional } from "../node.js";

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
  }),
  searched: true,
});
export type IncidentProperties = z.infer<typeof incident.shape>;
