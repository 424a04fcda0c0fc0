import type { CutPlan } from "../../../graph-schema/documents/cut-plan.js";
import type { PostProductionSettings } from "../../../graph-schema/documents/post-production.js";
import type { RenderPlan } from "../../../graph-schema/documents/render-plan.js";
import { chosenCuts, clipMsOf, highlightCuts } from "./cuts.js";
import { ffmpegArguments, OUTPUT_FILE } from "./ffmpeg-arguments.js";
import { speechOf, type SpokenScene } from "./speech.js";
import { checkCues, cuesOf, type SubtitleFinding } from "./subtitles.js";
import { webvtt } from "./webvtt.js";

export interface Finished {
  readonly episodeId: string;
  readonly title: string;
  readonly scenes: readonly SpokenScene[];
  readonly settings: PostProductionSettings;
  /** Null where nobody has said what is cut of what. */
  readonly cutPlan: CutPlan | null;
  /** Where the clip is, if not in the folder where it is rendered. */
  readonly clipPath?: string;
}

export interface Compiled {
  readonly plan: RenderPlan;
  readonly webvtt: string;
  readonly findings: readonly SubtitleFinding[];
}

/** The clip that an episode is expected to be recorded as. */
export const PLANNED_CLIP = "clip.mp4";

/** The whole clip as its scenes are planned, with nothing cut yet. */
export const plannedClip = (scenes: readonly SpokenScene[]): CutPlan => ({
  clip: {
    file: PLANNED_CLIP,
    duration_s: Math.max(1, Math.round(scenes.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10),
  },
  cuts: [],
});

const toSeconds = (ms: number): number => ms / 1_000;

/** Cut plan and settings as one plan, whatever renders it. The same in gives the same out. */
export function compileRender({ episodeId, title, scenes, settings, cutPlan, clipPath }: Finished): Compiled {
  const wanted = cutPlan ?? plannedClip(scenes);
  const clipMs = clipMsOf(wanted);
  const speech = speechOf(scenes, clipMs);
  const chosen = chosenCuts(wanted);
  const cuts = chosen ?? highlightCuts(speech, clipMs, settings.timeline.highlight_s * 1_000);
  const totalMs = cuts.reduce((sum, { from, to }) => sum + to - from, 0);
  const cues = settings.subtitles.enabled ? cuesOf(speech, cuts, settings.subtitles) : [];
  const sceneAt = (ms: number): number =>
    (speech.findLast(({ from }) => from <= ms) ?? speech[0])?.scene ?? scenes[0]?.ordinal ?? 1;
  const file = clipPath ?? wanted.clip.file;
  let at = 0;
  return {
    webvtt: webvtt(cues),
    findings: checkCues(cues, settings.subtitles, totalMs),
    plan: {
      version: 1,
      episode_id: episodeId,
      title,
      clip: { file, duration_s: wanted.clip.duration_s },
      highlights: chosen === null,
      duration_s: toSeconds(totalMs),
      cuts: cuts.map(({ from, to }) => {
        const cut = { from_s: toSeconds(from), to_s: toSeconds(to), at_s: toSeconds(at), scene: sceneAt(from) };
        at += to - from;
        return cut;
      }),
      settings,
      subtitles: cues.map(({ from, to, lines }) => ({
        from_s: toSeconds(from),
        to_s: toSeconds(to),
        lines: [...lines],
      })),
      arguments: ffmpegArguments({ title, clip: file, cuts, settings, subtitled: cues.length > 0 }),
      output: OUTPUT_FILE,
    },
  };
}
