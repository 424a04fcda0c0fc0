import { expect, test } from "vitest";
import { mergeAnswers } from "./merge.js";
import type { Difference } from "./use-difference.js";
import type { LineageLink, LineageNode, Merged } from "./use-lineage.js";
import { drawnOf } from "./use-shown.js";

const node = (id: string) => ({ id, title: id }) as unknown as LineageNode;
const link = (from: string, to: string) => ({ type: "CITES", from, to }) as unknown as LineageLink;
const NOTHING = { nodes: [], nodeCount: 0, edges: [], edgeCount: 0 };
/* r -> a -> b, r -> c, and gone since: a -> x, c -> y. One more behind a isn't shown. */
const merged: Merged = mergeAnswers(
  [
    {
      root: "r",
      nodes: ["r", "a", "b", "c"].map(node),
      edges: [link("r", "a"), link("a", "b"), link("r", "c")],
      hiddenByNode: [{ id: "a", count: 1 }],
    },
  ],
  "UPSTREAM",
);
const difference = {
  added: { ...NOTHING, nodes: [{ id: "b", node: node("b") }] },
  removed: {
    ...NOTHING,
    nodes: ["x", "y"].map((id) => ({ id, node: node(id) })),
    edges: [link("a", "x"), link("c", "y")],
  },
  changed: NOTHING,
} as unknown as Difference;
const ids = ({ nodes }: Merged) => nodes.map(({ id }) => id).toSorted();
const UP = "UPSTREAM" as const;

test("what is gone is drawn in, marked, and counts as hidden nowhere", () => {
  const { merged: drawn, marks, left } = drawnOf(merged, { only: null, direction: UP }, difference);
  expect([ids(drawn), left]).toEqual([["a", "b", "c", "r", "x", "y"], 0]);
  expect([...marks.nodes]).toEqual([
    ["b", "added"],
    ["x", "removed"],
    ["y", "removed"],
  ]);
  expect([...drawn.hidden]).toEqual([["a", 1]]);
});

test("one line has what is gone of it, and no hidden neighbour for what is gone beside it", () => {
  const { merged: drawn, left } = drawnOf(merged, { only: "a", direction: UP }, difference);
  expect([ids(drawn), left]).toEqual([["a", "b", "r", "x"], 2]);
  // Beside the line c is left out, which is there; y, which is gone, isn't.
  expect([...drawn.hidden].sort()).toEqual([
    ["a", 1],
    ["r", 1],
  ]);
  expect(drawn.edges.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(["a b", "a x", "r a"]);
});

test("the line of what is gone itself is shown", () => {
  const { merged: drawn, left } = drawnOf(merged, { only: "y", direction: UP }, difference);
  expect([ids(drawn), left]).toEqual([["c", "r", "y"], 3]);
  // Of c all is shown that is there: what is gone was never hidden.
  expect([...drawn.hidden]).toEqual([["r", 1]]);
});

test("what isn't in the view narrows nothing", () => {
  const { merged: drawn, left } = drawnOf(merged, { only: "elsewhere", direction: UP }, null);
  expect([ids(drawn), left]).toEqual([["a", "b", "c", "r"], 0]);
});
