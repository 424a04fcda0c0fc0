import { useMemo } from "react";
import { useQuery } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { graphql } from "../../gql/gql.js";
import type { UsePaths_PathsQuery } from "../../gql/graphql.js";
import { mergeAnswers } from "./merge.js";
import { shownNode, type Merged } from "./use-lineage.js";

const UsePaths_Paths = graphql(/* GraphQL */ `
  query UsePaths_Paths($from: ID!, $to: ID!, $asOf: DateTime, $mixed: Boolean!) {
    paths(from: $from, to: $to, asOf: $asOf, mixed: $mixed, first: 25) {
      paths {
        direction
        length
        nodes {
          ...Lineage_Shown
        }
        edges {
          type
          from
          to
          validFrom
          validTo
          by
          why
        }
      }
      shown
      total
      totalIsExact
      reason
      asOf
    }
  }
`);

export type Paths = UsePaths_PathsQuery["paths"];

export interface PathsState {
  readonly paths: Paths | null;
  readonly merged: Merged | null;
  readonly problem: Problem | null;
  readonly fetching: boolean;
  readonly again: () => void;
}

/** The shortest ways between two nodes, 25 at most, as one graph; `to` null asks nothing. Neighbours off the ways aren't counted. */
export function usePaths(from: string, to: string | null, asOf: string | null): PathsState {
  const [{ data, error, fetching }, again] = useQuery({
    query: UsePaths_Paths,
    variables: { from, to: to ?? "", asOf, mixed: true },
    pause: to === null,
  });
  const paths = to === null || error ? null : (data?.paths ?? null);
  const merged = useMemo(() => {
    if (paths === null) return null;
    const nodes = paths.paths.flatMap((path) => path.nodes.map(shownNode));
    const edges = paths.paths.flatMap((path) => path.edges);
    return mergeAnswers([{ root: from, nodes, edges, hiddenByNode: [] }], "BOTH");
  }, [paths, from]);
  return {
    paths,
    merged,
    problem: error && to !== null ? problemOf(error) : null,
    fetching: fetching && to !== null,
    again: () => again({ requestPolicy: "network-only" }),
  };
}
