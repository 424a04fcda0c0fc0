import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const PRINCIPAL_KINDS = ["HUMAN", "AGENT", "SERVICE"] as const;
export const ROLES = [
  "platform-admin",
  "tenant-admin",
  "editor",
  "analyst",
  "planner",
  "executive",
  "operator",
  "approver",
  "auditor",
  "agent",
] as const;
export type Role = (typeof ROLES)[number];

/** Someone or something that acts: a person, an agent or a service. `title` is the name. */
export const principal = defineNode({
  label: "Principal",
  shape: z.object({
    /** Its natural key, which every principal has. */
    key: optional(z.string()),
    kind: z.enum(PRINCIPAL_KINDS),
    roles: z.array(z.enum(ROLES)),
    /** Public ids of the channels that they are held to; null is all. */
    channels: optional(z.array(z.string())),
  }),
  key: "the login or service name, unique in the tenant",
  searched: true,
});
export type PrincipalProperties = z.infer<typeof principal.shape>;
