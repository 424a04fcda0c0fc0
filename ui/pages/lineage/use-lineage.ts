import { useEffect, useMemo, useRef, useState } from "react";
import { useClient, useQuery, type TypedDocumentNode } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type {
  EdgeType,
  LineageFilter,
  Lineage_AnswerQuery,
  Lineage_AnswerQueryVariables,
  Lineage_PartsFragment,
  Lineage_SelectedQueryVariables,
  Lineage_ShownFragment,
} from "../../gql/graphql.js";
import { mergeAnswers, type Answer, type MergedLineage } from "./merge.js";
import { pinFor, type Pin } from "./pin.js";
import { filterInput } from "./node-filter.js";
import type { LineageView } from "./view-state.js";

const Lineage_Parts = graphql(/* GraphQL */ `
  fragment Lineage_Parts on Lineage {
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
`);

/** What graph and table need of a node, wherever it comes from. */
const Lineage_Shown = graphql(/* GraphQL */ `
  fragment Lineage_Shown on GraphNode {
    id
    label
    title
    validFrom
    ...NodeBadges_Node
    ...GraphNode_Node
    ...LineageTable_Node
  }
`);

const Lineage_Answer = graphql(/* GraphQL */ `
  query Lineage_Answer(
    $id: ID!
    $direction: LineageDirection!
    $depth: Int!
    $asOf: DateTime
    $filter: LineageFilter
    $first: Int!
  ) {
    answer: lineage(id: $id, direction: $direction, depth: $depth, asOf: $asOf, filter: $filter, first: $first) {
      ...Lineage_Parts
    }
  }
`);

const Lineage_Selected = graphql(/* GraphQL */ `
  query Lineage_Selected($expression: String!, $edgeTypes: [EdgeType!], $asOf: DateTime, $first: Int!) {
    answer: select(expression: $expression, edgeTypes: $edgeTypes, asOf: $asOf, first: $first) {
      ...Lineage_Parts
    }
  }
`);

export type LineageNode = Lineage_ShownFragment;
export type LineageLink = Lineage_PartsFragment["edges"][number];
export type LineageAnswer = Omit<Lineage_PartsFragment, "nodes"> & { readonly nodes: readonly LineageNode[] };
/** A node's lineage, or what an expression selects. */
export type Asked = { readonly id: string } | { readonly expression: string };
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

export const shownNode = (node: FragmentType<typeof Lineage_Shown>): LineageNode => readFragment(Lineage_Shown, node);

const unmasked = ({ answer }: Lineage_AnswerQuery): LineageAnswer => {
  const { nodes, ...rest } = readFragment(Lineage_Parts, answer);
  return { ...rest, nodes: nodes.map(shownNode) };
};

