import { z } from "zod";
import { idOf, title } from "./parts.js";
import { scene } from "./scene.js";

/** An episode as the scenes stage hands it on. */
export const episode = z
  .strictObject({
    title: title(),
    channel_id: idOf("Channel"),
    topic_id: idOf("Topic"),
    scenes: z.array(scene).min(1).max(500),
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
