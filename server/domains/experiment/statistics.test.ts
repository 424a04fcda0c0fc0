import { describe, expect, it } from "vitest";
import { corrected, differenceInterval, normalQuantile, pairsOf, sampleSize, wilson } from "./statistics.js";

const counted = (taken: number, shown: number) => ({ taken, shown });

describe("the normal quantile", () => {
  // statistics.NormalDist().inv_cdf(p) of Python's standard library, which implements the same algorithm.
  it.each([
    [0.5, 0],
    [0.8, 0.8416212335729144],
    [0.9, 1.2815515655446008],
    [0.975, 1.9599639845400536],
    [0.995, 2.5758293035489],
    [0.9916666666666667, 2.3939797998185104],
    [0.025, -1.9599639845400538],
    [1e-9, -5.9978070150076865],
    [1e-13, -7.3487961028006765],
  ])("of %f is %f", (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 12));

  it("is of a probability", () => {
    for (const p of [0, 1, -0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});

describe("intervals of published examples", () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("Wilson's of %d of %d", (taken, shown, low, high) => {
    const interval = wilson(counted(taken, shown), 0.05);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])("Newcombe's of %d of %d and %d of %d", (a, m, b, n, low, high) => {
    const interval = differenceInterval(counted(a, m), counted(b, n), 0.05);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
    const other = differenceInterval(counted(b, n), counted(a, m), 0.05);
    expect(other.low).toBeCloseTo(-interval.high, 12);
  });
});

describe("the sample that is planned", () => {
  // By hand with z of 1.9599640 and 0.8416212: ((z·sqrt(2·p̄·q̄) + z'·sqrt(p·q + p'·q')) / (p' - p))², rounded up.
  it.each([
    [0.25, 0.15, 0.05, 0.8, 152],
    [0.04, 0.01, 0.05, 0.8, 6_745],
    [0.5, 0.1, 0.05, 0.9, 519],
  ])("for %f and %f more", (base, effect, alpha, power, size) => {
    expect(sampleSize({ base, effect, alpha, power })).toBe(size);
  });

  it("grows with the variants, each of which is held against every other", () => {
    expect([2, 3, 4].map(pairsOf)).toEqual([1, 3, 6]);
    expect(corrected(0.06, 3)).toBeCloseTo(0.02, 12);
    const of = (variants: number) =>
      sampleSize({ base: 0.04, effect: 0.01, alpha: corrected(0.05, variants), power: 0.8 });
    expect(of(3)).toBeGreaterThan(of(2));
  });
});