/** Both questions have one answer; which of the two is asked is told by what is known. */
type Question = Partial<Lineage_AnswerQueryVariables> & Partial<Lineage_SelectedQueryVariables>;
const DOCUMENTS = {
  lineage: Lineage_Answer as TypedDocumentNode<Lineage_AnswerQuery, Question>,
  select: Lineage_Selected as unknown as TypedDocumentNode<Lineage_AnswerQuery, Question>,
};

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
export function useLineage(asked: Asked, view: LineageView, pause = false): LineageState {
  const client = useClient();
  const about = "id" in asked ? asked.id : asked.expression;
  const types = view.edges?.join() ?? "";
  const nodeFilter = JSON.stringify(filterInput(view.filter));
  const filter = useMemo<LineageFilter | null>(() => {
    const all = {
      ...(JSON.parse(nodeFilter) as LineageFilter),
      ...(types !== "" && { edgeTypes: types.split(",") as EdgeType[] }),
    };
    return Object.keys(all).length === 0 ? null : all;
  }, [types, nodeFilter]);
  const instant = { asOf: view.asOf, first: view.first };
  const plain: Question =
    "id" in asked
      ? { id: asked.id, direction: view.direction, depth: view.depth, filter, ...instant }
      : { expression: asked.expression, edgeTypes: view.edges === null ? null : [...view.edges], ...instant };
  const topic = JSON.stringify({ ...plain, asOf: null, first: null });
  const pin = useRef<Pin | null>(null);
  const pinned = view.asOf === null ? pinFor(pin.current, topic, view.first) : null;
  if (pinned !== null) pin.current = pinned;
  const [, setRefreshed] = useState(0);
  const variables: Question = { ...plain, asOf: view.asOf ?? pinned?.asOf ?? null };
  const question = JSON.stringify(variables);
  const [{ data, error, fetching, operation }, again] = useQuery({
    query: DOCUMENTS["id" in asked ? "lineage" : "select"],
    variables,
    pause,
  });
  const answersThis = data !== undefined && JSON.stringify(operation?.variables) === question;

  // Kept on screen while the next question is under way: a blank page would lose the reader's place.
  const last = useRef<{
    readonly data: Lineage_AnswerQuery;
    readonly base: LineageAnswer;
    readonly about: string;
    readonly question: string;
  } | null>(null);
  if (answersThis && !error && last.current?.data !== data) {
    const base = unmasked(data);
    last.current = { data, base, about, question };
    if (variables.asOf === null) pin.current = { about: topic, asOf: base.asOf, first: view.first };
  }
  const kept = last.current !== null && last.current.about === about ? last.current : null;
  const base = kept?.base ?? null;
  const asOf = base?.asOf ?? null;

  const [expansions, setExpansions] = useState<ReadonlyMap<string, LineageAnswer>>(new Map());
  const [expanding, setExpanding] = useState(0);
  const [expandProblem, setExpandProblem] = useState<Problem | null>(null);
  const current = kept?.question === question;
  // Around what was selected one looks both ways.
  const direction = "id" in asked ? view.direction : "BOTH";
  const wanted =
    current && asOf !== null ? view.expanded.map((one) => ({ ...one, direction, depth: 1, asOf, filter })) : [];
  const wantedKeys = wanted.map((one) => JSON.stringify(one)).join("\n");

  const [attempt, setAttempt] = useState(0);
  const sent = useRef(new Set<string>());
  useEffect(() => {
    setExpandProblem(null);
    for (const key of wantedKeys.split("\n").filter((line) => line !== "" && !sent.current.has(line))) {
      sent.current.add(key);
      setExpanding((n) => n + 1);
      void client
        .query(Lineage_Answer, JSON.parse(key) as Lineage_AnswerQueryVariables)
        .toPromise()
        .then((answer) => {
          setExpanding((n) => n - 1);
          const found = answer.data;
          if (found !== undefined) return setExpansions((before) => new Map(before).set(key, unmasked(found)));
          sent.current.delete(key);
          if (answer.error) setExpandProblem(problemOf(answer.error));
        });
    }
  }, [wantedKeys, client, attempt]);

  const root = "id" in asked ? asked.id : "";
  const merged = useMemo(() => {
    if (base === null) return null;
    const answers = wantedKeys
      .split("\n")
      .filter((key) => expansions.has(key))
      .map((key) => asAnswer((JSON.parse(key) as { id: string }).id, expansions.get(key) as LineageAnswer));
    return mergeAnswers([asAnswer(root, base), ...answers], direction);
  }, [base, root, direction, wantedKeys, expansions]);

  return {
    merged,
    base,
    loading: fetching || expanding > 0,
    stale: kept !== null && !current,
    problem: error && !fetching ? problemOf(error) : null,
    expandProblem,
    retryExpansions: () => setAttempt((n) => n + 1),
    reload: () => {
      if (pinned === null || error) return again({ requestPolicy: "network-only" });
      // Without its pin the question is another one, which is asked by itself.
      pin.current = null;
      setRefreshed((n) => n + 1);
    },
  };
}
