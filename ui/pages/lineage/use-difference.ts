import { useMemo } from "react";
import { useQuery } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { graphql } from "../../gql/gql.js";
import { readFragment } from "../../gql/fragment-masking.js";
import type { Difference_KindFragment, Difference_OfQuery, LineageDirection } from "../../gql/graphql.js";
import type { Mark, Marks } from "./marks.js";
import { edgeKey } from "./merge.js";
import { shownNode, type LineageLink, type LineageNode, type Merged } from "./use-lineage.js";

const Difference_Kind = graphql(/* GraphQL */ `
  fragment Difference_Kind on LineageDifferences {
    nodeCount
    edgeCount
    nodes {
      id
      node {
        ...Lineage_Shown
      }
      properties {
        name
        before
        after
        cut
      }
      at
      by
      why
    }
    edges {
      type
      from
      to
      validFrom
      validTo
      at
      by
      why
    }
  }
`);

const Difference_Of = graphql(/* GraphQL */ `
  query Difference_Of($id: ID!, $direction: LineageDirection!, $depth: Int!, $from: DateTime!, $to: DateTime!) {
    lineageDiff(id: $id, direction: $direction, depth: $depth, from: $from, to: $to) {
      from
      to
      settled
      notes
      totalBefore
      totalAfter
      totalsAreExact
      added {
        ...Difference_Kind
      }
      removed {
        ...Difference_Kind
      }
      changed {
        ...Difference_Kind
      }
    }
  }
`);

export type Differences = Difference_KindFragment;
export interface Difference extends Omit<Difference_OfQuery["lineageDiff"], "added" | "removed" | "changed"> {
  readonly added: Differences;
  readonly removed: Differences;
  readonly changed: Differences;
}

const KINDS = ["added", "removed", "changed"] as const satisfies readonly Mark[];

export const nodesOf = (differences: Differences): readonly LineageNode[] =>
  differences.nodes.map(({ node }) => shownNode(node));

/** The later view with what is gone drawn in, or with as much of that as there is room for, and what differs marked. */
export function overlay(
  merged: Merged,
  difference: Difference,
  room: ReadonlySet<string> | null = null,
): { readonly merged: Merged; readonly marks: Marks } {
  const nodes = new Map(merged.nodes.map((node) => [node.id, node]));
  for (const node of nodesOf(difference.removed))
    if (!nodes.has(node.id) && (room === null || room.has(node.id))) nodes.set(node.id, node);
  const links = new Map<string, LineageLink>(merged.edges.map((edge) => [edgeKey(edge), edge]));
  for (const edge of difference.removed.edges) {
    const key = edgeKey(edge);
    if (!links.has(key) && nodes.has(edge.from) && nodes.has(edge.to)) links.set(key, edge);
  }
  const marks = { nodes: new Map<string, Mark>(), edges: new Map<string, Mark>() };
  for (const kind of KINDS) {
    for (const { id } of difference[kind].nodes) marks.nodes.set(id, kind);
    for (const edge of difference[kind].edges) marks.edges.set(edgeKey(edge), kind);
  }
  return {
    merged: { ...merged, nodes: [...nodes.values()], edges: [...links.values()] },
    marks: { ...marks, dimRest: false },
  };
}

export interface DifferenceState {
  readonly difference: Difference | null;
  readonly problem: Problem | null;
  readonly again: () => void;
}

/** What differs from an earlier instant to the one that is looked at; asked once both are known. */
export function useDifference(
  id: string,
  view: { readonly direction: LineageDirection; readonly depth: number; readonly since: string | null },
  to: string | null,
): DifferenceState {
  const { direction, depth, since } = view;
  const pause = since === null || to === null;
  const [{ data, error, operation }, again] = useQuery({
    query: Difference_Of,
    variables: { id, direction, depth, from: since ?? "", to: to ?? "" },
    pause,
  });
  const difference = useMemo<Difference | null>(() => {
    const asked = operation?.variables;
    // While a new question is under way the answer at hand is the one before's, whichever part of it changed.
    if (pause || data === undefined || asked === undefined) return null;
    if (asked.id !== id || asked.direction !== direction || asked.depth !== depth) return null;
    if (asked.from !== since || asked.to !== to) return null;
    const { added, removed, changed, ...rest } = data.lineageDiff;
    const read = (kind: typeof added) => readFragment(Difference_Kind, kind);
    return { ...rest, added: read(added), removed: read(removed), changed: read(changed) };
  }, [pause, data, operation, id, direction, depth, since, to]);
  return {
    difference,
    problem: error && !pause ? problemOf(error) : null,
    again: () => again({ requestPolicy: "network-only" }),
  };
}
