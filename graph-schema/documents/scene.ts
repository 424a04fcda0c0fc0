import { z } from "zod";
import { statedClaim, text, title } from "./parts.js";

export const PACINGS = ["SLOW", "STEADY", "FAST"] as const;

/** A part of an episode: what is said, at what pace, and which claims that makes. */
export const scene = z
  .strictObject({
    ordinal: z.int().min(1).max(500).describe("Its place in the episode, from 1."),
    title: title(),
    narration: text().describe("What is said, word for word."),
    pacing: z.enum(PACINGS),
    duration_s: z.number().positive().max(3_600).describe("Planned length in seconds."),
    claims: z.array(statedClaim).describe("What the narration claims; empty for a scene that claims nothing."),
  })
  .meta({ id: "Scene", title: "Scene", description: "A part of an episode, with the evidence of every claim in it." });

export type SceneDocument = z.infer<typeof scene>;
