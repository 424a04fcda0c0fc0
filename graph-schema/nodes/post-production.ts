import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** How one episode is finished. */
export const postProduction = defineNode({
  label: "PostProduction",
  shape: z.object({
    /** As JSON, by graph-schema/documents/post-production.ts as it was when they were saved; null while there are none. */
    settings: optional(z.string()),
    /** As JSON, by graph-schema/documents/cut-plan.ts; null while nobody has cut. */
    cutPlan: optional(z.string()),
  }),
  key: "episode",
  searched: false,
});
export type PostProductionProperties = z.infer<typeof postProduction.shape>;
