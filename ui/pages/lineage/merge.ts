import type { EdgeType, LineageDirection } from "../../gql/graphql.js";

export interface LinkLike {
  readonly type: EdgeType;
  readonly from: string;
  readonly to: string;
}

/** One answer of `lineage`: around the start node, or around a node that was expanded. */
export interface Answer<N extends { readonly id: string }, L extends LinkLike> {
  readonly root: string;
  readonly nodes: readonly N[];
  readonly edges: readonly L[];
  readonly hiddenByNode: readonly { readonly id: string; readonly count: number }[];
}

export interface MergedLineage<N extends { readonly id: string }, L extends LinkLike> {
  readonly root: string;
  readonly nodes: readonly N[];
  readonly edges: readonly L[];
  /** Neighbours in the asked direction that no drawn link leads to; nodes that have none are absent. */
  readonly hidden: ReadonlyMap<string, number>;
  /** Links between the start node and each node, the fewest there are. */
  readonly hops: ReadonlyMap<string, number>;
  /** Expanded nodes that are on screen. */
  readonly open: ReadonlySet<string>;
}

/** Names an edge in the address: its ends and its type, of which one is open at any instant. */
export const edgeKey = ({ type, from, to }: LinkLike) => `${from}>${type}>${to}`;

/** The neighbours of each node in the asked direction, as far as these edges tell. */
function neighbours(edges: readonly LinkLike[], direction: LineageDirection): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (id: string, other: string) => {
    const known = found.get(id);
    if (known === undefined) found.set(id, new Set([other]));
    else known.add(other);
  };
  for (const { from, to } of edges) {
    if (direction !== "DOWNSTREAM") add(from, to);
    if (direction !== "UPSTREAM") add(to, from);
  }
  return found;
}

function hopsFrom(root: string, edges: readonly LinkLike[]): Map<string, number> {
  const around = neighbours(edges, "BOTH");
  const hops = new Map([[root, 0]]);
  // A Map iterates over what is added while it is walked, in order: a queue.
  for (const [id, hop] of hops) {
    for (const next of around.get(id) ?? []) if (!hops.has(next)) hops.set(next, hop + 1);
  }
  return hops;
}

/**
 * Joins the answers for one instant and direction into one graph, the first being that of the start node.
 *
 * How many neighbours a node has in all is what an answer hides plus what it shows; that is the same in each answer, so what
 * stays hidden after joining is that number less the neighbours that any answer shows. An expansion counts only while its node
 * is reached by the answers before it: folding one away takes what hung on it along.
 */
export function mergeAnswers<N extends { readonly id: string }, L extends LinkLike>(
  answers: readonly Answer<N, L>[],
  direction: LineageDirection,
): MergedLineage<N, L> {
  const nodes = new Map<string, N>();
  const edges = new Map<string, L>();
  const degree = new Map<string, number>();
  const open = new Set<string>();
  const root = answers[0]?.root ?? "";
  answers.forEach((answer, index) => {
    if (index > 0) {
      if (!nodes.has(answer.root)) return;
      open.add(answer.root);
    }
    const shown = neighbours(answer.edges, direction);
    const hides = new Map(answer.hiddenByNode.map(({ id, count }) => [id, count]));
    for (const node of answer.nodes) {
      if (!nodes.has(node.id)) nodes.set(node.id, node);
      const all = (hides.get(node.id) ?? 0) + (shown.get(node.id)?.size ?? 0);
      degree.set(node.id, Math.max(all, degree.get(node.id) ?? 0));
    }
    for (const edge of answer.edges) edges.set(edgeKey(edge), edge);
  });
  const drawn = [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  const shown = neighbours(drawn, direction);
  const hidden = new Map<string, number>();
  for (const [id, all] of degree) {
    const rest = all - (shown.get(id)?.size ?? 0);
    if (rest > 0) hidden.set(id, rest);
  }
  return { root, nodes: [...nodes.values()], edges: drawn, hidden, hops: hopsFrom(root, drawn), open };
}

/** The part of a view that has these nodes. What is left out counts as hidden where it is a neighbour, so the counts stay exact. */
export function restrict<N extends { readonly id: string }, L extends LinkLike>(
  merged: MergedLineage<N, L>,
  keep: ReadonlySet<string>,
  direction: LineageDirection,
): MergedLineage<N, L> {
  const nodes = merged.nodes.filter(({ id }) => keep.has(id));
  const edges = merged.edges.filter(({ from, to }) => keep.has(from) && keep.has(to));
  const before = neighbours(merged.edges, direction);
  const after = neighbours(edges, direction);
  const hidden = new Map<string, number>();
  for (const { id } of nodes) {
    const gone = (before.get(id)?.size ?? 0) - (after.get(id)?.size ?? 0);
    const count = (merged.hidden.get(id) ?? 0) + gone;
    if (count > 0) hidden.set(id, count);
  }
  return { ...merged, nodes, edges, hidden, open: new Set([...merged.open].filter((id) => keep.has(id))) };
}
