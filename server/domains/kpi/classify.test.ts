import { describe, expect, it } from "vitest";
import { changesOf, sortRows } from "./classify.js";

describe("a row beside what is known", () => {
  it("changes what it tells otherwise, and leaves alone what it doesn't tell", () => {
    const known = { views: 10, ctr: 0.1, revenue: null, currency: null };
    expect(changesOf({ figures: { views: 10 }, currency: null }, known)).toEqual({});
    expect(changesOf({ figures: { views: 12, revenue: 0 }, currency: "EUR" }, known)).toEqual({
      views: 12,
      revenue: 0,
      currency: "EUR",
    });
  });

  it("is new, other, or known already", () => {
    const row = (key: string, views: number) => ({ key, figures: { views }, currency: null });
    const sorted = sortRows(
      [row("a", 1), row("b", 2), row("c", 3)],
      new Map([
        ["b", { views: 2 }],
        ["c", { views: 4 }],
      ]),
    );
    expect(sorted.created.map(({ key }) => key)).toEqual(["a"]);
    expect(sorted.updated).toMatchObject([{ row: { key: "c" }, changes: { views: 3 } }]);
    expect(sorted.skipped).toBe(1);
  });
});
