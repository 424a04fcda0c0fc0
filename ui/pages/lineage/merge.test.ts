import { describe, expect, test } from "vitest";
import type { EdgeType, LineageDirection } from "../../gql/graphql.js";
import { edgeKey, mergeAnswers, restrict, type Answer, type LinkLike } from "./merge.js";

const link = (from: string, to: string, type: EdgeType = "SUPPORTED_BY"): LinkLike => ({ from, to, type });
const answer = (
  root: string,
  ids: string,
  edges: LinkLike[],
  hidden: Record<string, number> = {},
): Answer<{ id: string }, LinkLike> => ({
  root,
  nodes: [...ids].map((id) => ({ id })),
  edges,
  hiddenByNode: Object.entries(hidden).map(([id, count]) => ({ id, count })),
});
const ids = (merged: { nodes: readonly { id: string }[] }) => merged.nodes.map((node) => node.id).join("");

/** What the API answers at one hop around `root`: so many nodes, all edges between them, and how many neighbours of each it left out. */
function answerAt(root: string, all: readonly LinkLike[], direction: LineageDirection, first: number) {
  const around = (id: string) =>
    new Set(
      all.flatMap(({ from, to }) => [
        ...(from === id && direction !== "DOWNSTREAM" ? [to] : []),
        ...(to === id && direction !== "UPSTREAM" ? [from] : []),
      ]),
    );
  const nodes = [root, ...[...around(root)].filter((id) => id !== root).sort()].slice(0, first);
  const within = new Set(nodes);
  const hidden = nodes.map((id) => [id, [...around(id)].filter((other) => !within.has(other)).length] as const);
  const edges = all.filter(({ from, to }) => within.has(from) && within.has(to));
  return { answer: answer(root, nodes.join(""), edges, Object.fromEntries(hidden)), around };
}

