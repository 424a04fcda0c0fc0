import { describe, expect, it } from "vitest";
import { FOREVER } from "../../../graph-schema/time.js";
import { seeded } from "../../../test/kit/random.js";
import type { EdgeRow } from "../../graph/projection.js";
import type { Direction } from "../lineage/lineage.query.js";
import { differenceOf, reachedBy, type AnyNode, type Side, type View } from "./difference.js";

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
const view = (direction: Direction = "UPSTREAM", depth = 12): View => ({ root: "r", direction, depth });
const begin = (one: EdgeRow): number => one.validFrom;
const told = (list: readonly { what: AnyNode; cause: EdgeRow | null }[]) =>
  list.map(({ what, cause }) => [what.id, cause?.validFrom ?? null]);

/** The nodes in view, a level at a time. */
function inView({ root, direction, depth }: View, edges: readonly EdgeRow[]): Set<string> {
  const seen = new Set([root]);
  for (let hop = 0; hop < depth; hop++) {
    for (const id of [...seen]) {
      for (const { from, to } of edges) {
        if (direction !== "DOWNSTREAM" && from === id) seen.add(to);
        if (direction !== "UPSTREAM" && to === id) seen.add(from);
      }
    }
  }
  return seen;
}

describe("what made a node reachable", () => {
  it("is the last edge that it waited for, on whichever way stood first", () => {
    const edges = [edge("r", "a", 5), edge("a", "x", 50), edge("r", "b", 30), edge("b", "x", 20), edge("x", "y", 1)];
    const reached = reachedBy(view(), edges, begin);
    expect(reached.get("x")).toBe(edges[2]);
    expect(reached.get("y")).toBe(edges[2]);
    expect(reached.get("r")).toBeNull();
  });

  it("goes against the arrows, or either way, as it was asked, and ends in a cycle", () => {
    const edges = [edge("a", "r", 1), edge("b", "a", 2), edge("r", "b", 3)];
    expect([...reachedBy(view("DOWNSTREAM"), edges, begin).keys()]).toEqual(["r", "a", "b"]);
    expect([...reachedBy(view("UPSTREAM"), edges, begin).keys()].sort()).toEqual(["a", "b", "r"]);
    expect(reachedBy(view("BOTH"), edges, begin).size).toBe(3);
  });

  it("counts only ways that are short enough", () => {
    const edges = [edge("r", "a", 1), edge("a", "x", 2), edge("r", "x", 30), edge("x", "y", 3)];
    const causes = (depth: number) =>
      ["a", "x", "y"].map((id) => reachedBy(view("UPSTREAM", depth), edges, begin).get(id)?.validFrom);
    expect(causes(1)).toEqual([1, 30, undefined]);
    expect(causes(2)).toEqual([1, 2, 30]);
    expect(causes(3)).toEqual([1, 2, 3]);
  });

  it("names the same edge of one instant in whatever order they were read", () => {
    const edges = [edge("r", "a", 5), edge("r", "b", 5), edge("a", "x", 5), edge("b", "x", 5)];
    const there = reachedBy(view(), edges, begin);
    const back = reachedBy(view(), [...edges].reverse(), begin);
    for (const id of ["a", "b", "x"]) expect(back.get(id)).toBe(there.get(id));
  });

  it.each([
    [1, true],
    [2, true],
    [3, false],
    [12, false],
  ])("is what happened when it came into view and when it left, at depth %i", (depth, shortens) => {
    const random = seeded(depth);
    let bridged = 0;
    for (let round = 0; round < 60; round++) {
      const ids = ["r", "a", "b", "c", "d", "e"];
      const instants = Array.from({ length: 12 }, (_, i) => i * 10 + random.below(10));
      const edges = instants.map((at) => edge(random.pick(ids), random.pick(ids), at, 1_000 - at));
      for (const direction of ["UPSTREAM", "DOWNSTREAM", "BOTH"] as const) {
        const asked = view(direction, depth);
        const came = reachedBy(asked, edges, begin);
        const went = reachedBy(asked, edges, (one) => -one.validTo);
        const all = inView(asked, edges);
        expect([...came.keys()].sort()).toEqual([...all].sort());
        for (const id of all) {
          if (id === "r") continue;
          const first = instants.find((at) =>
            inView(
              asked,
              edges.filter((one) => one.validFrom <= at),
            ).has(id),
          );
          expect(came.get(id)?.validFrom).toBe(first);
          expect(went.get(id)?.validTo).toBe(1_000 - first!);
          if (reachedBy(view(direction), edges, begin).get(id)?.validFrom !== first) bridged++;
        }
      }
    }
    // Without a longer way that stood sooner the depth would have made no difference.
    expect(bridged > 0 || !shortens).toBe(true);
  });
});

