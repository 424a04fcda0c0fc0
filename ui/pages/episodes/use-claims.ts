import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { graphql } from "../../gql/gql.js";
import type { UseClaims_ClaimsQuery } from "../../gql/graphql.js";

const UseClaims_Claims = graphql(/* GraphQL */ `
  query UseClaims_Claims($episodeId: ID!, $after: String, $asOf: DateTime) {
    episodeClaims(episodeId: $episodeId, first: 100, after: $after, asOf: $asOf) {
      totalCount
      totalIsExact
      asOf
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          supportingFacts
          contradictingFacts
          independentGroups
          claim {
            id
            label
            title
            status
            recheckBy
            recheckReason
            evidence {
              stance
              basis
              by
              fact {
                id
                label
                title
                quote {
                  exact
                }
                snapshot {
                  id
                  source {
                    id
                    label
                    title
                    ...NodeBadges_Node
                  }
                }
              }
            }
          }
          risks {
            kind
            detail
            since
            by
            why
          }
        }
      }
    }
  }
`);

type Page = UseClaims_ClaimsQuery["episodeClaims"];
export type JudgedClaim = Page["edges"][number]["node"];

/** Pages that are read one after the other; an episode with more says how many were left. */
const MOST_PAGES = 10;

export interface Claims {
  readonly byId: ReadonlyMap<string, JudgedClaim>;
  readonly total: number;
  readonly exact: boolean;
  readonly asOf: string;
}

/** Every claim of an episode with its evidence, for one instant; null until the first page is there. */
export function useClaims(episodeId: string, asOf: string | null) {
  const client = useClient();
  const asked = useRef<object | null>(null);
  const [claims, setClaims] = useState<Claims | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [loading, setLoading] = useState(true);
  const load = useCallback(async () => {
    const mine = {};
    asked.current = mine;
    setLoading(true);
    const byId = new Map<string, JudgedClaim>();
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      // A cursor brings its own instant.
      const variables: { episodeId: string; after: string | null; asOf: string | null } = {
        episodeId,
        after,
        asOf: after === null ? asOf : null,
      };
      const { data, error } = await client.query(UseClaims_Claims, variables, { requestPolicy: "network-only" });
      if (mine !== asked.current) return;
      setProblem(error === undefined ? null : problemOf(error));
      if (data === undefined || data === null) break;
      const found: Page = data.episodeClaims;
      for (const { node } of found.edges) byId.set(node.claim.id, node);
      setClaims({ byId: new Map(byId), total: found.totalCount, exact: found.totalIsExact, asOf: found.asOf });
      after = found.pageInfo.hasNextPage ? (found.pageInfo.endCursor ?? null) : null;
      if (after === null) break;
    }
    setLoading(false);
  }, [client, episodeId, asOf]);
  useEffect(() => {
    setClaims(null);
    void load();
    return () => {
      // Whatever is still under way is of an earlier question.
      asked.current = null;
    };
  }, [load]);
  return { claims, problem, loading, again: () => void load() };
}
