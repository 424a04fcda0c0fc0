import type { Instant } from "../../../graph-schema/time.js";
import type { AnyNode, EdgeRow } from "../../graph/projection.js";
import type { Direction } from "../lineage/lineage.query.js";

/* What differs between the lineage of one node at two instants. Both are at hand whole, so nothing here asks the database. */

/** One side: what lineage answered for an instant. Without a node the root wasn't there. */
export interface Side {
  readonly at: Instant;
  readonly nodes: readonly AnyNode[];
  readonly edges: readonly EdgeRow[];
  /** False when there is more than was gathered. */
  readonly whole: boolean;
}

export type { AnyNode, EdgeRow };

/** What brought a thing into the view or took it out; null when the root itself did. */
export type Cause = EdgeRow | null;
interface Caused<T> {
  readonly what: T;
  readonly cause: Cause;
}
export interface Changed<T> {
  readonly before: T;
  readonly after: T;
}
export interface Difference {
  readonly added: { readonly nodes: readonly Caused<AnyNode>[]; readonly edges: readonly Caused<EdgeRow>[] };
  readonly removed: { readonly nodes: readonly Caused<AnyNode>[]; readonly edges: readonly Caused<EdgeRow>[] };
  readonly changed: { readonly nodes: readonly Changed<AnyNode>[]; readonly edges: readonly Changed<EdgeRow>[] };
}

const keyOf = ({ type, from, to }: EdgeRow): string => `${from} ${type} ${to}`;
const byKey = (edges: readonly EdgeRow[]) => new Map(edges.map((edge) => [keyOf(edge), edge]));
const byId = (nodes: readonly AnyNode[]) => new Map(nodes.map((node) => [node.id, node]));

/** Whose lineage: what is further than `depth` hops from the root isn't in the view. */
export interface View {
  readonly root: string;
  readonly direction: Direction;
  readonly depth: number;
}

/**
 * For each node within `depth` hops of the root the edge that it waited for. A way stands once the last of its edges does;
 * of all ways that are short enough the one counts that stood first. For edges in the order of their beginning that edge
 * brought the node into the view; for edges in the order of their end, backwards, its end took the node away.
 */
export function reachedBy(
  { root, direction, depth }: View,
  edges: readonly EdgeRow[],
  order: (edge: EdgeRow) => number,
): Map<string, Cause> {
  // Of edges of one instant always the same is named, in whatever order they were read.
  const inOrder = [...edges].sort((a, b) => order(a) - order(b) || (keyOf(a) < keyOf(b) ? -1 : 1));
  const rank = (cause: Cause): number => (cause === null ? Number.NEGATIVE_INFINITY : order(cause));
  let reached = new Map<string, Cause>([[root, null]]);
  for (let hop = 0; hop < depth; hop++) {
    const next = new Map(reached);
    let sooner = false;
    const step = (near: string, far: string, edge: EdgeRow): void => {
      const before = reached.get(near);
      if (before === undefined) return;
      const cause = rank(before) < order(edge) ? edge : before;
      const known = next.get(far);
      if (known !== undefined && rank(known) <= rank(cause)) return;
      next.set(far, cause);
      sooner = true;
    };
    for (const edge of inOrder) {
      if (direction !== "DOWNSTREAM") step(edge.from, edge.to, edge);
      if (direction !== "UPSTREAM") step(edge.to, edge.from, edge);
    }
    if (!sooner) break;
    reached = next;
  }
  return reached;
}

const byBeginning = (edge: EdgeRow): number => edge.validFrom;
const byEndBackwards = (edge: EdgeRow): number => -edge.validTo;

/**
 * What came, what went and what is another version. Where a side isn't whole only what is certain is told: what began
 * after the earlier instant can't have been there, and what ended by the later one can't be there any more.
 */
export function differenceOf(view: View, before: Side, after: Side): Difference {
  const came = reachedBy(view, after.edges, byBeginning);
  const went = reachedBy(view, before.edges, byEndBackwards);
  const [nodesBefore, nodesAfter] = [byId(before.nodes), byId(after.nodes)];
  const [edgesBefore, edgesAfter] = [byKey(before.edges), byKey(after.edges)];
  const began = (edge: EdgeRow) => edge.validFrom > before.at;
  const ended = (edge: EdgeRow) => edge.validTo <= after.at;
  return {
    added: {
      nodes: after.nodes
        .filter((node) => !nodesBefore.has(node.id) && (before.whole || node.validFrom > before.at))
        .map((what) => ({ what, cause: came.get(what.id) ?? null })),
      edges: after.edges
        .filter((edge) => !edgesBefore.has(keyOf(edge)) && (before.whole || began(edge)))
        .map((what) => ({ what, cause: began(what) ? what : causeOf(what, came, nodesBefore, byBeginning) })),
    },
    removed: {
      nodes: before.nodes
        .filter((node) => !nodesAfter.has(node.id) && after.whole)
        .map((what) => ({ what, cause: went.get(what.id) ?? null })),
      edges: before.edges
        .filter((edge) => !edgesAfter.has(keyOf(edge)) && (after.whole || ended(edge)))
        .map((what) => ({ what, cause: ended(what) ? what : causeOf(what, went, nodesAfter, byEndBackwards) })),
    },
    changed: {
      nodes: after.nodes.flatMap((node) => {
        const earlier = nodesBefore.get(node.id);
        return earlier === undefined || earlier.version === node.version ? [] : [{ before: earlier, after: node }];
      }),
      edges: after.edges.flatMap((edge) => {
        const earlier = edgesBefore.get(keyOf(edge));
        return earlier === undefined || earlier.validFrom === edge.validFrom ? [] : [{ before: earlier, after: edge }];
      }),
    },
  };
}

/**
 * An edge that was there all the time came or went with the later of its ends. An end that stayed in the view decides
 * nothing, though the way that it is reached by may be another one.
 */
function causeOf(
  edge: EdgeRow,
  reached: ReadonlyMap<string, Cause>,
  stayed: ReadonlyMap<string, AnyNode>,
  order: (edge: EdgeRow) => number,
): Cause {
  const causes = [edge.from, edge.to].flatMap((id) => (stayed.has(id) ? [] : (reached.get(id) ?? [])));
  return causes.reduce<Cause>((last, cause) => (last === null || order(cause) > order(last) ? cause : last), null);
}
