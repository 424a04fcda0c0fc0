import { describe, expect, it } from "vitest";
import { MAX_ATTEMPTS, nextAttempt } from "./schedule.js";

const DAY = 24 * 60 * 60_000;

/** The instants of all attempts when each fails at once. */
function attempts(random: () => number): number[] {
  const instants = [0];
  for (let next: number | null; (next = nextAttempt(instants.length, instants.at(-1)!, random())) !== null;)
    instants.push(next);
  return instants;
}

describe("the attempts of a delivery", () => {
  it("are ten over about three days, further and further apart", () => {
    const all = attempts(() => 0.5);
    expect(all).toHaveLength(10);
    expect(MAX_ATTEMPTS).toBe(10);
    expect(all.at(-1)! / DAY).toBeGreaterThan(2.9);
    expect(all.at(-1)! / DAY).toBeLessThan(3.1);
    const waits = all.slice(1).map((at, i) => at - all[i]!);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  });

  it("come between 90 and 110 % of their time, by chance", () => {
    const [soonest, plain, latest] = [0, 0.5, 0.999_999].map((random) => attempts(() => random));
    for (let i = 1; i < MAX_ATTEMPTS; i++) {
      const wait = (list: number[]) => list[i]! - list[i - 1]!;
      expect(wait(soonest!) / wait(plain!)).toBeCloseTo(0.9, 2);
      expect(wait(latest!) / wait(plain!)).toBeCloseTo(1.1, 2);
    }
    expect(new Set(Array.from({ length: 50 }, () => nextAttempt(4, 0, Math.random()))).size).toBeGreaterThan(40);
  });
});
