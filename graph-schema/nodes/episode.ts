import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const EPISODE_STATUSES = ["DRAFT", "IN_REVIEW", "PUBLISHED", "CORRECTED", "RETRACTED"] as const;
export type EpisodeStatus = (typeof EPISODE_STATUSES)[number];
/** An episode is live at an instant when its status is one of these then. */
export const LIVE_STATUSES = ["PUBLISHED", "CORRECTED"] as const satisfies readonly EpisodeStatus[];

/** What a channel publishes. */
export const episode = defineNode({
  label: "Episode",
  shape: z.object({ status: z.enum(EPISODE_STATUSES), publishedAt: optional(z.number()) }),
  searched: true,
});
export type EpisodeProperties = z.infer<typeof episode.shape>;
