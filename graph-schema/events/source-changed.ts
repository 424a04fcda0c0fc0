import { z } from "zod";
import { idOf } from "../documents/parts.js";
import { httpAddress, when } from "./parts.js";

export const SOURCE_CHANGES = ["content", "gone", "retracted"] as const;

/** Whoever watches a source saw it change: its content, that it is gone, or that its publisher took it back. */
export const sourceChanged = z.strictObject({
  source: z.union([idOf("Source"), httpAddress()]).describe("The source's id, or its address."),
  change: z
    .enum(SOURCE_CHANGES)
    .describe(
      "`content` and `retracted` make the source STALE, `gone` DEAD, never the other way; what stands on it needs a check. To retract it is for people to propose.",
    ),
  at: when().describe("When it was seen."),
});
