import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const SOURCE_STATUSES = ["ACTIVE", "STALE", "DEAD", "RETRACTED"] as const;
/** NATO Admiralty scale of a source's reliability: A completely reliable … E unreliable, F cannot be judged. */
export const RELIABILITIES = ["A", "B", "C", "D", "E", "F"] as const;

/** Somewhere that says something. Tier 1 is primary or official, 2 edited secondary, 3 anything else and the unknown. */
export const source = defineNode({
  label: "Source",
  shape: z.object({
    url: z.string(),
    publisher: optional(z.string()),
    /** Who wrote it, in its own words. */
    byline: optional(z.string()),
    /** What it is about, in its own words: a description or its beginning. */
    excerpt: optional(z.string()),
    tier: z.number().int().min(1).max(3),
    reliability: z.enum(RELIABILITIES),
    publishedAt: optional(z.number()),
    retrievedAt: z.number(),
    /** Sources of one group count as one when independent support is counted: one owner, one wire copy. */
    independenceGroup: z.string(),
    status: z.enum(SOURCE_STATUSES),
  }),
  key: "the normalised URL",
  searched: true,
});
export type SourceProperties = z.infer<typeof source.shape>;
