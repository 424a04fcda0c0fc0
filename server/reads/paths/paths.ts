import { formatNodeId, type NodeId, parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import type { AnyNode } from "../../graph/projection.js";
import { readAround } from "../lineage/around.query.js";
import type { Filter } from "../lineage/filter.js";
import { knownAt, type Direction, type ToldEdge } from "../lineage/lineage.query.js";
import { standingOf } from "../lineage/standing.query.js";
import { Allowance, Walk, type Way } from "../lineage/walk.query.js";
import { nodesById } from "../node/node.query.js";
import { searchBetween, type Between } from "./between.js";
import { EXACT_PATHS, waysBetween } from "./ways.js";

/** Relations that are read for one question. */
export const MAX_READ = 100_000;
/** Once there are more paths than are shown, a search that has read so much already stops counting them. */
const LONG = 10_000;

export interface PathsQuestion extends Filter {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly asOf: Instant;
  readonly first: number;
  /** Whether a path may change its direction on the way. */
  readonly mixed: boolean;
}

export interface Path {
  readonly length: number;
  readonly direction: Direction;
  readonly nodes: readonly AnyNode[];
  readonly edges: readonly ToldEdge[];
}

export interface Paths {
  readonly paths: readonly Path[];
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly reason: string | null;
}

interface Found {
  readonly direction: Direction;
  readonly way: readonly string[];
}

const keyOf = (way: readonly string[]): string => way.join(" ");

/** The ways between two nodes at the instant, the shortest first. Null when one of them isn't there then, or isn't this tenant's. */
export async function readPaths(graph: Graph, scope: Scope, question: PathsQuestion): Promise<Paths | null> {
  const { from, to, asOf, first, mixed, edgeTypes } = question;
  const [start, goal] = [from, to].map(({ label, id }) => formatNodeId(label, id)) as [string, string];
  const ends = await nodesById(graph, scope, [from, to], asOf);
  if (!ends.has(start) || !ends.has(goal)) return null;
  const searches: (readonly Way[])[] = [
    ["UPSTREAM"],
    ["DOWNSTREAM"],
    ...(mixed ? [["UPSTREAM", "DOWNSTREAM"] as const] : []),
  ];
  if (start === goal) {
    const paths = await told(graph, scope, question, [{ direction: "UPSTREAM", way: [start] }]);
    return { paths, total: 1, totalIsExact: true, reason: null };
  }
  const walk = new Walk(graph, scope, { asOf, edgeTypes }, new Allowance(MAX_READ));
  const found = new Map<string, Found>();
  let all = true;
  let known = Number.POSITIVE_INFINITY;
  let filtered = false;
  for (const ways of searches) {
    const enough = (between: Between) =>
      MAX_READ - walk.allowance.left > LONG &&
      waysBetween(between.next, start, goal, between.known, first + 1).ways.length > first;
    const between = await searchBetween(walk, start, goal, ways, enough);
    const open = await passable(graph, scope, question, between, start, goal);
    filtered ||= open !== between.next;
    const told = waysBetween(open, start, goal, between.known);
    all &&= told.all;
    if (!told.all) known = Math.min(known, between.known);
    for (const way of told.ways) {
      // What goes one way was found before, and says so.
      if (!found.has(keyOf(way))) found.set(keyOf(way), { way, direction: ways.length > 1 ? "BOTH" : ways[0]! });
    }
  }
  const rank = ({ way, direction }: Found) => way.length * 2 + (direction === "BOTH" ? 1 : 0);
  const ordered = [...found.values()].sort((a, b) => rank(a) - rank(b));
  const total = Math.min(ordered.length, EXACT_PATHS);
  const shown = ordered.slice(0, first);
  return {
    paths: await told(graph, scope, question, shown),
    total,
    totalIsExact: all && total === ordered.length,
    reason: ordered.length > 0 ? null : whyNone({ mixed, filtered, known }),
  };
}

/** Without the nodes between the ends that the filter leaves out. */
async function passable(
  graph: Graph,
  scope: Scope,
  { asOf, nodes }: PathsQuestion,
  { next }: Between,
  start: string,
  goal: string,
): Promise<Between["next"]> {
  if (nodes === null) return next;
  const between = new Set([...next].flatMap(([id, ids]) => [id, ...ids]));
  const open = new Set([...(await standingOf(graph, scope, between, asOf, nodes)).keys(), start, goal]);
  return new Map(
    [...next].filter(([id]) => open.has(id)).map(([id, ids]) => [id, new Set([...ids].filter((one) => open.has(one)))]),
  );
}

async function told(
  graph: Graph,
  scope: Scope,
  { asOf, edgeTypes }: PathsQuestion,
  found: readonly Found[],
): Promise<Path[]> {
  const ids = [...new Set(found.flatMap(({ way }) => way))];
  const [nodes, { edges }] = await Promise.all([
    nodesById(
      graph,
      scope,
      ids.map((id) => parseNodeId(id)!),
      asOf,
    ),
    readAround(graph, scope, { ids, shown: ids, asOf, edgeTypes, counted: false, told: true }),
  ]);
  const between = new Map<string, ToldEdge[]>();
  for (const edge of edges) {
    const key = keyOf([edge.from, edge.to]);
    between.set(key, [...(between.get(key) ?? []), knownAt(edge, asOf)]);
  }
  return found.map(({ way, direction }) => ({
    length: way.length - 1,
    direction,
    nodes: way.map((id) => nodes.get(id)!),
    edges: way.slice(1).flatMap((id, i) => {
      const up = direction === "DOWNSTREAM" ? [] : (between.get(keyOf([way[i]!, id])) ?? []);
      const down = direction === "UPSTREAM" ? [] : (between.get(keyOf([id, way[i]!])) ?? []);
      return [...up, ...down].sort((a, b) => (a.type < b.type ? -1 : 1));
    }),
  }));
}

function whyNone({ mixed, filtered, known }: { mixed: boolean; filtered: boolean; known: number }): string {
  const through = filtered ? " through nodes that pass the filter" : "";
  if (Number.isFinite(known))
    return `There is none of up to ${known} hops${through}, and beyond that more than ${MAX_READ.toLocaleString("en-GB")} relations would have to be read: name fewer \`filter.edgeTypes\`, or begin at a node in between.`;
  const context = "name context relations in `filter.edgeTypes` to follow those too";
  if (mixed)
    return `No way leads from one to the other at that instant${through}, over the relations that were followed: ${context}.`;
  return `Neither stands on the other at that instant${through}, over the relations that were followed: ask with \`mixed: true\` for what they share, or ${context}.`;
}
