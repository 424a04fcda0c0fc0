import type { PostProductionSettings } from "../../../graph-schema/documents/post-production.js";
import { DEFAULT_POST_PRODUCTION } from "../../../graph-schema/documents/post-production.js";
import type { Cut } from "./cuts.js";

/*
 * What ffmpeg is started with: a list, for a process without a shell. Names that somebody chose are only ever arguments of their
 * own behind `file:`, so that none is taken for an option, another protocol or a pattern; the filters hold nothing but numbers,
 * colours and the names of our own files.
 */

/** Beside the arguments, in the folder where ffmpeg runs. */
export const SUBTITLES_FILE = "subtitles.vtt";
export const OUTPUT_FILE = "episode.mp4";

export interface Rendering {
  readonly title: string;
  /** A path; relative ones begin in the folder where ffmpeg runs. */
  readonly clip: string;
  readonly cuts: readonly Cut[];
  readonly settings: PostProductionSettings;
  /** Whether there is a file of subtitles with a cue in it. */
  readonly subtitled: boolean;
}

/** Only files, whatever a playlist says. */
const input = (path: string, ...options: readonly string[]): string[] => [
  ...["-protocol_whitelist", "file"],
  ...options,
  ...["-i", `file:${path}`],
];
/** Said where filters meet, which otherwise can't agree on a clip whose file doesn't say it. */
const LAYOUT = "aformat=channel_layouts=stereo";
const seconds = (ms: number): string => (ms / 1_000).toFixed(3);
const colour = (value: string): string => value.replace("#", "0x");

export function ffmpegArguments({ title, clip, cuts, settings, subtitled }: Rendering): string[] {
  const { timeline, audio, graphics, subtitles } = settings;
  const track = subtitled && !subtitles.burn_in;
  const logo = graphics.logo !== null;
  const filters = [
    ...cuts.flatMap((cut, i) => [
      `[0:v]${videoOf(cut, settings).join(",")}[v${i}]`,
      ...(audio.mute ? [] : [`[0:a]${audioOf(cut, settings).join(",")}[a${i}]`]),
    ]),
    `${cuts.map((_, i) => `[v${i}]${audio.mute ? "" : `[a${i}]`}`).join("")}concat=n=${cuts.length}:v=1:a=${audio.mute ? 0 : 1}[cut]${audio.mute ? "" : "[sound]"}`,
    ...(logo
      ? [
          `[1:v]format=rgba,colorchannelmixer=aa=${graphics.logo_opacity}[logo]`,
          `[cut][logo]overlay=${placeOf(graphics)}:shortest=1[marked]`,
        ]
      : []),
    `[${logo ? "marked" : "cut"}]${subtitled && subtitles.burn_in ? `subtitles=filename=${SUBTITLES_FILE},` : ""}format=yuv420p[picture]`,
    ...(audio.mute
      ? []
      : [
          `[sound]loudnorm=I=${audio.loudness_lufs}:TP=${audio.true_peak_dbtp}:LRA=${audio.range_lu},aresample=${audio.sample_rate},${LAYOUT}[loud]`,
        ]),
  ];
  return [
    ...["-hide_banner", "-nostdin", "-y"],
    ...input(clip),
    // A pattern would take `logo%d.png` for a row of images.
    ...(logo ? input(graphics.logo!, "-f", "image2", "-pattern_type", "none", "-loop", "1") : []),
    ...(track ? input(SUBTITLES_FILE, "-f", "webvtt") : []),
    ...["-filter_complex", filters.join(";")],
    ...["-map", "[picture]", ...(audio.mute ? [] : ["-map", "[loud]"])],
    ...(track ? ["-map", `${logo ? 2 : 1}:s:0`, "-c:s", "mov_text"] : []),
    ...["-map_metadata", "-1", "-metadata", `title=${title}`],
    ...(track ? ["-metadata:s:s:0", `language=${subtitles.language}`] : []),
    ...["-c:v", "libx264", "-preset", "medium", "-crf", "20", "-r", String(timeline.fps)],
    ...(audio.mute ? ["-an"] : ["-c:a", "aac", "-b:a", "192k"]),
    ...["-movflags", "+faststart", `file:${OUTPUT_FILE}`],
  ];
}

const fadeOf = ({ from, to }: Cut, { timeline }: PostProductionSettings): number =>
  timeline.transition === "FADE" ? Math.min(timeline.transition_s * 1_000, (to - from) / 2) : 0;

function videoOf(cut: Cut, settings: PostProductionSettings): string[] {
  const { timeline, graphics } = settings;
  const { width, height, fps } = timeline;
  const ground = colour(graphics.background);
  const fade = fadeOf(cut, settings);
  const { brightness, contrast, saturation, gamma } = settings.colour;
  const plain = JSON.stringify(settings.colour) === JSON.stringify(DEFAULT_POST_PRODUCTION.colour);
  return [
    `trim=start=${seconds(cut.from)}:end=${seconds(cut.to)}`,
    "setpts=PTS-STARTPTS",
    `fps=${fps}`,
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`,
    `pad=${width}:${height}:-1:-1:color=${ground}`,
    "setsar=1",
    ...(plain ? [] : [`eq=brightness=${brightness}:contrast=${contrast}:saturation=${saturation}:gamma=${gamma}`]),
    ...(fade === 0
      ? []
      : [
          `fade=t=in:st=0:d=${seconds(fade)}:color=${ground}`,
          `fade=t=out:st=${seconds(cut.to - cut.from - fade)}:d=${seconds(fade)}:color=${ground}`,
        ]),
  ];
}

function audioOf(cut: Cut, settings: PostProductionSettings): string[] {
  const fade = fadeOf(cut, settings);
  return [
    `atrim=start=${seconds(cut.from)}:end=${seconds(cut.to)}`,
    "asetpts=PTS-STARTPTS",
    LAYOUT,
    ...(fade === 0
      ? []
      : [
          `afade=t=in:st=0:d=${seconds(fade)}`,
          `afade=t=out:st=${seconds(cut.to - cut.from - fade)}:d=${seconds(fade)}`,
        ]),
  ];
}

function placeOf({ logo_place, logo_margin: margin }: PostProductionSettings["graphics"]): string {
  const x = logo_place.endsWith("LEFT") ? `${margin}` : `W-w-${margin}`;
  const y = logo_place.startsWith("TOP") ? `${margin}` : `H-h-${margin}`;
  return `${x}:${y}`;
}
