import { expect, test } from "vitest";
import type { EdgeType } from "../../gql/graphql.js";
import { neighbourOf } from "./neighbour.js";

const type: EdgeType = "SUPPORTED_BY";
const positions = new Map([
  ["claim", { x: 0, y: 100 }],
  ["f1", { x: 300, y: 0 }],
  ["f2", { x: 300, y: 90 }],
  ["f3", { x: 300, y: 200 }],
  ["source", { x: 600, y: 0 }],
]);
const edges = [
  { type, from: "claim", to: "f1" },
  { type, from: "claim", to: "f2" },
  { type, from: "claim", to: "f3" },
  { type, from: "f1", to: "source" },
  { type, from: "f3", to: "source" },
];
const go = (id: string, way: "left" | "right" | "up" | "down") => neighbourOf(id, way, positions, edges);

test("right goes along a link to the end that is nearest in height, left goes back", () => {
  expect(go("claim", "right")).toBe("f2");
  expect(go("f2", "left")).toBe("claim");
  expect(go("source", "left")).toBe("f1");
});

test("up and down reach every node of the column in turn", () => {
  expect([go("f1", "down"), go("f2", "down"), go("f3", "down")]).toEqual(["f2", "f3", null]);
  expect([go("f3", "up"), go("f2", "up"), go("f1", "up")]).toEqual(["f2", "f1", null]);
});

test("a way that ends, or a node that isn't drawn, leads nowhere", () => {
  expect(go("f2", "right")).toBeNull();
  expect(go("claim", "left")).toBeNull();
  expect(go("claim", "down")).toBeNull();
  expect(go("elsewhere", "right")).toBeNull();
});

test("a link to itself isn't a way", () => {
  expect(neighbourOf("f2", "right", positions, [{ type: "DERIVED_FROM", from: "f2", to: "f2" }])).toBeNull();
});
