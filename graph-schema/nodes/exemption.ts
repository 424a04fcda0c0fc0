import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const EXEMPTION_STATUSES = ["ACTIVE", "ENDED"] as const;

/** Lifts one rule of the policy for a while, for a channel or for the whole tenant. */
export const exemption = defineNode({
  label: "Exemption",
  shape: z.object({
    /** The rule's name, as decisions tell it. */
    rule: z.string(),
    /** The channel's public id; null for the whole tenant. */
    channelId: optional(z.string()),
    status: z.enum(EXEMPTION_STATUSES),
    reason: z.string(),
    grantedAt: z.number(),
    expiresAt: z.number(),
  }),
  searched: false,
});
export type ExemptionProperties = z.infer<typeof exemption.shape>;
