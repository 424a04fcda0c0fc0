import { useEffect, useMemo, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { graphql } from "../../gql/gql.js";
import type { EdgeType, Lineage_AnswerQuery, Lineage_AnswerQueryVariables } from "../../gql/graphql.js";
import { mergeAnswers, type Answer, type MergedLineage } from "./merge.js";
import { pinFor, type Pin } from "./pin.js";
import type { LineageView } from "./view-state.js";

const Lineage_Answer = graphql(/* GraphQL */ `
  query Lineage_Answer(
    $id: ID!
    $direction: LineageDirection!
    $depth: Int!
    $asOf: DateTime
    $filter: LineageFilter
    $first: Int!
  ) {
    lineage(id: $id, direction: $direction, depth: $depth, asOf: $asOf, filter: $filter, first: $first) {
      nodes {
        id
        label
        title
        validFrom
        ...NodeBadges_Node
        ...GraphNode_Node
        ...LineageTable_Node
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
      hiddenByNode {
        id
        count
      }
      shown
      total
      totalIsExact
      hasNextPage
      asOf
    }
  }
`);

export type LineageAnswer = Lineage_AnswerQuery["lineage"];
export type LineageNode = LineageAnswer["nodes"][number];
export type LineageLink = LineageAnswer["edges"][number];
export type Merged = MergedLineage<LineageNode, LineageLink>;

export interface LineageState {
  readonly merged: Merged | null;
  /** The answer around the start node. */
  readonly base: LineageAnswer | null;
  readonly loading: boolean;
  /** True while what is shown answers an earlier question. */
  readonly stale: boolean;
  readonly problem: Problem | null;
  /** An expansion that failed; the rest stays on screen. */
  readonly expandProblem: Problem | null;
  /** Asks for now, or after a failure for the same again. */
  readonly reload: () => void;
  /** Asks again for the expansions that failed. */
  readonly retryExpansions: () => void;
}

const asAnswer = (root: string, { nodes, edges, hiddenByNode }: LineageAnswer): Answer<LineageNode, LineageLink> => ({
  root,
  nodes,
  edges,
  hiddenByNode,
});

/**
 * What the graph and the table both show: the answer around the start node, joined with one answer for each expanded node. Expansions ask
 * for the instant that the first answer names, so that all of them speak of the same graph.
 */
export function useLineage(id: string, view: LineageView): LineageState {
  const client = useClient();
  const types = view.edges?.join() ?? "";
  const filter = useMemo(() => (types === "" ? null : { edgeTypes: types.split(",") as EdgeType[] }), [types]);
  const about = JSON.stringify([id, view.direction, view.depth, types]);
  const pin = useRef<Pin | null>(null);
  const pinned = view.asOf === null ? pinFor(pin.current, about, view.first) : null;
  if (pinned !== null) pin.current = pinned;
  const [, setRefreshed] = useState(0);
  const variables: Lineage_AnswerQueryVariables = {
    id,
    direction: view.direction,
    depth: view.depth,
    asOf: view.asOf ?? pinned?.asOf ?? null,
    filter,
    first: view.first,
  };
  const question = JSON.stringify(variables);
  const [{ data, error, fetching, operation }, again] = useQuery({ query: Lineage_Answer, variables });
  const answersThis = data !== undefined && JSON.stringify(operation?.variables) === question;

  // Kept on screen while the next question is under way: a blank page would lose the reader's place.
  const last = useRef<{ readonly base: LineageAnswer; readonly root: string; readonly question: string } | null>(null);
  if (answersThis && !error && last.current?.base !== data.lineage) {
    last.current = { base: data.lineage, root: id, question };
    if (variables.asOf === null) pin.current = { about, asOf: data.lineage.asOf, first: view.first };
  }
  const kept = last.current !== null && last.current.root === id ? last.current : null;
  const base = kept?.base ?? null;
  const asOf = base?.asOf ?? null;

  const [expansions, setExpansions] = useState<ReadonlyMap<string, LineageAnswer>>(new Map());
  const [expanding, setExpanding] = useState(0);
  const [expandProblem, setExpandProblem] = useState<Problem | null>(null);
  const current = kept?.question === question;
  const wanted = current && asOf !== null ? view.expanded.map((one) => ({ ...variables, ...one, depth: 1, asOf })) : [];
  const wantedKeys = wanted.map((one) => JSON.stringify(one)).join("\n");

  const [attempt, setAttempt] = useState(0);
  const asked = useRef(new Set<string>());
  useEffect(() => {
    setExpandProblem(null);
    for (const key of wantedKeys.split("\n").filter((line) => line !== "" && !asked.current.has(line))) {
      asked.current.add(key);
      setExpanding((n) => n + 1);
      void client
        .query(Lineage_Answer, JSON.parse(key) as Lineage_AnswerQueryVariables)
        .toPromise()
        .then((answer) => {
          setExpanding((n) => n - 1);
          const found = answer.data?.lineage;
          if (found !== undefined) return setExpansions((before) => new Map(before).set(key, found));
          asked.current.delete(key);
          if (answer.error) setExpandProblem(problemOf(answer.error));
        });
    }
  }, [wantedKeys, client, attempt]);

  const merged = useMemo(() => {
    if (base === null || kept === null) return null;
    const answers = wantedKeys
      .split("\n")
      .filter((key) => expansions.has(key))
      .map((key) => asAnswer((JSON.parse(key) as { id: string }).id, expansions.get(key) as LineageAnswer));
    const direction = (JSON.parse(kept.question) as Lineage_AnswerQueryVariables).direction;
    return mergeAnswers([asAnswer(id, base), ...answers], direction);
  }, [base, kept, id, wantedKeys, expansions]);

  return {
    merged,
    base,
    loading: fetching || expanding > 0,
    stale: kept !== null && !current,
    problem: error && !fetching ? problemOf(error) : null,
    expandProblem,
    retryExpansions: () => setAttempt((last) => last + 1),
    reload: () => {
      if (pinned === null || error) return again({ requestPolicy: "network-only" });
      // Without its pin the question is another one, which is asked by itself.
      pin.current = null;
      setRefreshed((n) => n + 1);
    },
  };
}
