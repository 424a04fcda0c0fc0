import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** Something episodes are about. */
export const topic = defineNode({
  label: "Topic",
  shape: z.object({ description: optional(z.string()) }),
  key: "the normalised title",
  searched: true,
});
export type TopicProperties = z.infer<typeof topic.shape>;
