import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const FACT_KINDS = ["KEY_FACT", "DATA_POINT"] as const;

/** A statement with the quote it stands on, as a W3C TextQuoteSelector. `title` is the statement. */
export const fact = defineNode({
  label: "Fact",
  shape: z.object({
    kind: z.enum(FACT_KINDS),
    quotePrefix: z.string(),
    quoteExact: z.string(),
    quoteSuffix: z.string(),
    value: optional(z.number()),
    unit: optional(z.string()),
    /** The day that the value holds for, `YYYY-MM-DD`. */
    asOfDate: optional(z.string()),
  }),
  key: "the snapshot's key and the hash of the selector",
  searched: true,
});
export type FactProperties = z.infer<typeof fact.shape>;
