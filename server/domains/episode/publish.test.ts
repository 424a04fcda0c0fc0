import { describe, expect, it } from "vitest";
import { mustHaveGoneOut } from "./publish.service.js";

const NOW = Date.UTC(2026, 10, 22);

describe("an instant of publishing", () => {
  it("is never to come, as far as clocks agree", () => {
    for (const at of [undefined, 0, NOW - 1, NOW, NOW + 5_000]) expect(() => mustHaveGoneOut(at, NOW)).not.toThrow();
    expect(() => mustHaveGoneOut(NOW + 5_001, NOW)).toThrow(
      /arguments\.publishedAt: must not be to come: it is 2026-11-22T00:00:05\.001Z.*leave it out/,
    );
  });
});
