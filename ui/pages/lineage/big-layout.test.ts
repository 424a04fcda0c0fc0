import { describe, expect, test } from "vitest";
import type { NodeLabel } from "../../gql/graphql.js";
import { layOutMany } from "./big-layout.js";
import { NODE_HEIGHT, NODE_WIDTH, type Placed } from "./layout.js";
import type { LinkLike } from "./merge.js";

const LINE = ["SCENE", "CLAIM", "FACT", "SNAPSHOT", "SOURCE"] as const satisfies readonly NodeLabel[];

function episode(lines: number): { nodes: Placed[]; edges: LinkLike[] } {
  const nodes: Placed[] = [{ id: "e", label: "EPISODE" }];
  const edges: LinkLike[] = [];
  for (let i = 0; i < lines; i++) {
    let before = "e";
    for (const label of LINE) {
      const id = `${label}${i}`;
      nodes.push({ id, label });
      edges.push({ type: "CITES", from: before, to: id });
      before = id;
    }
  }
  return { nodes, edges };
}

describe("the layout of thousands", () => {
  const { nodes, edges } = episode(400);
  const positions = layOutMany(nodes, edges);
  const all = [...positions.values()];

  test("no two nodes stand on one another", () => {
    expect(positions.size).toBe(nodes.length);
    const taken = new Set(all.map(({ x, y }) => `${Math.round(x / NODE_WIDTH)} ${y} ${x}`));
    expect(taken.size).toBe(nodes.length);
    for (const height of new Set(all.map(({ y }) => y))) {
      const sorted = all
        .filter(({ y }) => y === height)
        .map(({ x }) => x)
        .toSorted((a, b) => a - b);
      const gaps = sorted.slice(1).map((x, i) => x - sorted[i]!);
      expect(Math.min(NODE_WIDTH, ...gaps)).toBe(NODE_WIDTH);
    }
  });

  test("it has the shape of a window, not of a thread", () => {
    const width = Math.max(...all.map(({ x }) => x)) + NODE_WIDTH;
    const height = Math.max(...all.map(({ y }) => y)) + NODE_HEIGHT;
    expect(width / height).toBeGreaterThan(0.8);
    expect(width / height).toBeLessThan(2.6);
  });

  test("what stands on a node is left of it", () => {
    for (const { from, to } of edges) expect(positions.get(from)!.x).toBeLessThan(positions.get(to)!.x);
  });

  test("an order that is given is followed, downwards and then to the right", () => {
    const order = new Map(nodes.map(({ id }, index) => [id, -index]));
    const given = layOutMany(nodes, edges, order);
    const first = given.get("SCENE399")!;
    const last = given.get("SCENE0")!;
    expect(first.x).toBeLessThanOrEqual(last.x);
    expect(given.get("SCENE398")!.y).toBeGreaterThan(first.y);
  });

  test("links that lead in a circle, to themselves or to nothing don't trip it", () => {
    const odd: LinkLike[] = [
      { type: "CITES", from: "SOURCE0", to: "SOURCE1" },
      { type: "CITES", from: "SOURCE1", to: "SOURCE0" },
      { type: "CITES", from: "SOURCE2", to: "SOURCE2" },
      { type: "CITES", from: "SOURCE3", to: "nowhere" },
    ];
    expect(layOutMany(nodes, [...edges, ...odd]).size).toBe(nodes.length);
  });
});

test("a hub's thousands are folded into a block", () => {
  const claims = Array.from({ length: 3_000 }, (_, i): Placed => ({ id: `c${i}`, label: "CLAIM" }));
  const edges = claims.map(({ id }): LinkLike => ({ type: "CITES", from: id, to: "o" }));
  const positions = layOutMany([{ id: "o", label: "SOURCE" }, ...claims], edges);
  expect(new Set([...positions.values()].map(({ x }) => x)).size).toBeGreaterThan(10);
});
