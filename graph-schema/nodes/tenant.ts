import { z } from "zod";
import { defineNode } from "../node.js";

export const TENANT_STATUSES = ["ACTIVE", "SUSPENDED", "ERASED"] as const;

/** A studio. Its id is its slug and its own `tenantId`; `title` is its display name. */
export const tenant = defineNode({
  label: "Tenant",
  shape: z.object({
    region: z.string(),
    allowedRegions: z.array(z.string()),
    status: z.enum(TENANT_STATUSES),
  }),
  searched: false,
});
export type TenantProperties = z.infer<typeof tenant.shape>;
