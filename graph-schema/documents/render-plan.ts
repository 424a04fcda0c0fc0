import { z } from "zod";
import { idOf, text, title } from "./parts.js";
import { postProduction } from "./post-production.js";

const seconds = () => z.number().min(0).max(36_000);

/** All that a renderer needs: what `ffmpeg` is told, and the same as a timeline for whatever else renders it. */
export const renderPlan = z
  .strictObject({
    version: z.literal(1),
    episode_id: idOf("Episode"),
    title: title(),
    clip: z.strictObject({ file: z.string().min(1).max(4_096), duration_s: z.number().positive().max(36_000) }),
    highlights: z.boolean().describe("True when nobody had cut, so that the cuts are computed."),
    duration_s: seconds().describe("Length of what is rendered."),
    cuts: z
      .array(
        z.strictObject({
          from_s: seconds().describe("In the clip."),
          to_s: seconds().describe("In the clip."),
          at_s: seconds().describe("Where it begins in what is rendered."),
          scene: z.int().min(1).max(500).describe("The ordinal of the scene that it begins in."),
        }),
      )
      .min(1)
      .max(500),
    settings: postProduction,
    subtitles: z.array(z.strictObject({ from_s: seconds(), to_s: seconds(), lines: z.array(text()).min(1).max(3) })),
    arguments: z
      .array(z.string())
      .min(1)
      .describe("What ffmpeg is started with, one by one and without a shell, in the folder of the plan's files."),
    output: z.string().min(1).max(300).describe("The file that is made."),
  })
  .meta({ id: "RenderPlan", title: "Render plan", description: "An episode's cut plan and settings, compiled." });

export type RenderPlan = z.infer<typeof renderPlan>;
