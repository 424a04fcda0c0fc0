import { describe, expect, it } from "vitest";
import { dayHeld, daysOf } from "./dates.js";
import { compareQuantities, quantitiesOf } from "./quantities.js";
import { tokensOf } from "./words.js";

const read = (text: string) => {
  const tokens = tokensOf(text);
  const { days, taken } = daysOf(tokens);
  return { days, numbers: quantitiesOf(tokens, taken) };
};
const values = (text: string) => read(text).numbers.map(({ kind, value }) => [kind, value]);

describe("numbers of a text", () => {
  it("are read with their magnitude, kind, and as words", () => {
    expect(values("$1.3 million")).toEqual([["money", 1_300_000]]);
    expect(values("grossed $5m")).toEqual([["money", 5_000_000]]);
    expect(values("12,261 confirmed cases")).toEqual([["count", 12_261]]);
    expect(values("an approval rating of 19% and 3.8/10")).toEqual([
      ["percent", 19],
      ["score", 3.8],
    ]);
    expect(values("twenty-eight cases and four and a half years")).toEqual([
      ["count", 28],
      ["count", 4.5],
    ]);
    expect(values("the 5th and the third")).toEqual([
      ["ordinal", 5],
      ["ordinal", 3],
    ]);
    expect(values("10.4 crore")).toEqual([["count", 104_000_000]]);
    expect(values("One of them came.")).toEqual([]);
  });

  it("leave out what belongs to a date", () => {
    const { days, numbers } = read(
      "As of 28 April 2020, 2,131 cases; in 2009 there were none. On June 19, 2016 it began.",
    );
    expect(days.map(({ year, month, day }) => [year, month, day])).toEqual([
      [2020, 4, 28],
      [2009, null, null],
      [2016, 6, 19],
    ]);
    expect(days[0]!.asOf).toBe(true);
    expect(numbers.map(({ value }) => value)).toEqual([2_131]);
  });

  it("take a count of four digits for no year", () => {
    expect(values("there were 1689 confirmed cases")).toEqual([["count", 1_689]]);
  });
});

const held = (claim: string, evidence: string) =>
  compareQuantities(read(claim).numbers, read(evidence).numbers).map((one) => one.held);

describe("numbers held against each other", () => {
  it("obey the bound that the claim sets", () => {
    for (const [claim, evidence, expected] of [
      ["more than 50 arches", "53 arches", "holds"],
      ["more than 53 arches", "53 arches", "differs"],
      ["at least 53 arches", "53 arches", "holds"],
      ["fewer than 50 arches", "53 arches", "differs"],
      ["up to 53 arches", "53 arches", "holds"],
      ["no more than 50 arches", "53 arches", "differs"],
      ["about 50 arches", "53 arches", "holds"],
      ["50 or more arches", "53 arches", "holds"],
      ["over 11 million views", "over 11 million views", "holds"],
      ["less than 11 million views", "over 11 million views", "differs"],
      ["53 arches", "54 arches", "differs"],
      ["two judges", "2 judges", "holds"],
    ] as const)
      expect(held(claim, evidence), `${claim} / ${evidence}`).toEqual([expected]);
  });

  it("let the one round what the other tells in full", () => {
    expect(held("It earned $1.3 million.", "It earned $1,341,050.")).toEqual(["holds"]);
    expect(held("It earned $1.3 million.", "It earned $1,391,050.")).toEqual(["differs"]);
    expect(held("It earned 1,341,050 dollars.", "It earned $1.3 million.")).toEqual(["holds"]);
  });

  it("are those that count the same thing", () => {
    const evidence =
      "the confirmed cases reached 638, and the number of recoveries reached 26, with a total number of 37 deaths";
    expect(held("There were less than 38 deaths.", evidence)).toEqual(["holds"]);
    expect(held("There were more than 25 recoveries and more than 37 deaths.", evidence)).toEqual(["holds", "differs"]);
    expect(held("It stands at 90%.", "It has 90 arches.")).toEqual(["missing"]);
  });
});

describe("dates held against each other", () => {
  const dates = (claim: string, evidence: string) => read(claim).days.map((day) => dayHeld(day, read(evidence).days));
  it("as far as both know them, and by what is asked of them", () => {
    for (const [claim, evidence, expected] of [
      ["Released before 2018.", "Released on February 20, 2019.", "differs"],
      ["Released before 2018.", "Released on February 20, 2015.", "holds"],
      ["Released after 2015.", "Released on 28 August 2018.", "holds"],
      ["Released in August 2018.", "Released on 28 August 2018.", "holds"],
      ["Released on June 19, 2016.", "Released on 19 June.", "holds"],
      ["Released on June 19, 2016.", "Released on 20 June 2016.", "differs"],
      ["Released in 2016.", "Released.", "missing"],
    ] as const)
      expect(dates(claim, evidence), `${claim} / ${evidence}`).toEqual([expected]);
  });
});
