import { describe, expect, test } from "vitest";
import { changeWords, stopAt, stopsOf } from "./history-words.js";
import type { Change } from "./use-history.js";

const change = (at: string, more: Partial<Change> = {}): Change => ({
  id: at,
  kind: "REVISED",
  at: `2026-11-${at}T10:00:00.000Z`,
  by: "Ada",
  why: "checked",
  command: null,
  onBehalfOf: null,
  version: 2,
  properties: [{ name: "recheckBy", before: null, after: "x", cut: false }],
  relation: null,
  ...more,
});
const link = (kind: "EDGE_OPENED" | "EDGE_CLOSED", inward: boolean): Partial<Change> => ({
  kind,
  version: null,
  properties: [],
  relation: {
    type: "SUPPORTED_BY",
    from: inward ? "other" : "me",
    otherId: "other",
    other: { __typename: "Fact", id: "other", label: "FACT", title: "It was measured" } as never,
  },
});

describe("a change in words", () => {
  test("names the properties, or the link and its other end", () => {
    expect(changeWords(change("01"))).toBe("recheck by changed, version 2");
    expect(changeWords(change("01", link("EDGE_OPENED", false)))).toBe("linked: supported by “It was measured”");
    expect(changeWords(change("01", link("EDGE_CLOSED", true)))).toBe("link ended: “It was measured” supported by it");
  });
});

describe("stops of the time line", () => {
  // As the server sends them: newest first.
  const stops = stopsOf([change("09"), change("05", { id: "b" }), change("05"), change("01", { kind: "CREATED" })]);

  test("stand oldest first, one for each instant", () => {
    expect(stops.map(({ at }) => at.slice(8, 10))).toEqual(["01", "05", "09"]);
    expect(stops[1]?.what).toHaveLength(2);
  });

  test("the stop that holds is the last one that isn't later; now comes after all", () => {
    expect(stopAt(stops, null)).toBe(3);
    expect(stopAt(stops, "2026-11-05T10:00:00.000Z")).toBe(1);
    expect(stopAt(stops, "2026-11-05T09:59:59.999Z")).toBe(0);
    expect(stopAt(stops, "2026-10-05T10:00:00.000Z")).toBe(-1);
  });
});
