import { graphlib, layout as runDagre } from "@dagrejs/dagre";
import type { NodeLabel } from "../../gql/graphql.js";
import { columnsOf } from "./columns.js";
import { edgeKey, type LinkLike } from "./merge.js";

export const NODE_WIDTH = 236;
export const NODE_HEIGHT = 78;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Placed {
  readonly id: string;
  readonly label: NodeLabel;
}

interface RankedGraph {
  nodes(): string[];
  node(id: string): { rank?: number };
  edges(): { v: string; w: string }[];
}

/** In place of dagre's ranking. Its own links are taken, because it has cut cycles before. */
function rankByColumn(graph: RankedGraph, nodes: readonly Placed[]): void {
  const columns = columnsOf(
    nodes,
    graph.edges().map(({ v, w }) => ({ from: v, to: w })),
  );
  for (const id of graph.nodes()) {
    const column = columns.get(id);
    // Twice, because dagre keeps every second rank for the labels of edges. A node of its own making goes before all others.
    graph.node(id).rank = column === undefined ? -2 : 2 * column;
  }
}

/**
 * Top left corners, layered left to right along the arrows: on the left what stands on a node, on the right what it stands on,
 * whichever way was asked. For graphs of up to some 200 nodes; see big-layout.ts for more.
 */
export function layOut(nodes: readonly Placed[], edges: readonly LinkLike[]): Map<string, Point> {
  const graph = new graphlib.Graph({ multigraph: true });
  // Dagre takes a function here; its types don't say so.
  const ranker = ((ranked: RankedGraph) => rankByColumn(ranked, nodes)) as unknown as "longest-path";
  graph.setGraph({ rankdir: "LR", ranker, nodesep: 16, ranksep: 84, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const edge of edges) graph.setEdge(edge.from, edge.to, {}, edgeKey(edge));
  runDagre(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
}
