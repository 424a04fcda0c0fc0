import type { EdgeType, NodeLabel } from "../../graph-schema/catalog.js";
import { FOREVER } from "../../graph-schema/time.js";
import { plantedId, PLANTED_AT, type PlantedEdge } from "./plant.js";
import type { Random } from "./random.js";

/** Pairs that edges of a random graph join; the last ones lead back, so that there are cycles. */
export const PAIRS: readonly (readonly [EdgeType, NodeLabel, NodeLabel])[] = [
  ["HAS_SCENE", "Episode", "Scene"],
  ["STATES", "Scene", "Claim"],
  ["SUPPORTED_BY", "Claim", "Fact"],
  ["CONTRADICTED_BY", "Claim", "Fact"],
  ["CONSIDERED", "Claim", "Fact"],
  ["QUOTED_FROM", "Fact", "Snapshot"],
  ["CAPTURED_FROM", "Snapshot", "Source"],
  ["CITES", "Source", "Source"],
  ["DERIVED_FROM", "Fact", "Fact"],
  ["ABOUT", "Decision", "Claim"],
  ["BASED_ON", "Decision", "Fact"],
  ["AFFECTS", "Incident", "Source"],
];
/** Beside lineage: whose an episode is, and what it is about. */
export const BELONGING: readonly (readonly [EdgeType, NodeLabel, NodeLabel])[] = [
  ["ON", "Episode", "Channel"],
  ["ABOUT", "Episode", "Topic"],
  ["OWNED_BY", "Episode", "Principal"],
  ["OWNED_BY", "Channel", "Principal"],
];
export const STEP = 1_000;

export const edgeKey = ({ type, from, to }: { type: string; from: string; to: string }): string =>
  `${type} ${from} ${to}`;

/** A graph of the catalog's shape, with cycles, edges of the past, and edges that closed and opened again. */
export function randomGraph(
  random: Random,
  { pairs = PAIRS, edges: count = 90 }: { pairs?: typeof PAIRS; edges?: number } = {},
): { ids: Map<NodeLabel, string[]>; edges: PlantedEdge[] } {
  const ids = new Map<NodeLabel, string[]>();
  for (const label of new Set(pairs.flatMap(([, from, to]) => [from, to]))) {
    ids.set(label, random.shuffle(Array.from({ length: 2 + random.below(5) }, () => plantedId(label))));
  }
  const edges: PlantedEdge[] = [];
  const joined = new Set<string>();
  for (let i = 0; i < count; i++) {
    const [type, from, to] = random.pick(pairs);
    const edge = { type, from: random.pick(ids.get(from)!), to: random.pick(ids.get(to)!) };
    if (joined.has(edgeKey(edge))) continue;
    joined.add(edgeKey(edge));
    const validFrom = PLANTED_AT + random.below(4) * STEP;
    const closed = random.below(3) === 0;
    const validTo = validFrom + (1 + random.below(3)) * STEP;
    edges.push({ ...edge, validFrom, validTo: closed ? validTo : FOREVER });
    if (closed && random.below(2) === 0) edges.push({ ...edge, validFrom: validTo, validTo: FOREVER });
  }
  return { ids, edges };
}
