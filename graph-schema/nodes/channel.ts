import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** A place where episodes are published. */
export const channel = defineNode({
  label: "Channel",
  shape: z.object({
    platform: z.string(),
    url: optional(z.string()),
    /** How much each part of a topic's score counts, in a fixed order; null counts them as at first. */
    topicWeights: optional(z.array(z.number())),
    /** Counts the changes of those weights from 1. */
    topicWeightsVersion: optional(z.number()),
    /** How its episodes are made and what it aims at, as JSON with a version; null for the defaults (server/domains/channel). */
    config: optional(z.string()),
  }),
  key: "platform and handle",
  searched: true,
});
export type ChannelProperties = z.infer<typeof channel.shape>;
