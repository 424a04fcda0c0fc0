import { describe, expect, test } from "vitest";
import { EDGE_TYPES } from "../../components/edge-types.js";
import { NO_FILTER } from "./node-filter.js";
import { collapse, expand, formatView, MOST, PAGE, parseView, reask, type LineageView } from "./view-state.js";

const parse = (text: string) => parseView(new URLSearchParams(text));
const CLAIM = "Claim:01JCXM3V4T8Z5K2N7Q9R6W1Y0B";
const FACT = "Fact:01JCXM3V4T8Z5K2N7Q9R6W1Y0C";

describe("the view in the address", () => {
  test("an empty address is one hop upstream, now, nothing opened", () => {
    expect(parse("")).toEqual({
      direction: "UPSTREAM",
      depth: 1,
      view: null,
      rows: null,
      edges: null,
      filter: NO_FILTER,
      by: "EPISODE",
      asOf: null,
      since: null,
      to: null,
      first: PAGE,
      expanded: [],
      selected: null,
      panel: "details",
      ways: false,
      only: null,
      eye: null,
    });
  });

  test("what is written is read back as it was", () => {
    const view: LineageView = {
      direction: "BOTH",
      depth: 4,
      view: "both",
      rows: "links",
      edges: ["STATES", "SUPPORTED_BY", "ABOUT"],
      filter: {
        labels: ["CLAIM", "SOURCE"],
        tiers: [1, 3],
        statuses: ["RETRACTED"],
        freshness: ["STALE"],
        confidence: ["HIGH", "LOW"],
      },
      by: "TOPIC",
      asOf: "2026-11-21T06:00:00.000Z",
      since: "2026-11-20T06:00:00.000Z",
      to: FACT,
      first: 300,
      expanded: [
        { id: CLAIM, first: PAGE },
        { id: FACT, first: 2 * PAGE },
      ],
      selected: `${CLAIM}>SUPPORTED_BY>${FACT}`,
      panel: "impact",
      ways: true,
      only: CLAIM,
      eye: { x: -310, y: 95, zoom: 0.725 },
    };
    expect(parse(formatView(view))).toEqual(view);
  });

  test("ids stay legible: colons and commas aren't escaped", () => {
    const text = formatView({
      ...parse(""),
      expanded: [
        { id: CLAIM, first: PAGE },
        { id: FACT, first: PAGE },
      ],
    });
    expect(text).toBe(`direction=upstream&expand=${CLAIM},${FACT}`);
  });

  test("all types of link are one word, and the evidence types are the default", () => {
    expect(parse("edges=all").edges).toEqual(EDGE_TYPES);
    expect(formatView(parse("edges=all"))).toBe("direction=upstream&edges=all");
    const evidence =
      "has_scene,states,supported_by,contradicted_by,considered,quoted_from,captured_from,cites,derived_from";
    expect(parse(`edges=${evidence}`).edges).toBeNull();
  });

  test("words that mean nothing fall back, while numbers out of range are left for the server to refuse", () => {
    const view = parse(
      "direction=sideways&depth=-1&view=hologram&rows=columns&edges=nonsense&first=1e9&panel=x&eye=1,2,0",
    );
    expect(view).toEqual(parse(""));
    expect(parse("depth=99").depth).toBe(99);
  });

  test("opening a node again asks for the next page of its neighbours", () => {
    const once = expand(parse(""), CLAIM);
    expect(once.expanded).toEqual([{ id: CLAIM, first: PAGE }]);
    expect(expand(once, CLAIM).expanded).toEqual([{ id: CLAIM, first: 2 * PAGE }]);
    expect(collapse(expand(once, FACT), CLAIM).expanded).toEqual([{ id: FACT, first: PAGE }]);
  });

  test("a node is opened up to the API's limit and no further", () => {
    let view = parse("");
    for (let page = 0; page < 60; page++) view = expand(view, CLAIM);
    expect(view.expanded).toEqual([{ id: CLAIM, first: MOST }]);
    const almost = { ...view, expanded: [{ id: CLAIM, first: MOST - 1 }] };
    expect(expand(almost, CLAIM).expanded).toEqual([{ id: CLAIM, first: MOST }]);
  });

  test("another direction forgets what was opened and selected, but not the instant", () => {
    const view = parse(`asOf=2026-11-21T06:00:00.000Z&expand=${CLAIM}&select=${CLAIM}&first=300&eye=1,2,1`);
    expect(reask(view, { direction: "DOWNSTREAM" })).toEqual({
      ...parse("direction=downstream&asOf=2026-11-21T06:00:00.000Z"),
    });
  });
});
