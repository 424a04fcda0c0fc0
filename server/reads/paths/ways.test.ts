import { describe, expect, it } from "vitest";
import { EXACT_PATHS, waysBetween } from "./ways.js";

const graph = (...edges: string[]): Map<string, Set<string>> => {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges.map((edge) => edge.split(">") as [string, string]))
    next.set(from, (next.get(from) ?? new Set()).add(to));
  return next;
};
const said = (...args: Parameters<typeof waysBetween>) => {
  const { ways, all } = waysBetween(...args);
  return [ways.map((way) => way.join("")), all];
};
const ENDLESS = Number.POSITIVE_INFINITY;

describe("the ways between two nodes", () => {
  it("come shortest first, each once, and never through a node twice", () => {
    const next = graph("a>b", "b>c", "a>c", "c>b", "b>a", "c>d", "b>d", "a>a");
    expect(said(next, "a", "d", ENDLESS)).toEqual([["abd", "acd", "abcd", "acbd"], true]);
    expect(said(next, "d", "a", ENDLESS)).toEqual([[], true]);
    expect(said(next, "a", "a", ENDLESS)).toEqual([["a"], true]);
  });

  it("are all of them only when every relation is known", () => {
    expect(said(graph("a>b", "b>d", "a>d"), "a", "d", 2)).toEqual([["ad", "abd"], false]);
    expect(said(graph("a>b", "b>c", "c>d"), "a", "d", 2)).toEqual([[], false]);
    expect(said(graph("a>b"), "a", "z", ENDLESS)).toEqual([[], true]);
  });

  it("are counted up to a bound, in time, however many there are", () => {
    const ids = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const next = new Map(ids.map((id) => [id, new Set(ids)]));
    const start = performance.now();
    const { ways, all } = waysBetween(next, "n0", "n39", ENDLESS);
    expect([ways.length, all]).toEqual([EXACT_PATHS, false]);
    expect(ways.slice(0, 2).map((way) => way.length)).toEqual([2, 3]);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("aren't looked for without end where none ends in time", () => {
    // Everything in the crowd leads everywhere in it, and only its last leads out, to a node that leads back as well.
    const ids = Array.from({ length: 30 }, (_, i) => `n${String(i).padStart(2, "0")}`);
    const next = new Map(ids.map((id) => [id, new Set(ids)]));
    next.set("a", new Set(["n00", "b"]));
    next.set("b", new Set());
    next.get("n29")!.add("a");
    const start = performance.now();
    const { ways } = waysBetween(next, "a", "b", ENDLESS);
    expect(ways).toEqual([["a", "b"]]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
