import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { graphql } from "../../gql/gql.js";
import type { History_OfQuery } from "../../gql/graphql.js";

const History_Of = graphql(/* GraphQL */ `
  query History_Of($id: ID!, $first: Int!, $after: String) {
    history(id: $id, first: $first, after: $after) {
      totalCount
      totalIsExact
      asOf
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          kind
          at
          by
          why
          command
          onBehalfOf
          version
          properties {
            name
            before
            after
            cut
          }
          relation {
            type
            from
            otherId
            other {
              id
              label
              title
            }
          }
        }
      }
    }
  }
`);

export type HistoryPage = History_OfQuery["history"];
export type Change = HistoryPage["edges"][number]["node"];

/** All that happened to a node up to now, newest first, whatever instant is looked at: one may step to what came later. */
export function useHistory(id: string, first: number, after: string | null = null, pause = false) {
  const [{ data, error, fetching }, again] = useQuery({
    query: History_Of,
    variables: { id, first, after },
    pause: pause || id === "",
  });
  return {
    history: data?.history ?? null,
    problem: error === undefined ? null : problemOf(error),
    fetching,
    again: () => again({ requestPolicy: "network-only" }),
  };
}
