import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** Those that are served: the active ones change, and a suspended one can be read. */
export const SERVED_STATUSES = ["ACTIVE", "SUSPENDED"] as const;
/**
 * `RESTORING`: an export is being read into it, and it can't be used yet. `MOVING`: it is on its way to another region, and can
 * only be read here. `MOVED`: it is there, and only its stone is here. `ERASED`: it is nowhere, and its id stays taken.
 */
export const TENANT_STATUSES = [...SERVED_STATUSES, "RESTORING", "MOVING", "MOVED", "ERASED"] as const;

/** A studio. Its id is its slug and its own `tenantId`; `title` is its display name. */
export const tenant = defineNode({
  label: "Tenant",
  shape: z.object({
    region: z.string(),
    allowedRegions: z.array(z.string()),
    status: z.enum(TENANT_STATUSES),
    /** Of one that is moving or has moved: the region that it goes to. */
    movesTo: optional(z.string()),
    /** What its rules of governance are set to, as JSON with a version; null for the defaults (server/reads/governance). */
    governance: optional(z.string()),
  }),
  searched: false,
});
export type TenantProperties = z.infer<typeof tenant.shape>;
