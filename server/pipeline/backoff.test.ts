import { expect, it } from "vitest";
import { retryMs } from "./backoff.js";

const backoff = { first: "1s", factor: 3, most: "20s", jitter: 0.5 };

it("grows by its factor up to its most, less a part left to chance", () => {
  const pauses = (random: number) => [1, 2, 3, 4, 20].map((failures) => retryMs({ backoff }, failures, () => random));
  expect(pauses(0)).toEqual([1_000, 3_000, 9_000, 20_000, 20_000]);
  expect(pauses(1)).toEqual([500, 1_500, 4_500, 10_000, 10_000]);
});

it("leaves nothing to chance where the flow says so", () => {
  expect(retryMs({ backoff: { ...backoff, jitter: 0 } }, 2, () => 1)).toBe(3_000);
});
