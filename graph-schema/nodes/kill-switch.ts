import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const SWITCH_SCOPES = ["TENANT", "CHANNEL", "CAPABILITY"] as const;
export const SWITCH_STATUSES = ["ON", "LIFTED"] as const;

/** Stops all changes, those of a channel, or those of a kind, until it is lifted or ends. */
export const killSwitch = defineNode({
  label: "KillSwitch",
  shape: z.object({
    scope: z.enum(SWITCH_SCOPES),
    /** The channel's public id, or the capability; null for the whole tenant. */
    target: optional(z.string()),
    status: z.enum(SWITCH_STATUSES),
    reason: z.string(),
    setBy: z.string(),
    setAt: z.number(),
    expiresAt: optional(z.number()),
  }),
  searched: false,
});
export type KillSwitchProperties = z.infer<typeof killSwitch.shape>;
