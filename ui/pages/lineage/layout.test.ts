import { expect, test } from "vitest";
import type { EdgeType, NodeLabel } from "../../gql/graphql.js";
import { layOut, NODE_HEIGHT, NODE_WIDTH, type Placed } from "./layout.js";

const node = (id: string, label: NodeLabel): Placed => ({ id, label });
const link = (from: string, to: string, type: EdgeType = "STATES") => ({ from, to, type });
const xs = (at: ReadonlyMap<string, { x: number }>, ...ids: string[]) => ids.map((id) => at.get(id)?.x ?? Number.NaN);

test("what a node stands on is to its right, and each label has a column of its own", () => {
  const at = layOut(
    [
      node("e", "EPISODE"),
      node("s", "SCENE"),
      node("c1", "CLAIM"),
      node("c2", "CLAIM"),
      node("f", "FACT"),
      node("o", "SOURCE"),
    ],
    [link("e", "s"), link("s", "c1"), link("s", "c2"), link("c1", "f"), link("f", "o")],
  );
  const [e, s, c1, c2, f, o] = xs(at, "e", "s", "c1", "c2", "f", "o");
  expect([e, s, c1, f, o]).toEqual([e, s, c1, f, o].toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  expect(c2).toBe(c1);
});

test("no two nodes overlap", () => {
  const nodes = [node("s", "SCENE"), ...Array.from({ length: 30 }, (_, i) => node(`c${i}`, "CLAIM"))];
  const at = [
    ...layOut(
      nodes,
      nodes.slice(1).map(({ id }) => link("s", id)),
    ).values(),
  ];
  for (const [i, a] of at.entries()) {
    for (const b of at.slice(i + 1)) {
      expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true);
    }
  }
});

test("a chain within a label spreads over columns, and a cycle doesn't hang", () => {
  const sources = [node("x", "SOURCE"), node("y", "SOURCE"), node("z", "SOURCE")];
  const chain = layOut(sources, [link("x", "y", "CITES"), link("y", "z", "CITES")]);
  expect(new Set(xs(chain, "x", "y", "z")).size).toBe(3);
  const cycle = layOut(sources, [
    link("x", "y", "CITES"),
    link("y", "z", "CITES"),
    link("z", "x", "CITES"),
    link("x", "x", "CITES"),
  ]);
  expect(cycle.size).toBe(3);
});

test("one node, and nodes without links, have places", () => {
  expect(layOut([node("a", "PRINCIPAL")], []).get("a")).toEqual({ x: 24, y: 24 });
  expect(layOut([], []).size).toBe(0);
});
