import { describe, expect, it } from "vitest";
import { claimKey, normalizeClaim } from "./claim-text.js";

describe("a claim's text", () => {
  it.each([
    ["  Water  boils\n\tat 100 °C. ", "Water boils at 100 °C."],
    ["Cafe\u0301", "Caf\u00e9"],
    ["a\u00a0b\u2003c", "a b c"],
  ])("%j is normalised to %j", (given, normal) => {
    expect(normalizeClaim(given)).toBe(normal);
    expect(normalizeClaim(normal)).toBe(normal);
  });

  it("keeps case, digits and signs, which make another claim", () => {
    const texts = ["It is 4.2 %.", "it is 4.2 %.", "It is 4,2 %.", "It is 4.2 %", "It isn't 4.2 %."];
    expect(new Set(texts.map((text) => claimKey(normalizeClaim(text)))).size).toBe(texts.length);
  });

  it("has the SHA-256 of its UTF-8 bytes as key", () => {
    expect(claimKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
