import { describe, expect, it } from "vitest";
import { dayOf, figureOf, kindOf } from "./figures.js";

describe("a figure", () => {
  it("is the one number of a sentence that has a unit, of the day that it names", () => {
    expect(figureOf("The share of rail freight rose to 17.5 % in 2019.")).toEqual({
      value: 17.5,
      unit: "%",
      day: "2019-12-31",
    });
    expect(figureOf("On 4 May 2021 the city had 173,000 people.")).toEqual({
      value: 173_000,
      unit: "people",
      day: "2021-05-04",
    });
    expect(figureOf("Basel counts 173,000 people.")).toEqual({ value: 173_000, unit: "people", day: null });
  });

  it("isn't where several numbers, or none with a unit, stand", () => {
    expect(figureOf("Of 173,000 people 12 % came in 2019.")).toBeNull();
    expect(figureOf("The bridge was opened in 1932.")).toBeNull();
    expect(dayOf("Between 2019 and 2021 it grew.")).toBeNull();
    expect(dayOf("It grew until February 2020.")).toBe("2020-02-29");
  });
});

describe("the kind of a claim", () => {
  it.each([
    ["The ticket costs 12 francs since the price was raised to $13.", "PRICE"],
    ["Anna Berg is the mayor of Basel.", "OFFICE_HOLDER"],
    ["The court ruled that the bridge stays.", "LAW"],
    ["Basel has 7 bridges.", "COUNT"],
    ["Every Hermitian matrix is a normal matrix.", "SCIENCE"],
    ["The bridge was opened in 1932 by Anna Berg.", "HISTORY"],
    ["Firefox is a web browser of Mozilla.", "PRODUCT"],
    ["Basel lies on the Rhine.", "OTHER"],
  ])("of “%s” is %s", (sentence, kind) => {
    expect(kindOf(sentence)).toBe(kind);
  });
});
