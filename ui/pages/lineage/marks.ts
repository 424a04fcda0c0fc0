import { edgeKey, type LinkLike } from "./merge.js";

/** `way`: it lies between the start and what is selected. The others: what changed between two instants. */
export type Mark = "way" | "added" | "removed" | "changed";

export const MARK_WORDS: Record<Mark, string> = {
  way: "on the way",
  added: "added",
  removed: "gone",
  changed: "changed",
};
export const MARK_TONES = { way: "info", added: "good", removed: "bad", changed: "warn" } as const;

/** What stands out in the graph and the table, and whether the rest steps back. */
export interface Marks {
  readonly nodes: ReadonlyMap<string, Mark>;
  readonly edges: ReadonlyMap<string, Mark>;
  readonly dimRest: boolean;
}

export const NO_MARKS: Marks = { nodes: new Map(), edges: new Map(), dimRest: false };

/** All that links lead to from a node, itself included; `along` the arrows or against them. */
export function reach(id: string, edges: readonly LinkLike[], along: boolean): Set<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [here, there] = along ? [from, to] : [to, from];
    const known = next.get(here);
    if (known === undefined) next.set(here, [there]);
    else known.push(there);
  }
  const found = new Set([id]);
  // A Set, too, walks over what is added meanwhile.
  for (const one of found) for (const other of next.get(one) ?? []) found.add(other);
  return found;
}

/** What a node stands on and what stands on it, as far as it is drawn. */
export function lineOf(id: string, edges: readonly LinkLike[]): Set<string> {
  return new Set([...reach(id, edges, true), ...reach(id, edges, false)]);
}

/** Fewest links between two nodes whichever way the arrows point; empty when nothing joins them. */
function shortest(a: string, b: string, edges: readonly LinkLike[]): string[] {
  const around = new Map<string, string[]>();
  for (const { from, to } of edges) {
    around.set(from, [...(around.get(from) ?? []), to]);
    around.set(to, [...(around.get(to) ?? []), from]);
  }
  const cameFrom = new Map<string, string | null>([[a, null]]);
  for (const [id] of cameFrom) {
    if (id === b) break;
    for (const next of around.get(id) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, id);
  }
  const way: string[] = [];
  for (let at: string | null | undefined = cameFrom.has(b) ? b : null; at != null; at = cameFrom.get(at)) way.push(at);
  return way;
}

/**
 * Every drawn way between two nodes on which one stands on the other; where there is none, the shortest that turns. Nothing else
 * steps forward, so the eye can follow.
 */
export function waysBetween(a: string, b: string, edges: readonly LinkLike[]): Marks {
  if (a === b) return NO_MARKS;
  for (const [top, bottom] of [
    [a, b],
    [b, a],
  ] as const) {
    const below = reach(top, edges, true);
    if (!below.has(bottom)) continue;
    const above = reach(bottom, edges, false);
    const on = new Set([...below].filter((id) => above.has(id)));
    return marksOf(on, edges);
  }
  const way = shortest(a, b, edges);
  const steps = new Set(way.flatMap((id, i) => (i === 0 ? [] : [`${way[i - 1]} ${id}`, `${id} ${way[i - 1]}`])));
  return marksOf(
    new Set(way),
    edges.filter(({ from, to }) => steps.has(`${from} ${to}`)),
  );
}

function marksOf(on: ReadonlySet<string>, edges: readonly LinkLike[]): Marks {
  return {
    nodes: new Map([...on].map((id) => [id, "way" as const])),
    edges: new Map(
      edges.filter(({ from, to }) => on.has(from) && on.has(to)).map((edge) => [edgeKey(edge), "way" as const]),
    ),
    dimRest: on.size > 0,
  };
}
