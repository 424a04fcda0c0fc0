import { describe, expect, test } from "vitest";
import { lineOf, NO_MARKS, waysBetween } from "./marks.js";
import { edgeKey, type LinkLike } from "./merge.js";

const link = (from: string, to: string): LinkLike => ({ type: "CITES", from, to });
/*  e -> s1 -> c1 -> f1 -> o
 *  e -> s2 -> c2 -> f2 -> o ; c2 -> f3 */
const EDGES = [
  ["e", "s1"],
  ["e", "s2"],
  ["s1", "c1"],
  ["s2", "c2"],
  ["c1", "f1"],
  ["c2", "f2"],
  ["c2", "f3"],
  ["f1", "o"],
  ["f2", "o"],
].map(([from, to]) => link(from!, to!));
const ids = (of: Iterable<string>) => [...of].toSorted().join(" ");

describe("ways between two nodes", () => {
  test("are all on which one stands on the other, and nothing beside them", () => {
    const marks = waysBetween("e", "o", EDGES);
    expect(ids(marks.nodes.keys())).toBe("c1 c2 e f1 f2 o s1 s2");
    expect(marks.edges.has(edgeKey(link("c2", "f3")))).toBe(false);
    expect(marks.dimRest).toBe(true);
  });

  test("are the same from either end", () => {
    expect(ids(waysBetween("o", "c1", EDGES).nodes.keys())).toBe(ids(waysBetween("c1", "o", EDGES).nodes.keys()));
  });

  test("where neither stands on the other, it is the shortest that turns", () => {
    const marks = waysBetween("c1", "f2", EDGES);
    expect(ids(marks.nodes.keys())).toBe("c1 f1 f2 o");
    expect(ids(marks.edges.keys())).toBe("c1>CITES>f1 f1>CITES>o f2>CITES>o");
  });

  test("nothing stands out where nothing joins them, or both are one", () => {
    expect(waysBetween("e", "elsewhere", EDGES).dimRest).toBe(false);
    expect(waysBetween("e", "e", EDGES)).toBe(NO_MARKS);
  });

  test("circles end", () => {
    const circle = [link("a", "b"), link("b", "c"), link("c", "a")];
    expect(ids(waysBetween("a", "c", circle).nodes.keys())).toBe("a b c");
    expect(ids(lineOf("a", circle))).toBe("a b c");
  });
});

test("a node's line is what it stands on and what stands on it", () => {
  expect(ids(lineOf("c2", EDGES))).toBe("c2 e f2 f3 o s2");
});
