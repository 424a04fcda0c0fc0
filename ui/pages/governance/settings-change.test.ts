import { expect, it } from "vitest";
import { changeOf, draftOf, type Set } from "./settings-change.js";

const SET: Set = {
  tiers: [{ domain: "example.org", tier: 1 }],
  shelfLives: [
    { kind: "PRICE", days: 90 },
    { kind: "HISTORY", days: null },
  ],
  furtherGroups: 2,
  copyShare: 0.9,
};
const change = (draft: object) => changeOf(SET, { ...draftOf(SET), ...draft });

it("proposes nothing where nothing differs", () => {
  expect(change({})).toEqual({ problem: "Nothing differs from what is set." });
  expect(change({ tiers: "  example.org   1 \n\n" })).toHaveProperty("problem");
});

it("names only what differs, for ever as null, and a tier that was taken out as none", () => {
  expect(change({ days: { PRICE: "30", HISTORY: "" } })).toEqual({
    change: { shelfLives: [{ kind: "PRICE", days: 30 }] },
  });
  expect(change({ days: { PRICE: "", HISTORY: "" } })).toEqual({
    change: { shelfLives: [{ kind: "PRICE", days: null }] },
  });
  expect(change({ tiers: "Who.int 1" })).toEqual({
    change: {
      tiers: [
        { domain: "who.int", tier: 1 },
        { domain: "example.org", tier: null },
      ],
    },
  });
  expect(change({ furtherGroups: "1", copyShare: "0.8" })).toEqual({ change: { furtherGroups: 1, copyShare: 0.8 } });
});

it.each([
  [{ days: { PRICE: "1.5", HISTORY: "" } }, /whole numbers/],
  [{ days: { PRICE: "soon", HISTORY: "" } }, /whole numbers/],
  [{ furtherGroups: "" }, /whole number/],
  [{ copyShare: "most" }, /a number/],
  [{ tiers: "example.org" }, /Each line/],
  [{ tiers: "example.org 4" }, /Each line/],
  [{ tiers: "a.org 1\nA.org 2" }, /Each line/],
])("says why %j can't be read", (draft, why) => {
  expect(change(draft)).toEqual({ problem: expect.stringMatching(why) });
});