describe("joining answers", () => {
  const base = answer("a", "abc", [link("a", "b"), link("a", "c")], { b: 2, c: 1 });

  test("one answer stays as it is", () => {
    const merged = mergeAnswers([base], "UPSTREAM");
    expect(ids(merged)).toBe("abc");
    expect(Object.fromEntries(merged.hidden)).toEqual({ b: 2, c: 1 });
    expect(Object.fromEntries(merged.hops)).toEqual({ a: 0, b: 1, c: 1 });
  });

  test("an expansion adds its neighbours, and nothing of them stays hidden", () => {
    const merged = mergeAnswers([base, answer("b", "bde", [link("b", "d"), link("b", "e")], { d: 3 })], "UPSTREAM");
    expect(ids(merged)).toBe("abcde");
    expect(Object.fromEntries(merged.hidden)).toEqual({ c: 1, d: 3 });
    expect(merged.hops.get("d")).toBe(2);
    expect([...merged.open]).toEqual(["b"]);
  });

  test("a page of a hub's neighbours leaves the rest hidden, exactly", () => {
    const hub = answer("a", "ab", [link("a", "b")], { b: 900 });
    const merged = mergeAnswers([hub, answer("b", "bcd", [link("b", "c"), link("b", "d")], { b: 898 })], "UPSTREAM");
    expect(merged.hidden.get("b")).toBe(898);
  });

  test("a neighbour that another expansion brought is hidden until a link to it is drawn", () => {
    const opensB = answer("b", "bde", [link("b", "d"), link("b", "e")]);
    expect(mergeAnswers([base, opensB], "UPSTREAM").hidden.get("c")).toBe(1);
    const opensC = answer("c", "cd", [link("c", "d")]);
    const merged = mergeAnswers([base, opensB, opensC], "UPSTREAM");
    expect(ids(merged)).toBe("abcde");
    expect(merged.edges).toHaveLength(5);
    expect(merged.hidden.size).toBe(0);
  });

  test("two links between the same nodes are two links and one neighbour", () => {
    const merged = mergeAnswers(
      [answer("a", "ab", [link("a", "b"), link("a", "b", "CONSIDERED")], { a: 1 })],
      "UPSTREAM",
    );
    expect(merged.edges).toHaveLength(2);
    expect(merged.hidden.get("a")).toBe(1);
  });

  test("folding a node away takes along what was opened behind it", () => {
    const behind = answer("d", "df", [link("d", "f")]);
    const opened = mergeAnswers([base, answer("b", "bd", [link("b", "d")], { b: 1 }), behind], "UPSTREAM");
    expect(ids(opened)).toBe("abcdf");
    expect(ids(mergeAnswers([base, behind], "UPSTREAM"))).toBe("abc");
  });

  test("downstream counts what leads to a node, and both ways counts both sides", () => {
    const down = mergeAnswers(
      [answer("c", "ca", [link("a", "c")], { a: 4 }), answer("a", "axy", [link("x", "a"), link("y", "a")], { a: 2 })],
      "DOWNSTREAM",
    );
    expect(down.hidden.get("a")).toBe(2);
    const both = mergeAnswers([answer("b", "abc", [link("a", "b"), link("b", "c")], { a: 1 })], "BOTH");
    expect(Object.fromEntries(both.hidden)).toEqual({ a: 1 });
  });

  test("cycles end", () => {
    const merged = mergeAnswers([answer("a", "ab", [link("a", "b", "CITES"), link("b", "a", "CITES")])], "UPSTREAM");
    expect(ids(merged)).toBe("ab");
    expect(merged.hidden.size).toBe(0);
    expect(merged.hops.get("b")).toBe(1);
  });

  test("what is hidden stays exact, whatever was opened and how far", () => {
    let seed = 7;
    const below = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    const letters = "abcdefghijkl";
    for (let round = 0; round < 300; round++) {
      const direction = (["UPSTREAM", "DOWNSTREAM", "BOTH"] as const)[round % 3]!;
      const types: EdgeType[] = ["SUPPORTED_BY", "CITES"];
      const drawn = Array.from({ length: 24 }, () => link(letters[below(12)]!, letters[below(12)]!, types[below(2)]));
      const all = [...new Map(drawn.map((one) => [edgeKey(one), one])).values()];
      const opened = ["a", ...Array.from({ length: 4 }, () => letters[below(12)]!)];
      const answers = opened.map((root) => answerAt(root, all, direction, 1 + below(6)).answer);
      const merged = mergeAnswers(answers, direction);
      for (const { id } of merged.nodes) {
        const reached = merged.edges.flatMap(({ from, to }) => [
          ...(from === id && direction !== "DOWNSTREAM" ? [to] : []),
          ...(to === id && direction !== "UPSTREAM" ? [from] : []),
        ]);
        const { around } = answerAt(id, all, direction, 1);
        expect(merged.hidden.get(id) ?? 0, `${round} ${id}`).toBe(around(id).size - new Set(reached).size);
      }
    }
  });

  test("no answer at all is an empty graph", () => {
    expect(mergeAnswers([], "UPSTREAM").nodes).toEqual([]);
  });
});

describe("a part of a view", () => {
  test("counts what it leaves out as hidden, exactly", () => {
    const nodes = ["c", "f1", "f2", "s"].map((id) => ({ id }));
    const edges = [
      { type: "SUPPORTED_BY" as const, from: "c", to: "f1" },
      { type: "SUPPORTED_BY" as const, from: "c", to: "f2" },
      { type: "QUOTED_FROM" as const, from: "f1", to: "s" },
    ];
    const all = mergeAnswers([{ root: "c", nodes, edges, hiddenByNode: [{ id: "c", count: 4 }] }], "UPSTREAM");
    const part = restrict(all, new Set(["c", "f1"]), "UPSTREAM");
    expect(part.nodes.map(({ id }) => id)).toEqual(["c", "f1"]);
    expect(part.edges).toHaveLength(1);
    expect(part.hidden).toEqual(
      new Map([
        ["c", 5],
        ["f1", 1],
      ]),
    );
  });
});
