import { describe, expect, it } from "vitest";
import { LIMITS, within } from "./limits.js";

describe("a bound of the API", () => {
  it("takes whole numbers from its least to its most, and names the field of any other", () => {
    expect([1, 500].map((value) => within("first", value, LIMITS.first))).toEqual([1, 500]);
    for (const value of [0, 501, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => within("first", value, LIMITS.first), String(value)).toThrow(
        expect.objectContaining({ code: "BAD_INPUT", field: "first" }),
      );
    }
  });

  it("stands as the design says", () => {
    expect(LIMITS).toMatchObject({
      depth: { min: 1, max: 12 },
      lineageFirst: { min: 1, max: 5_000, default: 500 },
      first: { min: 1, max: 500, default: 20 },
      bodyBytes: 1_000_000,
      uploadBytes: 100_000_000,
      aliases: 15,
      directivesPerField: 3,
      directives: 20,
      tokens: 2_000,
    });
  });
});
