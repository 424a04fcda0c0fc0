import { expect, test } from "vitest";
import { findQuote, windowAround } from "./quote.js";

const text = "Sales rose by 14 per cent in the north. Sales rose by 14 per cent in the south.";
const at = (prefix: string, exact: string, suffix: string) => findQuote(text, { prefix, exact, suffix });

test("words that stand once are found whatever surrounds them", () => {
  expect(at("wrong", "in the north", "wrong")).toEqual({ start: 26, end: 38, certain: true });
});

test("prefix and suffix tell which of two places is meant", () => {
  const span = at("", "rose by 14 per cent", " in the south");
  expect(text.slice(0, span?.start)).toBe("Sales rose by 14 per cent in the north. Sales ");
  expect(span?.certain).toBe(true);
});

test("without them the first place is shown, and said to be uncertain", () => {
  expect(at("", "rose by", "")).toEqual({ start: 6, end: 13, certain: false });
});

test("words that don't stand there, and no words at all, aren't found", () => {
  expect(at("", "fell by", "")).toBeNull();
  expect(at("Sales", "", "rose")).toBeNull();
});

test("the part shown around a quote ends between words and within the text", () => {
  const shown = windowAround(text, { start: 26, end: 38, certain: true }, 12);
  expect(text.slice(shown.from, shown.to)).toBe("per cent in the north. Sales rose");
  expect(windowAround("short", { start: 0, end: 5, certain: true }, 500)).toEqual({ from: 0, to: 5 });
});

test("a text without spaces is cut where the reach ends", () => {
  const long = "x".repeat(100);
  expect(windowAround(long, { start: 50, end: 60, certain: true }, 10)).toEqual({ from: 40, to: 70 });
});
