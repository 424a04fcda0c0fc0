import { EVIDENCE_EDGES, type EdgeType } from "../../graph-schema/catalog.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { Direction } from "../../server/reads/lineage/lineage.query.js";
import { PLANTED_AT, type PlantedEdge } from "./plant.js";

/** What lineage must answer, worked out in memory, a level at a time. */
export interface Model {
  /** Public ids in order of level, then of the part behind the label. */
  readonly order: readonly string[];
  /** Neighbours of a node in the asked direction. */
  neighbours(id: string): ReadonlySet<string>;
  /** Edges with both ends among the first `shown` nodes and one of them behind the first `before`, as `type from to`, sorted. */
  edges(before: number, shown: number): string[];
  /** Distinct neighbours of a node that aren't among the first `shown`. */
  hidden(id: string, shown: number): number;
}

export interface ModelQuestion {
  readonly root: string;
  readonly direction: Direction;
  readonly depth: number;
  readonly asOf: Instant;
  readonly edgeTypes?: readonly EdgeType[] | null;
}

const ulidOf = (id: string): string => id.slice(id.indexOf(":") + 1);
const byUlid = (a: string, b: string): number => (ulidOf(a) < ulidOf(b) ? -1 : 1);

export function lineageModel(
  all: readonly PlantedEdge[],
  { root, direction, depth, asOf, edgeTypes }: ModelQuestion,
): Model {
  const types: readonly EdgeType[] = edgeTypes ?? EVIDENCE_EDGES;
  const edges = all.filter(
    ({ type, validFrom = PLANTED_AT, validTo = FOREVER }) =>
      types.includes(type) && validFrom <= asOf && asOf < validTo,
  );
  const beside = new Map<string, Set<string>>();
  const join = (a: string, b: string) => beside.set(a, (beside.get(a) ?? new Set()).add(b));
  for (const { from, to } of edges) {
    if (direction !== "DOWNSTREAM") join(from, to);
    if (direction !== "UPSTREAM") join(to, from);
  }
  const neighbours = (id: string): ReadonlySet<string> => beside.get(id) ?? new Set();
  const seen = new Set([root]);
  const order = [root];
  let level = [root];
  for (let hop = 0; hop < depth; hop++) {
    level = [...new Set(level.flatMap((id) => [...neighbours(id)]))].filter((id) => !seen.has(id)).sort(byUlid);
    for (const id of level) seen.add(id);
    order.push(...level);
  }
  const position = new Map(order.map((id, i) => [id, i]));
  return {
    order,
    neighbours,
    edges(before, shown) {
      const at = (id: string) => position.get(id) ?? Number.POSITIVE_INFINITY;
      return edges
        .filter(({ from, to }) => Math.max(at(from), at(to)) < shown && Math.max(at(from), at(to)) >= before)
        .map(({ type, from, to }) => `${type} ${from} ${to}`)
        .sort();
    },
    hidden: (id, shown) =>
      [...neighbours(id)].filter((other) => (position.get(other) ?? Number.POSITIVE_INFINITY) >= shown).length,
  };
}
