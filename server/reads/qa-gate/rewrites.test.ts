import { describe, expect, it } from "vitest";
import { rewritesOf, WEEK_MS, type RunRounds } from "./rewrites.js";

const NOW = Date.UTC(2026, 10, 22);
/** A run so many weeks ago, sent back once for each list of codes. */
const run = (weeksAgo: number, ...back: string[][]): RunRounds => ({
  startedAt: NOW - weeksAgo * WEEK_MS + 1,
  sentBack: back.map((codes, i) => ({ at: NOW - weeksAgo * WEEK_MS + 2 + i, codes })),
});
const many = (n: number, make: () => RunRounds) => Array.from({ length: n }, make);

describe("rewrites of a channel", () => {
  it("are counted by week and by what asked for them", () => {
    const { runs, rewrites, weeks, triggers } = rewritesOf(
      [
        run(4),
        run(4, ["CLAIM_NOT_SAID"], ["CLAIM_NOT_SAID", "TRACE_MISMATCH"]),
        run(1, ["TRACE_MISMATCH"]),
        run(5, ["OLD"]),
      ],
      NOW,
      4,
    );
    expect([runs, rewrites]).toEqual([3, 3]);
    expect(weeks.map((week) => [week.runs, week.runsSentBack, week.rewrites])).toEqual([
      [2, 1, 2],
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(triggers.map(({ code, count, weeks: by }) => [code, count, by])).toEqual([
      ["CLAIM_NOT_SAID", 2, [2, 0, 0, 0]],
      ["TRACE_MISMATCH", 2, [1, 0, 0, 1]],
    ]);
  });

  it("rise or fall by the share of runs, and surely only where chance doesn't explain it", () => {
    const rising = rewritesOf([...many(20, () => run(4)), ...many(20, () => run(1, ["X"]))], NOW, 4);
    expect(rising).toMatchObject({ direction: "RISING", change: 1, certain: true });
    const falling = rewritesOf([run(4, ["X"]), run(4), run(1), run(1)], NOW, 4);
    expect(falling).toMatchObject({ direction: "FALLING", change: -0.5, certain: false });
    expect(rewritesOf([run(4, ["X"]), run(1, ["X"])], NOW, 4)).toMatchObject({ direction: "STEADY", certain: false });
    expect(falling.triggers[0]).toMatchObject({ code: "X", direction: "FALLING", certain: false });
  });

  it("are held to more the more triggers there are, since one of many looks certain by chance alone", () => {
    const codes = Array.from({ length: 10 }, (_, i) => `CODE_${i}`);
    const of = (some: string[]) =>
      rewritesOf(
        [...many(20, () => run(4)), ...some.flatMap((code) => many(20 / some.length, () => run(1, [code])))],
        NOW,
        4,
      );
    // The same counts of one trigger, alone and beside nine others that came once before.
    const runs = [...many(20, () => run(4)), ...many(14, () => run(1)), ...many(6, () => run(1, ["CODE_0"]))];
    const alone = rewritesOf(runs, NOW, 4).triggers[0]!;
    const others = runs.map((one, i) => (i < 9 ? run(4, [codes[i + 1]!]) : one));
    const beside = rewritesOf(others, NOW, 4).triggers.find(({ code }) => code === "CODE_0")!;
    expect([alone.certain, beside.certain]).toEqual([true, false]);
    expect([alone.change, beside.change]).toEqual([0.3, 0.3]);
    expect(beside.low!).toBeLessThan(alone.low!);
    // What is plain stays certain, and the channel's own trend is one comparison.
    expect(of(["X"]).triggers[0]!.certain).toBe(true);
    expect(of(codes).certain).toBe(true);
  });

  it("have no direction where a half has no run", () => {
    for (const runs of [[], [run(1, ["X"])], [run(4)]])
      expect(rewritesOf(runs, NOW, 4)).toMatchObject({ direction: "UNKNOWN", change: null, certain: false });
    // Of three weeks the one in the middle is in neither half.
    expect(rewritesOf([run(2, ["X"]), run(1)], NOW, 3)).toMatchObject({ direction: "UNKNOWN", rewrites: 1 });
  });
});
