import { expect, test } from "vitest";
import { NODE_HEIGHT, NODE_WIDTH } from "./layout.js";
import { hit, type Scene } from "./paint.js";

const node = (id: string, x: number, y: number) => ({
  id,
  label: "CLAIM" as const,
  title: id,
  at: { x, y },
  tone: null,
  hidden: 0,
  isRoot: false,
  mark: null,
  dim: false,
});
const a = node("a", 0, 0);
const b = node("b", 600, 300);
const SCENE: Scene = {
  nodes: [a, b],
  edges: [{ key: "a>STATES>b", style: "structure", from: a.at, to: b.at, mark: null, dim: false }],
  withNodes: true,
  selected: null,
  current: null,
};

test("what is painted is found where it is seen", () => {
  expect(hit(SCENE, { x: 10, y: 10 }, 8)).toBe("a");
  expect(hit(SCENE, { x: 600 + NODE_WIDTH - 1, y: 300 + NODE_HEIGHT - 1 }, 8)).toBe("b");
  expect(hit(SCENE, { x: 300, y: 600 }, 8)).toBeNull();
});

test("a link is found near its curve, and no further", () => {
  const middle = { x: (NODE_WIDTH + 600) / 2, y: 150 + NODE_HEIGHT / 2 };
  expect(hit(SCENE, middle, 8)).toBe("a>STATES>b");
  expect(hit(SCENE, { ...middle, x: middle.x + 120 }, 8)).toBeNull();
});

test("seen from nearby, nodes are elements and only links are looked for", () => {
  expect(hit({ ...SCENE, withNodes: false }, { x: 10, y: 10 }, 8)).toBeNull();
});
