import { z } from "zod";
import { fileName } from "./post-production.js";

/** A cut is no shorter, in seconds: a tenth is three frames. */
const SHORTEST_S = 0.1;
const LONGEST_S = 36_000;

/** Which parts of a clip are kept. */
export const cutPlan = z
  .strictObject({
    clip: z.strictObject({
      file: fileName().describe("The recording, by the name of its file."),
      duration_s: z.number().positive().max(LONGEST_S).describe("Its length in seconds."),
    }),
    cuts: z
      .array(
        z.strictObject({
          from_s: z.number().min(0).max(LONGEST_S).describe("Seconds from the clip's beginning."),
          to_s: z.number().positive().max(LONGEST_S).describe("Where it ends, in the same seconds."),
        }),
      )
      .max(500)
      .describe("In the order of the clip, none over another; with none, or with the whole clip, highlights are cut."),
  })
  .superRefine(({ clip, cuts }, context) => {
    cuts.forEach(({ from_s, to_s }, i) => {
      const wrong = (field: string, message: string) =>
        context.addIssue({ code: "custom", path: ["cuts", i, field], message });
      const before = cuts[i - 1];
      if (to_s - from_s < SHORTEST_S) wrong("to_s", `must be at least ${SHORTEST_S} seconds behind from_s`);
      else if (to_s > clip.duration_s) wrong("to_s", `is behind the clip's end at ${clip.duration_s}`);
      else if (before !== undefined && from_s < before.to_s)
        wrong("from_s", `lies before the end of the cut before it at ${before.to_s}`);
    });
  })
  .meta({ id: "CutPlan", title: "Cut plan", description: "Which parts of a clip an episode keeps, in their order." });

export type CutPlan = z.infer<typeof cutPlan>;
