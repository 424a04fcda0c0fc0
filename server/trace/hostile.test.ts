import { describe, expect, it } from "vitest";
import { checkClaim } from "./claim-check.js";

/* Far above what either takes, far below what it took when each place was held against each other. */
const SOON_MS = 2_000;

describe("a row made to keep the check busy", () => {
  it.each([
    ["two words over and over", "x y ".repeat(500), `${"x ".repeat(5_000)}${"y ".repeat(5_000)}`],
    ["nothing but full stops", "It ends", `${".".repeat(240_000)}a`],
    ["quotes behind a full stop", "It ends", `.${'"'.repeat(240_000)}a`],
    ["no end of a sentence", "It never ends", "word ".repeat(48_000)],
  ])("is answered soon: %s", (_, claim, evidence) => {
    const began = performance.now();
    const { rank } = checkClaim({ claim, evidence, title: "A title" });
    expect(Number.isFinite(rank)).toBe(true);
    expect(performance.now() - began).toBeLessThan(SOON_MS);
  });
});
