import { z } from "zod";
import { idOf } from "../documents/parts.js";
import { httpAddress, when } from "./parts.js";

export const SOURCE_CHANGES = ["content", "gone", "retracted"] as const;

/** Whoever watches a source saw it change: its content, that it is gone, or that its publisher took it back. */
export const sourceChanged = z.strictObject({
  source: z.union([idOf("Source"), httpAddress()]).describe("The source's id, or its address."),
  change: z
    .enum(SOURCE_CHANGES)
    .describe("`content` makes the source STALE, `gone` DEAD, `retracted` RETRACTED; never the other way."),
  at: when().describe("When it was seen."),
});
