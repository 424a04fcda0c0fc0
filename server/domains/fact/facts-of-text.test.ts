import { describe, expect, it } from "vitest";
import { findQuote } from "./quote.js";
import { factsOf, MAX_FACTS, quoteAt, saysVerbatim } from "./facts-of-text.js";

describe("the facts of a text", () => {
  it("are sentences with numbers, dates and names, and no others", () => {
    const text = `A heading of 1999

It was a fine day and nobody thought of anything. The bridge was opened on 4 May 1932 by Anna Berg. They say it is very long indeed, as everybody knows. It has 53 spans.`;
    expect(factsOf(text, 50).map(({ statement }) => statement)).toEqual([
      "The bridge was opened on 4 May 1932 by Anna Berg.",
    ]);
  });

  it("have a number as data only where there is one, with its unit", () => {
    const of = (text: string) => factsOf(text, 5)[0];
    expect(of("The share of rail freight rose to 17.5 % over the years.")).toMatchObject({
      kind: "DATA_POINT",
      value: 17.5,
      unit: "%",
    });
    expect(of("The city of Basel has about 1,201 people living on boats.")).toMatchObject({
      kind: "DATA_POINT",
      value: 1201,
      unit: "people",
    });
    expect(of("From 12 % it rose to 17 % in the course of the years.")).toMatchObject({
      kind: "KEY_FACT",
      value: null,
    });
    expect(of("The whole thing was founded by somebody in 1999, they say.")).toMatchObject({
      kind: "KEY_FACT",
      value: null,
    });
  });

  it("are bounded, the weightiest first, and stand in the order of the text", () => {
    const text = Array.from({ length: 200 }, (_, i) =>
      i % 4 === 0
        ? `On 3 May 19${10 + (i % 80)} the number of boats was ${i} in Basel.`
        : `Somebody counted about ${i} boats on the river.`,
    ).join(" ");
    const facts = factsOf(text, MAX_FACTS.FULL);
    expect(facts).toHaveLength(50);
    expect(facts.every(({ statement }) => statement.startsWith("On 3 May"))).toBe(true);
    const places = facts.map(({ quote }) => findQuote(text, quote));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it("quote with what stands around them, never half a character of it", () => {
    const text = `${"😀".repeat(40)} The tower has 80 floors. ${"😀".repeat(40)}`;
    const exact = "The tower has 80 floors.";
    const quote = quoteAt(text, text.indexOf(exact), exact);
    expect(findQuote(text, quote)).toBe(text.indexOf(exact));
    expect(quote.prefix + quote.suffix).not.toMatch(
      /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/,
    );
  });

  it("leave the marks of references out", () => {
    const text =
      "In 1998 Netscape gave its whole code away for free.[10] The Mozilla Foundation came of it in July 2003.[11][12]";
    expect(factsOf(text, 5).map(({ quote }) => quote.exact)).toEqual([
      "In 1998 Netscape gave its whole code away for free.",
      "The Mozilla Foundation came of it in July 2003.",
    ]);
  });
});

describe("a claim that says a quote word for word", () => {
  const quote = "The bridge was opened in 1932.  It has 53 spans, they say.";

  it("is the whole of it, or a whole sentence of it, whatever the spaces", () => {
    for (const words of [quote, "The bridge was opened in 1932.", " It has 53 spans,\n they say. "])
      expect([words, saysVerbatim(words, quote)]).toEqual([words, true]);
  });

  it("is no part of a sentence, nothing else, and not nothing", () => {
    for (const words of ["It has 53 spans", "The bridge was opened in 1933.", "the bridge was opened in 1932.", " "])
      expect([words, saysVerbatim(words, quote)]).toEqual([words, false]);
    expect(saysVerbatim("It has 53 spans.", "Nobody believes that it has 53 spans.")).toBe(false);
  });
});
