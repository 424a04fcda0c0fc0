import { describe, expect, it } from "vitest";
import { FIRST, inOrder, pageOf, Stretches, type Position, type Stretch } from "./stretch.js";

const at = (mask: number, sound: number, id: string): Position => ({ mask, sound, id });
const POSITIONS = [at(24, 0, "b"), at(16, 1, "a"), at(8, 0, "c"), at(8, 0, "d"), at(8, 2, "a"), at(4, 0, "a")];
const stretch = (more: Partial<Stretch> = {}): Stretch => ({
  ...{ after: FIRST, positions: POSITIONS, more: false, risky: 6, whole: true },
  ...more,
});

describe("a stretch of a ranking", () => {
  it("is in the order of the answer, behind what is before every claim", () => {
    expect([FIRST, ...POSITIONS].toReversed().sort(inOrder)).toEqual([FIRST, ...POSITIONS]);
  });

  it("has the page behind a position, which needn't be a claim's any more", () => {
    expect(pageOf(stretch(), FIRST, 2)).toEqual({ page: POSITIONS.slice(0, 2), more: true, risky: 6, whole: true });
    expect(pageOf(stretch(), POSITIONS[1]!, 4)).toMatchObject({ page: POSITIONS.slice(2), more: false });
    expect(pageOf(stretch(), at(8, 1, "z"), 1)?.page).toEqual([POSITIONS[4]]);
    expect(pageOf(stretch(), POSITIONS.at(-1)!, 3)).toMatchObject({ page: [], more: false });
  });

  it("hasn't what lies before its beginning, nor a page that may go on behind its end", () => {
    expect(pageOf(stretch({ after: POSITIONS[2]! }), POSITIONS[1]!, 1)).toBeNull();
    const cut = stretch({ more: true });
    expect(pageOf(cut, POSITIONS[1]!, 4)).toMatchObject({ page: POSITIONS.slice(2), more: true });
    expect(pageOf(cut, POSITIONS[1]!, 5)).toBeNull();
    expect(pageOf(cut, POSITIONS.at(-1)!, 1)).toBeNull();
  });

  it("is kept for its question, while others aren't asked for more lately", () => {
    const kept = new Stretches(2);
    kept.keep("one", stretch());
    kept.keep("two", stretch({ risky: 2 }));
    expect(kept.page("one", FIRST, 1)).toMatchObject({ risky: 6 });
    kept.keep("three", stretch({ risky: 3 }));
    expect([
      kept.page("one", FIRST, 1)?.risky,
      kept.page("two", FIRST, 1),
      kept.page("three", FIRST, 1)?.risky,
    ]).toEqual([6, null, 3]);
  });
});
