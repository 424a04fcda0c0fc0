import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** A part of an episode, in its place. */
export const scene = defineNode({
  label: "Scene",
  shape: z.object({
    /** From 1, in the episode. */
    ordinal: z.number().int().min(1),
    narration: optional(z.string()),
  }),
  searched: true,
});
export type SceneProperties = z.infer<typeof scene.shape>;
