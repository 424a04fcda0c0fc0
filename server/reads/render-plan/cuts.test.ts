import { describe, expect, it } from "vitest";
import { cutPlan } from "../../../graph-schema/documents/cut-plan.js";
import { seeded } from "../../../test/kit/random.js";
import { chosenCuts, highlightCuts } from "./cuts.js";
import { speechOf, type SpokenScene } from "./speech.js";

const plan = (cuts: [number, number][], duration_s = 100) =>
  cutPlan.parse({ clip: { file: "a.mp4", duration_s }, cuts: cuts.map(([from_s, to_s]) => ({ from_s, to_s })) });

describe("a cut plan", () => {
  it("is what somebody chose, unless that is nothing or all of the clip", () => {
    expect(chosenCuts(plan([[1, 2.5]]))).toEqual([{ from: 1_000, to: 2_500 }]);
    expect(chosenCuts(plan([]))).toBeNull();
    expect(chosenCuts(plan([[0, 100]]))).toBeNull();
    expect(
      chosenCuts(
        plan([
          [0, 40],
          [40, 99.99],
        ]),
      ),
    ).toBeNull();
    expect(chosenCuts(plan([[0.06, 100]]))).toEqual([{ from: 60, to: 100_000 }]);
  });

  it("is refused where a cut is empty, backwards, behind the end, or over another", () => {
    const at = (cuts: [number, number][]) => {
      const { error } = cutPlan.safeParse({
        clip: { file: "a.mp4", duration_s: 100 },
        cuts: cuts.map(([from_s, to_s]) => ({ from_s, to_s })),
      });
      return error?.issues.map(({ path }) => path.join("."));
    };
    expect(at([[5, 5.05]])).toEqual(["cuts.0.to_s"]);
    expect(at([[9, 5]])).toEqual(["cuts.0.to_s"]);
    expect(at([[90, 101]])).toEqual(["cuts.0.to_s"]);
    expect(
      at([
        [1, 5],
        [4, 8],
      ]),
    ).toEqual(["cuts.1.from_s"]);
  });
});

const WORDS = ["Basel", "has", "7", "bridges", "über", "den", "Rhein", "und", "mehr", "日本語", "—", "e.g.", "…"];
const PACINGS = ["SLOW", "STEADY", "FAST"] as const;

function scenesOf(seed: number): { scenes: SpokenScene[]; clipMs: number; wantedMs: number } {
  const random = seeded(seed);
  const sentence = () => `${Array.from({ length: 1 + random.below(20) }, () => random.pick(WORDS)).join(" ")}.`;
  const scenes = Array.from({ length: random.below(8) }, (_, i) => {
    const said = Array.from({ length: random.below(6) }, sentence);
    return {
      ordinal: i + 1,
      pacing: random.pick(PACINGS),
      narration: said.join(" "),
      seconds: 0.1 + random.below(600) / 10,
      claims: said.filter(() => random.below(2) === 0),
    };
  });
  return { scenes, clipMs: 100 + random.below(600_000), wantedMs: random.below(120_000) };
}

describe("highlights", () => {
  it("lie within the clip, in order, none over another, and no longer than wanted: 500 episodes", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const { scenes, clipMs, wantedMs } = scenesOf(seed);
      const speech = speechOf(scenes, clipMs);
      const cuts = highlightCuts(speech, clipMs, wantedMs);
      expect(cuts.length, `seed ${seed}`).toBeGreaterThan(0);
      cuts.forEach(({ from, to }, i) => {
        expect(Number.isInteger(from) && Number.isInteger(to), `seed ${seed}`).toBe(true);
        expect(from, `seed ${seed}`).toBeGreaterThanOrEqual(i === 0 ? 0 : cuts[i - 1]!.to);
        expect(to, `seed ${seed}`).toBeGreaterThan(from);
        expect(to, `seed ${seed}`).toBeLessThanOrEqual(clipMs);
      });
      const length = cuts.reduce((sum, { from, to }) => sum + to - from, 0);
      expect(length, `seed ${seed}`).toBeLessThanOrEqual(Math.max(wantedMs, 100));
      expect(highlightCuts(speechOf(structuredClone(scenes), clipMs), clipMs, wantedMs)).toEqual(cuts);
    }
  });

  it("take claims before what only leads to them, and go through the whole episode", () => {
    const scenes: SpokenScene[] = [1, 2, 3].map((ordinal) => ({
      ordinal,
      pacing: "STEADY",
      narration: `From the paper of ${ordinal} o'clock. It has ${ordinal} bridges of iron.`,
      seconds: 10,
      claims: [`It has ${ordinal} bridges of iron.`],
    }));
    const speech = speechOf(scenes, 30_000);
    const cuts = highlightCuts(speech, 30_000, 16_000);
    const shown = speech.filter(({ from, to }) => cuts.some((cut) => cut.from <= from && to <= cut.to));
    expect(shown.map(({ text }) => text)).toEqual(scenes.map(({ claims }) => claims[0]));
  });
});