describe("the difference of two instants", () => {
  it("tells of what came and went, each with the edge that decided it", () => {
    const kept = edge("r", "a", 1);
    const before = side(10, ["r", "a", "old", "under"], [kept, edge("r", "old", 2, 40), edge("old", "under", 3)]);
    const after = side(50, ["r", "a", "new", "deep"], [kept, edge("a", "new", 30), edge("new", "deep", 4)]);
    const { added, removed, changed } = differenceOf(view(), before, after);
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
    const { added, removed, changed } = differenceOf(view(), before, after);
    expect(changed.nodes.map(({ before: was, after: is }) => [was.version, is.version])).toEqual([[1, 3]]);
    expect(changed.edges.map(({ after: is }) => is.validFrom)).toEqual([30]);
    expect([added.nodes, added.edges, removed.nodes, removed.edges]).toEqual([[], [], [], []]);
  });

  it("names the edge that decided it within the depth, though a longer way stood sooner or still stands", () => {
    const [fact, derived] = [edge("r", "f1", 1), edge("f1", "f2", 2)];
    const linked = edge("r", "f2", 30, 70);
    const near = side(10, ["r", "f1"], [fact]);
    const wide = side(50, ["r", "f1", "f2"], [fact, derived, linked]);
    const { added } = differenceOf(view("UPSTREAM", 1), near, wide);
    expect(added.nodes.map(({ what, cause }) => [what.id, cause])).toEqual([["f2", linked]]);
    expect(added.edges.map(({ what, cause }) => [what, cause])).toEqual([
      [derived, linked],
      [linked, linked],
    ]);
    const { removed } = differenceOf(view("UPSTREAM", 1), wide, { ...near, at: 90 });
    expect(removed.nodes.map(({ what, cause }) => [what.id, cause])).toEqual([["f2", linked]]);
    expect(removed.edges.map(({ what, cause }) => [what, cause])).toEqual([
      [derived, linked],
      [linked, linked],
    ]);
  });

  it("lets an edge come and go with the end that came or went, not with one that is reached another way since", () => {
    const held = edge("a", "b", 1);
    const old = edge("r", "a", 2, 35);
    const [again, brought] = [edge("r", "a", 30), edge("r", "b", 20, 40)];
    const before = side(10, ["r", "a"], [old]);
    const both = side(38, ["r", "a", "b"], [again, brought, held]);
    const { added } = differenceOf(view("UPSTREAM", 1), before, both);
    expect(added.edges.find(({ what }) => what === held)?.cause).toBe(brought);
    const earlier = side(25, ["r", "a", "b"], [old, brought, held]);
    const { removed } = differenceOf(view("UPSTREAM", 1), earlier, side(50, ["r", "a"], [again]));
    expect(removed.edges.find(({ what }) => what === held)?.cause).toBe(brought);
  });

  it("of nothing and something is all of it, the root without an edge", () => {
    const { added } = differenceOf(view(), side(10, [], []), side(50, ["r", "a"], [edge("r", "a", 20)]));
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
    const cut = differenceOf(view(), before, after);
    expect(told(cut.added.nodes)).toEqual([["young", 30]]);
    expect(cut.added.edges.map(({ what }) => what.to)).toEqual(["young"]);
    const both = differenceOf(view(), before, { ...after, whole: false });
    expect(both.removed.nodes).toEqual([]);
    expect(both.removed.edges.map(({ what }) => what.to)).toEqual(["gone"]);
  });
});
