import { describe, expect, it } from "vitest";
import { factKey, findQuote } from "./quote.js";

const quote = (exact: string, prefix = "", suffix = "") => ({ prefix, exact, suffix });

describe("findQuote", () => {
  const text = "It rose to 4.2 % in May, and to 4.2 % again in June.";

  it("finds the first of the words when nothing tells them apart", () => {
    expect(findQuote(text, quote("4.2 %"))).toBe(11);
  });

  it("tells twins apart by what stands before or after", () => {
    expect(findQuote(text, quote("4.2 %", "and to "))).toBe(32);
    expect(findQuote(text, quote("4.2 %", "", " again"))).toBe(32);
    expect(findQuote(text, quote("4.2 %", "to ", " in May"))).toBe(11);
  });

  it("doesn't find what stands elsewhere, in another case or with other space", () => {
    expect(findQuote(text, quote("4.3 %"))).toBe(-1);
    expect(findQuote(text, quote("it rose"))).toBe(-1);
    expect(findQuote(text, quote("4.2%"))).toBe(-1);
    expect(findQuote(text, quote("4.2 %", "fell to "))).toBe(-1);
    expect(findQuote(text, quote("4.2 %", "and to ", " in May"))).toBe(-1);
  });

  it("finds at both ends of the text", () => {
    expect(findQuote(text, quote("It"))).toBe(0);
    expect(findQuote(text, quote("It", "x"))).toBe(-1);
    expect(findQuote(text, quote("June.", "in "))).toBe(text.length - 5);
    expect(findQuote(text, quote("June.", "", "x"))).toBe(-1);
  });

  it("finds an overlapping second place", () => {
    expect(findQuote("aaab", quote("aa", "", "b"))).toBe(1);
  });

  it("takes no character for a pattern", () => {
    expect(findQuote("a.b", quote("a*b"))).toBe(-1);
    expect(findQuote("cost: $& (50%)", quote("$& (50%)"))).toBe(6);
  });
});

describe("factKey", () => {
  it("is the same for the same words of the same snapshot only", () => {
    const key = factKey("s1", quote("x"));
    expect(factKey("s1", quote("x"))).toBe(key);
    const others = [
      factKey("s2", quote("x")),
      factKey("s1", quote("y")),
      factKey("s1", quote("x", "p")),
      factKey("s1", quote("x", "", "p")),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
  });

  it("keeps the parts apart", () => {
    expect(factKey("s", quote("b", "a", "c"))).not.toBe(factKey("s", quote("", "ab", "c")));
  });
});
