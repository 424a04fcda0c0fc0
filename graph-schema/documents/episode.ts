import { z } from "zod";
import { idOf, text, title } from "./parts.js";
import { scene } from "./scene.js";

/** How a claim that a check found wrong was mended, or the narration around it. */
export const REPAIRS = ["SOURCES_NAMED", "SAID", "BETTER_QUOTE", "NARROWED", "DROPPED"] as const;

const repaired = z
  .strictObject({
    round: z.int().min(2).max(1_000).describe("The round of the run that mended it."),
    scene: z.int().min(1).max(500).describe("The scene's ordinal before it was mended."),
    claim: z
      .int()
      .min(1)
      .max(500)
      .nullable()
      .describe("The claim's place in the scene before, from 1; null for the narration."),
    codes: z.array(z.string().max(60)).max(20).describe("What the check had found."),
    before: text().describe("The words that were found wrong."),
    after: text().nullable().describe("The words that took their place; null for what was dropped."),
    how: z.enum(REPAIRS),
    tries: z
      .array(z.strictObject({ how: z.enum(REPAIRS), worked: z.boolean(), because: text() }))
      .min(1)
      .max(10)
      .describe("What was tried, in order; the last one worked."),
  })
  .describe("One claim that was mended.");

/** An episode as the scenes stage hands it on. */
export const episode = z
  .strictObject({
    title: title(),
    channel_id: idOf("Channel"),
    topic_id: idOf("Topic"),
    scenes: z.array(scene).min(1).max(500),
    repairs: z.array(repaired).max(1_000).optional().describe("What was mended in all rounds of the run, in order."),
  })
  .superRefine(({ scenes }, context) => {
    scenes.forEach((each, index) => {
      if (each.ordinal !== index + 1) {
        context.addIssue({
          code: "custom",
          path: ["scenes", index, "ordinal"],
          message: `expected ${index + 1}: scenes stand in their order, without gaps`,
        });
      }
    });
  })
  .meta({
    id: "Episode",
    title: "Episode",
    description: "Scenes in their order, for one channel and about one topic.",
  });

export type EpisodeDocument = z.infer<typeof episode>;
export type ClaimRepair = NonNullable<EpisodeDocument["repairs"]>[number];
