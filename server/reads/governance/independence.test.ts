import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { areCopies, groupsOf } from "./independence.js";

const of = (text: string, independenceGroup = "a.example") => ({
  text,
  independenceGroup,
  sha256: createHash("sha256").update(text).digest("hex"),
});
const words = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `word${from + i}`).join(" ");

describe("copies", () => {
  it("share nine of ten runs of five words, whatever their marks and case", () => {
    expect(
      areCopies(of(words(0, 100)), of(`${words(0, 100).toUpperCase().replaceAll(" ", ", ")}. Reprinted here.`)),
    ).toBe(true);
    expect(areCopies(of(words(0, 100)), of(words(0, 80)))).toBe(true);
    expect(areCopies(of(words(0, 100)), of(words(50, 150)))).toBe(false);
    expect(areCopies(of("too short"), of("too short to have five"))).toBe(false);
  });

  it("are found where one text is much longer than the other, and both are long", () => {
    expect(areCopies(of(words(0, 40_000)), of(words(10_000, 16_000)))).toBe(true);
    expect(areCopies(of(words(0, 40_000)), of(words(60_000, 66_000)))).toBe(false);
    expect(areCopies(of(words(0, 40_000)), of(words(37_000, 77_000)))).toBe(false);
  });
});

describe("groups", () => {
  it("are the owners', and copies join those of two", () => {
    const wire = words(0, 60);
    const groups = groupsOf([
      of(words(200, 300), "a.example"),
      of(words(300, 400), "a.example"),
      of(wire, "b.example"),
      of(`${wire} and a line of their own`, "c.example"),
      of(words(500, 600), "d.example"),
    ]);
    expect(groups).toEqual(["a.example", "a.example", "b.example", "b.example", "d.example"]);
  });
});
