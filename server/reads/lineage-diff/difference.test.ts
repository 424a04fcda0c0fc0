import { describe, expect, it } from "vitest";
import { FOREVER } from "../../../graph-schema/time.js";
import type { EdgeRow } from "../../graph/projection.js";
import { differenceOf, reachedBy, type AnyNode, type Side } from "./difference.js";

const node = (id: string, version = 1, validFrom = 0) =>
  ({ id, version, validFrom, versionFrom: validFrom }) as AnyNode;
const edge = (from: string, to: string, validFrom = 0, validTo = FOREVER): EdgeRow => ({
  type: "SUPPORTED_BY",
  from,
  to,
  validFrom,
  validTo,
  openedBy: `open-${validFrom}`,
});
const side = (at: number, ids: readonly string[], edges: readonly EdgeRow[], whole = true): Side => ({
  at,
  nodes: ids.map((id) => node(id)),
  edges,
  whole,
});
const told = (list: readonly { what: AnyNode; cause: EdgeRow | null }[]) =>
  list.map(({ what, cause }) => [what.id, cause?.validFrom ?? null]);

describe("what made a node reachable", () => {
  it("is the last edge that it waited for, on whichever way stood first", () => {
    const edges = [edge("r", "a", 5), edge("a", "x", 50), edge("r", "b", 30), edge("b", "x", 20), edge("x", "y", 1)];
    const reached = reachedBy(
      "r",
      [...edges].sort((a, b) => a.validFrom - b.validFrom),
      "UPSTREAM",
    );
    expect(reached.get("x")).toBe(edges[2]);
    expect(reached.get("y")).toBe(edges[2]);
    expect(reached.get("r")).toBeNull();
  });

  it("goes against the arrows, or either way, as it was asked, and ends in a cycle", () => {
    const edges = [edge("a", "r", 1), edge("b", "a", 2), edge("r", "b", 3)];
    expect([...reachedBy("r", edges, "DOWNSTREAM").keys()]).toEqual(["r", "a", "b"]);
    expect([...reachedBy("r", edges, "UPSTREAM").keys()].sort()).toEqual(["a", "b", "r"]);
    expect(reachedBy("r", edges, "BOTH").size).toBe(3);
  });
});

describe("the difference of two instants", () => {
  it("tells of what came and went, each with the edge that decided it", () => {
    const kept = edge("r", "a", 1);
    const before = side(10, ["r", "a", "old", "under"], [kept, edge("r", "old", 2, 40), edge("old", "under", 3)]);
    const after = side(50, ["r", "a", "new", "deep"], [kept, edge("a", "new", 30), edge("new", "deep", 4)]);
    const { added, removed, changed } = differenceOf("r", "UPSTREAM", before, after);
    expect(told(added.nodes)).toEqual([
      ["new", 30],
      ["deep", 30],
    ]);
    expect(added.edges.map(({ what, cause }) => [what.to, cause?.validFrom])).toEqual([
      ["new", 30],
      ["deep", 30],
    ]);
    expect(removed.nodes.map(({ what, cause }) => [what.id, cause?.validTo])).toEqual([
      ["old", 40],
      ["under", 40],
    ]);
    expect(removed.edges.map(({ what, cause }) => [what.to, cause?.validTo])).toEqual([
      ["old", 40],
      ["under", 40],
    ]);
    expect([changed.nodes, changed.edges]).toEqual([[], []]);
  });

  it("tells of new versions, and of edges that were closed and opened again", () => {
    const before = { ...side(10, [], [edge("r", "a", 1, 20)]), nodes: [node("r"), node("a", 1)] };
    const after = { ...side(50, [], [edge("r", "a", 30)]), nodes: [node("r"), node("a", 3)] };
    const { added, removed, changed } = differenceOf("r", "UPSTREAM", before, after);
    expect(changed.nodes.map(({ before: was, after: is }) => [was.version, is.version])).toEqual([[1, 3]]);
    expect(changed.edges.map(({ after: is }) => is.validFrom)).toEqual([30]);
    expect([added.nodes, added.edges, removed.nodes, removed.edges]).toEqual([[], [], [], []]);
  });

  it("of nothing and something is all of it, the root without an edge", () => {
    const { added } = differenceOf("r", "UPSTREAM", side(10, [], []), side(50, ["r", "a"], [edge("r", "a", 20)]));
    expect(told(added.nodes)).toEqual([
      ["r", null],
      ["a", 20],
    ]);
  });

  it("tells only what is certain when a side was cut", () => {
    const young = node("young", 1, 30);
    const edges = [edge("r", "a", 1), edge("r", "b", 1), edge("r", "young", 30)];
    const before = side(10, ["r", "a"], [edge("r", "a", 1), edge("r", "gone", 1, 20)], false);
    const after = { ...side(50, ["r", "a", "b"], edges), nodes: [node("r"), node("a"), node("b"), young] };
    const cut = differenceOf("r", "UPSTREAM", before, after);
    expect(told(cut.added.nodes)).toEqual([["young", 30]]);
    expect(cut.added.edges.map(({ what }) => what.to)).toEqual(["young"]);
    const both = differenceOf("r", "UPSTREAM", before, { ...after, whole: false });
    expect(both.removed.nodes).toEqual([]);
    expect(both.removed.edges.map(({ what }) => what.to)).toEqual(["gone"]);
  });
});
