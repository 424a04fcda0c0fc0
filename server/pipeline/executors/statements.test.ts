import { describe, expect, it } from "vitest";
import { BRIDGE, sha256 } from "../../../test/kit/episode.js";
import { statementsOf } from "./statements.js";

const said = (text: string): string[] => statementsOf(sha256(text), text).map((one) => one.text);

describe("what of a page can be said by itself", () => {
  it("is a whole sentence with a number, a date or a name, where it stands", () => {
    const found = statementsOf(sha256(BRIDGE), BRIDGE);
    expect(found.map(({ text }) => text)).toEqual([
      "The bridge of Basel was opened on 4 May 1932 by Anna Berg.",
      "The Wettstein bridge cost 2,400,000 francs.",
      "Basel has 7 bridges across the Rhine.",
      "The ferry of Basel carries 120,000 people a year.",
      "In 1225 Bishop Heinrich von Thun had the first bridge built.",
    ]);
    for (const { start, text } of found) expect(BRIDGE.slice(start, start + text.length)).toBe(text);
  });

  it.each([
    ["leans on another sentence", "He opened the bridge of Basel in 1932."],
    ["leans on another sentence", "However, the bridge of Basel was opened in 1932."],
    ["speaks for its writer", "We opened the bridge of Basel in 1932."],
    ["speaks to its reader", "In Basel you see 7 bridges across the Rhine."],
    ["asks", "Was the bridge of Basel opened in 1932?"],
    ["has no end", "The bridge of Basel, opened in 1932"],
    ["is cut at an initial", "The bridge was opened in 1932 by Anna B."],
    ["lost a formula", "The length of the bridge is , as Anna Berg measured in 1932."],
    ["has a mark of a reference", "The bridge of Basel was opened in 1932,[12] by Anna Berg."],
    ["is about its page", "Subscribe to the newsletter of Basel for 12 francs."],
    ["opens what it doesn't close", "The bridge (opened in 1932 is the pride of Basel."],
    ["tells nothing that can be checked", "The bridge is very long and quite beautiful."],
    ["is a table", "12 14 1932 1933 1934 $ 12 % 14 Basel 1,200 1,300."],
  ])("isn't what %s: %s", (_, text) => {
    expect(said(text)).toEqual([]);
  });

  it("is told once, and the same every time", () => {
    const text = "Basel has 7 bridges across the Rhine.\n\nBasel has 7 bridges across the Rhine.";
    expect([said(text), said(text)]).toEqual([[text.split("\n")[0]], [text.split("\n")[0]]]);
  });
});
