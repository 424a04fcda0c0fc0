import { describe, expect, it } from "vitest";
import { featuresOf, FEATURES } from "./features.js";
import { alike, cleanText, stemOf, tokensOf } from "./words.js";

const of = (claim: string, evidence: string, title = "") => featuresOf({ claim, evidence, title });

describe("words", () => {
  it("are compared by what their forms have in common", () => {
    for (const [one, other] of [
      ["centres", "centers"],
      ["grossed", "earned"],
      ["stopped", "stopping"],
      ["releases", "released"],
      ["cities", "city"],
      ["organisation", "organization"],
      ["colour", "color"],
    ] as const)
      expect(stemOf(one), `${one} ${other}`).toBe(stemOf(other));
    expect(alike(stemOf("travellers"), stemOf("travelers"))).toBe(true);
    expect(alike(stemOf("cat"), stemOf("car"))).toBe(false);
  });

  it("are read as their writer meant them", () => {
    expect(cleanText("DayZ -LRB-video game-RRB- is `` new ''")).toBe('DayZ (video game) is " new "');
    expect(cleanText("in the United States and U.S. towns")).toBe("in America and America towns");
    expect(tokensOf("He left.The next one came.").at(-2)!.sentence).toBe(1);
    expect(tokensOf("J.D. Fortune sang 3.5 songs.").at(-1)!.sentence).toBe(0);
  });
});

describe("features", () => {
  it("are finite for whatever text", () => {
    for (const text of [
      "",
      "?",
      "\uD83D",
      "0",
      "%%%",
      "a".repeat(2_000),
      "1e999 999999999999999999999",
      "日本語の文章です。",
    ])
      for (const name of FEATURES) expect(of(text, text, text)[name], `${name} of ${text}`).toSatisfy(Number.isFinite);
  });

  it("count the claim's words that stand in the evidence, and those that its title has", () => {
    const found = of("The DUFF was released by Lionsgate.", "It was released by Lionsgate.", "The DUFF");
    expect(found.words).toBeLessThan(1);
    expect(found.wordsWithTitle).toBe(1);
    expect(found.everyWord).toBe(1);
    expect(of("The bridge is old.", "Nobody knows.").fewWords).toBe(1);
  });

  it("notice another name or word in the place of the claim's", () => {
    const name = of("Zara Ella Larsson is a singer.", "Zara Maria Larsson is a singer.");
    expect(name.nameReplaced).toBe(1);
    expect(name.aNameMissing).toBe(1);
    expect(of("She is a Swedish model.", "She is a Swedish actress.").opposite).toBeGreaterThan(0);
    expect(of("The old stone bridge fell.", "The old wooden bridge fell.").wordReplaced).toBe(1);
    expect(of("Zara Larsson is a singer.", "Zara Larsson is a singer.").nameReplaced).toBe(0);
  });

  it("notice a negation, an opposite, and what is widened", () => {
    expect(of("The bridge was opened.", "The bridge was never opened.").negation).toBe(1);
    expect(of("The bridge wasn't opened.", "The bridge was never opened.").negation).toBe(0);
    expect(of("Critics were positive.", "Critics were negative.").opposite).toBeGreaterThan(0);
    expect(of("All bridges are old.", "Bridges are old.").widened).toBe(1);
  });

  it("hold numbers and dates against each other", () => {
    const differs = of("It has more than 60 arches.", "It has 53 arches.");
    expect(differs).toMatchObject({ hasBound: 1, boundFails: 1, numberDiffers: 1, numbersHold: 0 });
    expect(of("It has 53 arches.", "It has arches.")).toMatchObject({ numberMissing: 1, noNumberToHold: 1 });
    expect(of("By 6 April 2020 there were 700 cases.", "As of 7 April 2020, there were 700 cases.").asOfDiffers).toBe(
      1,
    );
    expect(of("It opened in 1999.", "It opened in 2001.").dateDiffers).toBe(1);
  });

  it("see whether words stand in the same order", () => {
    const same = of("Dogs chase cats.", "Dogs often chase cats.");
    const other = of("Dogs chase cats.", "Cats often chase dogs.");
    expect(same.order).toBeGreaterThan(other.order);
    expect(same.neighbours).toBeGreaterThan(other.neighbours);
  });
});
