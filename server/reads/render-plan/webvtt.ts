import type { Cue } from "./subtitles.js";

/** W3C WebVTT: https://www.w3.org/TR/webvtt1/. A cue's text must neither end the cue nor hold `-->`, and markup is only text here. */

const time = (ms: number): string => {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}.${String(ms % 1_000).padStart(3, "0")}`;
};

/** `-->` is gone with its `>`; line ends and other controls within a line are spaces, so that none ends the cue. */
export const escaped = (line: string): string =>
  line
    // oxlint-disable-next-line no-control-regex -- taking them out is the point
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .trim();

/** Cues without words are left out: a blank line would end the one before its text. */
export function webvtt(cues: readonly Cue[]): string {
  const blocks = cues.flatMap(({ from, to, lines }, i) => {
    const text = lines.map(escaped).filter((line) => line !== "");
    return text.length === 0 ? [] : [`${i + 1}\n${time(from)} --> ${time(to)}\n${text.join("\n")}\n`];
  });
  return ["WEBVTT\n", ...blocks].join("\n");
}
