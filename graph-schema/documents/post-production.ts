import { z } from "zod";

/*
 * How an episode is finished. Everything may be left out: what is, takes its default. What stands here is what a saved document
 * must be; what is mended on its way, and what is refused, is in server/domains/post-production/normalise.ts.
 */

export const FRAME_RATES = [24, 25, 30, 50, 60] as const;
export const TRANSITIONS = ["CUT", "FADE"] as const;
export const LOGO_PLACES = ["TOP_LEFT", "TOP_RIGHT", "BOTTOM_LEFT", "BOTTOM_RIGHT"] as const;

const between = (low: number, high: number, preset: number) => z.number().min(low).max(high).default(preset);
const pixels = (preset: number) => z.int().min(16).max(7_680).multipleOf(2).default(preset);

/** A file beside the clip, by its name alone: no folders, and nothing that a terminal or a file system takes amiss. */
// oxlint-disable-next-line no-control-regex -- keeping them out is the point
const FILE_NAME = /^(?!\.{1,2}$)[^/\\\u0000-\u001f\u007f]{1,255}$/;
export const fileName = () => z.string().regex(FILE_NAME, "the name of a file, without folders");

const timeline = z.strictObject({
  width: pixels(1_920).describe("Pixels; even."),
  height: pixels(1_080).describe("Pixels; even."),
  fps: z.literal(FRAME_RATES).default(30).describe("Frames a second."),
  transition: z
    .enum(TRANSITIONS)
    .default("CUT")
    .describe("FADE: each cut fades in from the background, and out to it."),
  transition_s: between(0, 2, 0.25).describe("Length of a fade in seconds; at most half of its cut."),
  highlight_s: between(5, 600, 60).describe("Seconds that highlight cuts add up to, where nobody has cut."),
});

const audio = z.strictObject({
  mute: z.boolean().default(false).describe("Leaves the sound out."),
  loudness_lufs: between(-31, -9, -14).describe("Integrated loudness (EBU R 128), in LUFS."),
  true_peak_dbtp: between(-9, 0, -1).describe("Highest true peak, in dBTP."),
  range_lu: between(1, 20, 11).describe("Loudness range, in LU."),
  sample_rate: z.literal([44_100, 48_000]).default(48_000).describe("Samples a second."),
});

const colour = z.strictObject({
  brightness: between(-1, 1, 0).describe("Added to each pixel; 0 changes nothing."),
  contrast: between(0, 2, 1).describe("Multiplied; 1 changes nothing."),
  saturation: between(0, 3, 1).describe("Multiplied; 1 changes nothing, 0 is black and white."),
  gamma: between(0.1, 10, 1).describe("1 changes nothing."),
});

const graphics = z.strictObject({
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, "a colour such as #1a2b3c")
    .default("#000000")
    .describe("Beside a picture of another shape, and under fades."),
  logo: fileName().nullable().default(null).describe("An image beside the clip; null for none."),
  logo_place: z.enum(LOGO_PLACES).default("TOP_RIGHT"),
  logo_margin: z.int().min(0).max(500).default(32).describe("Pixels from the edges."),
  logo_opacity: between(0, 1, 1).describe("0 can't be seen, 1 hides what is below."),
});

const subtitles = z.strictObject({
  enabled: z.boolean().default(true),
  burn_in: z.boolean().default(false).describe("Draws them into the picture instead of adding a track."),
  language: z
    .string()
    .regex(/^[a-z]{3}$/, "a language's three letters (ISO 639-2), such as eng")
    .default("eng"),
  most_cps: between(5, 30, 17).describe("Characters a second that can be read."),
  line_chars: z.int().min(20).max(80).default(42).describe("Characters of a line."),
  lines: z.int().min(1).max(3).default(2).describe("Lines of a cue."),
  least_s: between(0.2, 5, 0.8).describe("Shortest cue in seconds."),
  most_s: between(1, 20, 7).describe("Longest cue in seconds."),
  gap_s: between(0, 1, 0.08).describe("Shortest pause between two cues in seconds; cues may also follow without any."),
});

/** The settings of one episode. */
export const postProduction = z
  .strictObject({
    timeline: timeline.prefault({}),
    audio: audio.prefault({}),
    colour: colour.prefault({}),
    graphics: graphics.prefault({}),
    subtitles: subtitles.prefault({}),
  })
  .superRefine((settings, context) => {
    const { least_s, most_s } = settings.subtitles;
    if (least_s <= most_s) return;
    context.addIssue({
      code: "custom",
      path: ["subtitles", "least_s"],
      message: `must be at most most_s, which is ${most_s}`,
    });
  })
  .meta({
    id: "PostProduction",
    title: "Post-production settings",
    description: "How an episode is finished: timeline, audio, colour, graphics and subtitles.",
  });

export type PostProductionSettings = z.output<typeof postProduction>;

/** What holds where nobody has said anything. */
export const DEFAULT_POST_PRODUCTION: PostProductionSettings = postProduction.parse({});
