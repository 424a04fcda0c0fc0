import { z } from "zod";
import { defineNode } from "../node.js";

/** One of the hooks or thumbnails that an experiment shows. */
export const variant = defineNode({
  label: "Variant",
  shape: z.object({
    /** From 1, in the experiment. */
    ordinal: z.number().int(),
    /** The hook's words, or the thumbnail's address or file. */
    content: z.string(),
    /** How often it was shown and how often taken, since the experiment began. */
    impressions: z.number().int(),
    clicks: z.number().int(),
  }),
  searched: false,
});
export type VariantProperties = z.infer<typeof variant.shape>;
