import type { PostProductionSettings } from "../../../graph-schema/documents/post-production.js";
import type { Cut } from "./cuts.js";
import type { Sentence } from "./speech.js";

/* Subtitles of what is said in the cuts of a clip, and what is wrong with them for whoever reads along. */

export type SubtitleSettings = PostProductionSettings["subtitles"];

export interface Cue {
  /** Milliseconds from the beginning of what is rendered. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Characters as people count them. */
export const charsIn = (text: string): number =>
  /^[ -~]*$/.test(text) ? text.length : [...GRAPHEMES.segment(text)].length;

/** Lines of at most `most` characters; a word that is longer is broken. */
export function linesOf(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  const flush = () => {
    if (line !== "") lines.push(line);
    line = "";
  };
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    if (line !== "" && charsIn(`${line} ${word}`) > most) flush();
    if (charsIn(word) <= most) {
      line = line === "" ? word : `${line} ${word}`;
      continue;
    }
    const letters = [...GRAPHEMES.segment(word)].map(({ segment }) => segment);
    for (let at = 0; at < letters.length; at += most) {
      flush();
      line = letters.slice(at, at + most).join("");
    }
  }
  flush();
  return lines;
}

/** Cuts in the time of what is rendered. */
const placed = (cuts: readonly Cut[]) => {
  let at = 0;
  return cuts.map((cut) => {
    const begin = at;
    at += cut.to - cut.from;
    return { ...cut, at: begin };
  });
};

/**
 * One cue after the other: a sentence in as many as its lines and the longest cue ask for, each shown for its part of the
 * sentence's time. A cue goes early to leave the pause before the next one, if it stays long enough to be read. What a cut
 * leaves less than half of isn't subtitled there.
 */
export function cuesOf(speech: readonly Sentence[], cuts: readonly Cut[], settings: SubtitleSettings): Cue[] {
  const cues: { from: number; to: number; lines: string[] }[] = [];
  for (const cut of placed(cuts))
    for (const { text, from, to } of speech) {
      const [begin, end] = [Math.max(from, cut.from), Math.min(to, cut.to)];
      if (end - begin < Math.max(1, (to - from) / 2)) continue;
      const parts = partsOf(text, end - begin, settings);
      const weights = parts.map((lines) => charsIn(lines.join(" ")));
      const all = weights.reduce((sum, one) => sum + one, 0);
      let done = 0;
      parts.forEach((lines, i) => {
        const time = (share: number) => cut.at + begin - cut.from + Math.round(((end - begin) * share) / all);
        const cue = { from: time(done), to: time(done + weights[i]!), lines };
        done += weights[i]!;
        if (cue.to > cue.from) cues.push(cue);
      });
    }
  return spaced(cues, settings);
}

/** The lines of a sentence, cue by cue: as few cues as hold them, more where each would stand too long. */
function partsOf(text: string, ms: number, { line_chars, lines: most, most_s }: SubtitleSettings): string[][] {
  const lines = linesOf(text, line_chars);
  const count = Math.max(Math.ceil(lines.length / most), Math.ceil(ms / (most_s * 1_000)));
  if (count <= Math.ceil(lines.length / most)) return chunks(lines, most);
  // Shorter lines, so that there are enough to share out.
  const words = text.split(/\s+/u).filter(Boolean);
  const each = Math.ceil(words.length / Math.min(count, words.length));
  return chunks(words, Math.max(1, each)).flatMap((part) => chunks(linesOf(part.join(" "), line_chars), most));
}

function spaced(cues: readonly { from: number; to: number; lines: string[] }[], settings: SubtitleSettings): Cue[] {
  const gap = Math.round(settings.gap_s * 1_000);
  const least = Math.round(settings.least_s * 1_000);
  return cues.map((cue, i) => {
    const next = cues[i + 1];
    if (next === undefined || next.from - cue.to >= gap) return cue;
    const early = next.from - gap;
    return early - cue.from >= least && reads({ ...cue, to: early }, settings) ? { ...cue, to: early } : cue;
  });
}

const chunks = <T>(things: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(things.length / size) }, (_, i) => things.slice(i * size, (i + 1) * size));

const speedOf = ({ from, to, lines }: Cue): number => (charsIn(lines.join(" ")) * 1_000) / Math.max(1, to - from);
const reads = (cue: Cue, { most_cps }: SubtitleSettings): boolean => speedOf(cue) <= most_cps;

export const SUBTITLE_FAULTS = [
  "CUE_EMPTY",
  "CUE_BACKWARDS",
  "CUES_OVERLAP",
  "CUE_BEHIND_END",
  "TOO_FAST_TO_READ",
  "LINE_TOO_LONG",
  "TOO_MANY_LINES",
  "CUE_TOO_SHORT",
  "CUE_TOO_LONG",
  "GAP_TOO_SHORT",
] as const;
export type SubtitleFault = (typeof SUBTITLE_FAULTS)[number];

export interface SubtitleFinding {
  readonly code: SubtitleFault;
  /** The cue, from 1. */
  readonly cue: number;
  readonly message: string;
  readonly remedy: string;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)} s`;
const tenth = (value: number): string => value.toFixed(1);

/** What is wrong with cues, whoever made them; `totalMs` is the length of what they are shown over. */
export function checkCues(cues: readonly Cue[], settings: SubtitleSettings, totalMs: number): SubtitleFinding[] {
  return cues.flatMap((cue, i) => {
    const { from, to, lines } = cue;
    const found: SubtitleFinding[] = [];
    const add = (code: SubtitleFault, message: string, remedy: string) =>
      found.push({ code, cue: i + 1, message, remedy });
    if (lines.every((line) => line.trim() === "")) add("CUE_EMPTY", "It says nothing.", "Leave it out.");
    if (to <= from) {
      add("CUE_BACKWARDS", `It ends at ${seconds(to)} and begins at ${seconds(from)}.`, "End it behind its beginning.");
      return found;
    }
    const before = cues[i - 1];
    const gap = before === undefined ? null : from - before.to;
    if (gap !== null && gap < 0)
      add("CUES_OVERLAP", `It begins ${seconds(-gap)} before the end of the cue before it.`, "Begin it later.");
    if (gap !== null && gap > 0 && gap < settings.gap_s * 1_000)
      add(
        "GAP_TOO_SHORT",
        `${seconds(gap)} behind the cue before it: it flickers.`,
        "Join them, or leave more between.",
      );
    if (to > totalMs) add("CUE_BEHIND_END", `It ends behind the end at ${seconds(totalMs)}.`, "End it earlier.");
    if (!reads(cue, settings))
      add(
        "TOO_FAST_TO_READ",
        `${tenth(speedOf(cue))} characters a second; ${settings.most_cps} can be read.`,
        "Say less in the scene, tell it slower, or show the cue longer.",
      );
    const long = Math.max(...lines.map(charsIn), 0);
    if (long > settings.line_chars)
      add("LINE_TOO_LONG", `A line has ${long} characters; ${settings.line_chars} fit.`, "Break the line.");
    if (lines.length > settings.lines)
      add("TOO_MANY_LINES", `It has ${lines.length} lines; ${settings.lines} fit.`, "Split the cue.");
    if (to - from < settings.least_s * 1_000)
      add(
        "CUE_TOO_SHORT",
        `It stands ${seconds(to - from)}, less than ${settings.least_s} s.`,
        "Join it with the next one.",
      );
    if (to - from > settings.most_s * 1_000)
      add("CUE_TOO_LONG", `It stands ${seconds(to - from)}, longer than ${settings.most_s} s.`, "Split the cue.");
    return found;
  });
}
