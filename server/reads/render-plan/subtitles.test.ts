import { describe, expect, it } from "vitest";
import { DEFAULT_POST_PRODUCTION } from "../../../graph-schema/documents/post-production.js";
import { seeded } from "../../../test/kit/random.js";
import { speechOf } from "./speech.js";
import { charsIn, checkCues, cuesOf, linesOf, type Cue } from "./subtitles.js";
import { escaped, webvtt } from "./webvtt.js";

const settings = DEFAULT_POST_PRODUCTION.subtitles;
const cue = (from: number, to: number, ...lines: string[]): Cue => ({ from, to, lines });
const codes = (cues: Cue[], total = 100_000, more: Partial<typeof settings> = {}) =>
  checkCues(cues, { ...settings, ...more }, total).map((one) => `${one.cue} ${one.code}`);

describe("lines", () => {
  it("break at words, and words only where one is too long, never in a character", () => {
    expect(linesOf("The ferry of Basel carries people", 20)).toEqual(["The ferry of Basel", "carries people"]);
    expect(linesOf(`a ${"x".repeat(45)} b`, 20)).toEqual(["a", "x".repeat(20), "x".repeat(20), "xxxxx b"]);
    const flags = "🇨🇭".repeat(25);
    expect(linesOf(flags, 20).map(charsIn)).toEqual([20, 5]);
    expect(linesOf(flags, 20).join("")).toBe(flags);
    expect(linesOf(" \n ", 20)).toEqual([]);
  });
});

describe("subtitles of what is said", () => {
  const speech = speechOf(
    [
      { ordinal: 1, pacing: "STEADY", narration: "Basel has seven bridges. ".repeat(4), seconds: 10, claims: [] },
      {
        ordinal: 2,
        pacing: "STEADY",
        narration: `${"The Rhine is wide and cold here, ".repeat(8)}yes.`,
        seconds: 20,
        claims: [],
      },
    ],
    30_000,
  );

  it("say every word in order, within their lines, and nothing is wrong with them", () => {
    const cues = cuesOf(speech, [{ from: 0, to: 30_000 }], settings);
    const words = (texts: readonly string[]) => texts.join(" ").split(" ");
    expect(words(cues.flatMap(({ lines }) => lines))).toEqual(words(speech.map(({ text }) => text)));
    expect(checkCues(cues, settings, 30_000)).toEqual([]);
  });

  it("move with their cuts, and leave out what isn't shown", () => {
    const [first, , third] = speech;
    const cues = cuesOf(
      speech,
      [
        { from: first!.from, to: first!.to },
        { from: third!.from, to: third!.to },
      ],
      settings,
    );
    expect(cues.map(({ lines }) => lines.join(" "))).toEqual([first!.text, third!.text]);
    expect(cues[1]!.from).toBe(first!.to - first!.from);
  });

  it("never overlap and never go on behind the end, whatever is said: 100 episodes", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = seeded(seed);
      const scenes = Array.from({ length: 1 + random.below(5) }, (_, i) => ({
        ordinal: i + 1,
        pacing: "FAST" as const,
        narration: Array.from({ length: random.below(60) }, () => "x".repeat(1 + random.below(60))).join(" ") + ".",
        seconds: 0.2 + random.below(100) / 10,
        claims: [],
      }));
      const total = 200 + random.below(60_000);
      const cuts = [
        { from: 0, to: Math.ceil(total / 3) },
        { from: Math.ceil(total / 2), to: total },
      ];
      const length = cuts.reduce((sum, { from, to }) => sum + to - from, 0);
      const cues = cuesOf(speechOf(scenes, total), cuts, settings);
      const wrong = checkCues(cues, settings, length).filter(({ code }) =>
        ["CUE_EMPTY", "CUE_BACKWARDS", "CUES_OVERLAP", "CUE_BEHIND_END", "LINE_TOO_LONG", "TOO_MANY_LINES"].includes(
          code,
        ),
      );
      expect(wrong, `seed ${seed}`).toEqual([]);
    }
  });
});

describe("the check of subtitles", () => {
  it("finds each fault where it is", () => {
    expect(codes([cue(0, 2_000, "Fine.")])).toEqual([]);
    expect(codes([cue(0, 2_000, " ", "")])).toEqual(["1 CUE_EMPTY"]);
    expect(codes([cue(2_000, 2_000, "x")])).toEqual(["1 CUE_BACKWARDS"]);
    expect(codes([cue(0, 2_000, "a"), cue(1_900, 4_000, "b")])).toEqual(["2 CUES_OVERLAP"]);
    expect(codes([cue(0, 2_000, "a"), cue(2_040, 4_000, "b")])).toEqual(["2 GAP_TOO_SHORT"]);
    expect(codes([cue(0, 2_000, "a"), cue(2_000, 4_000, "b")])).toEqual([]);
    expect(codes([cue(0, 2_000, "a")], 1_999)).toEqual(["1 CUE_BEHIND_END"]);
    expect(codes([cue(0, 1_000, "x".repeat(18))])).toEqual(["1 TOO_FAST_TO_READ"]);
    expect(codes([cue(0, 1_000, "x".repeat(17))])).toEqual([]);
    expect(codes([cue(0, 6_000, "x".repeat(43))])).toEqual(["1 LINE_TOO_LONG"]);
    expect(codes([cue(0, 6_000, "a", "b", "c")])).toEqual(["1 TOO_MANY_LINES"]);
    expect(codes([cue(0, 500, "a")])).toEqual(["1 CUE_TOO_SHORT"]);
    expect(codes([cue(0, 7_500, "a")])).toEqual(["1 CUE_TOO_LONG"]);
  });
});

describe("WebVTT", () => {
  it("holds nothing that ends a cue, begins another or is markup", () => {
    expect(escaped("a --> b <i>&amp;</i>\r\n\n\u2028c")).toBe("a --&gt; b &lt;i&gt;&amp;amp;&lt;/i&gt; c");
    const text = webvtt([
      cue(0, 1_500, "00:00:00.000 --> 00:00:01.000", "\n\n"),
      cue(1_500, 3_000, "   "),
      cue(3_723_004, 3_724_000, "NOTE <v Roger>"),
    ]);
    expect(text).toBe(
      "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\n00:00:00.000 --&gt; 00:00:01.000\n\n3\n01:02:03.004 --> 01:02:04.000\nNOTE &lt;v Roger&gt;\n",
    );
  });
});
