import { Button } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import { useSearchParams } from "wouter";
import { problemOf, type Problem } from "../../api/problem.js";
import { useAnnounce } from "../../components/live-region.js";
import { LABEL_FACES } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { SearchField } from "../../components/search-field.js";
import { useTitle } from "../../components/use-title.js";
import type { FragmentType } from "../../gql/fragment-masking.js";
import { graphql } from "../../gql/gql.js";
import type { NodeLabel } from "../../gql/graphql.js";
import { LabelFilter } from "./label-filter.js";
import { formatLabels, parseLabels } from "./labels.js";
import { SearchResult, type SearchResult_Node } from "./search-result.js";
import { Waiting } from "../../components/waiting.js";

const SearchPage_Results = graphql(/* GraphQL */ `
  query SearchPage_Results($text: String!, $labels: [NodeLabel!], $first: Int!, $after: String) {
    search(text: $text, labels: $labels, first: $first, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          id
          ...SearchResult_Node
        }
      }
    }
  }
`);

const PAGE = 20;

interface Results {
  readonly of: string;
  readonly nodes: readonly ({ readonly id: string } & FragmentType<typeof SearchResult_Node>)[];
  readonly total: number;
  readonly exact: boolean;
  readonly after: string | null;
}

/** Results of one question, page after page; a new question starts over, and a late answer to an old one is dropped. */
function useResults(text: string, labels: string) {
  const client = useClient();
  const announce = useAnnounce();
  const question = `${text}\n${labels}`;
  const [results, setResults] = useState<Results | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [loading, setLoading] = useState(false);
  const [turn, setTurn] = useState(0);

  const load = useCallback(
    async (before: Results | null, isWanted: () => boolean) => {
      setLoading(true);
      const wanted = parseLabels(labels);
      const answer = await client
        .query(
          SearchPage_Results,
          { text, labels: wanted.length === 0 ? null : wanted, first: PAGE, after: before?.after ?? null },
          { requestPolicy: "network-only" },
        )
        .toPromise();
      if (!isWanted()) return;
      setLoading(false);
      setProblem(answer.error === undefined ? null : problemOf(answer.error));
      if (answer.data === undefined || answer.data === null) return;
      const { edges, pageInfo, totalCount, totalIsExact } = answer.data.search;
      const nodes = [...(before?.nodes ?? []), ...edges.map((edge) => edge.node)];
      const after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      setResults({ of: question, nodes, total: totalCount, exact: totalIsExact, after });
      announce(nodes.length === 0 ? "Nothing found" : `Showing ${nodes.length} of ${totalCount} results`);
    },
    [client, announce, text, labels, question],
  );

  const asked = useRef("");
  useEffect(() => {
    asked.current = `${question}\n${turn}`;
    const mine = asked.current;
    setProblem(null);
    if (text === "") setResults(null);
    else void load(null, () => asked.current === mine);
  }, [load, question, text, turn]);

  return {
    results: text === "" ? null : results,
    problem,
    loading,
    stale: results !== null && results.of !== question,
    more: () => {
      const mine = asked.current;
      void load(results, () => asked.current === mine);
    },
    retry: () => setTurn((last) => last + 1),
  };
}

const shownOf = ({ nodes, total, exact }: Results) =>
  `Showing ${nodes.length.toLocaleString("en")} of ${exact ? "" : "at least "}${total.toLocaleString("en")}`;

/** Finds any node by its words; each result leads to its lineage. */
export function SearchPage() {
  const [params, setParams] = useSearchParams();
  const text = (params.get("q") ?? "").trim();
  const labels = parseLabels(params.get("labels"));
  const { results, problem, loading, stale, more, retry } = useResults(text, formatLabels(labels));
  useTitle(text === "" ? "Search" : `${text} · Search`);
  const setLabels = (next: readonly NodeLabel[]) =>
    setParams((last) => {
      const changed = new URLSearchParams(last);
      if (next.length === 0) changed.delete("labels");
      else changed.set("labels", formatLabels(next));
      return changed;
    });
  return (
    <div className="page">
      <h1 className="page-title">{text === "" ? "Search" : `Results for “${text}”`}</h1>
      <LabelFilter labels={labels} onChange={setLabels} />
      {text === "" && (
        <div className="empty">
          <p>Type some words of a claim, a source, an episode or a name.</p>
          <SearchField autoFocus />
        </div>
      )}
      {problem !== null && <ProblemPanel problem={problem} retry={retry} />}
      {results === null && loading && (
        <div className="empty">
          <Waiting what="Searching" size="sm" />
        </div>
      )}
      {results !== null && problem === null && (
        <section aria-label="Results" aria-busy={stale} className={stale ? "is-stale" : undefined}>
          {results.nodes.length === 0 ? (
            <NothingFound text={text} labels={labels} clear={() => setLabels([])} />
          ) : (
            <>
              <p className="count-line">{shownOf(results)}</p>
              <ol className="results">
                {results.nodes.map((node) => (
                  <SearchResult key={node.id} node={node} />
                ))}
              </ol>
              {results.after === null ? null : (
                <div className="more-line">
                  <Button variant="default" size="sm" onClick={more} loading={loading}>
                    Load {Math.min(PAGE, Math.max(1, results.total - results.nodes.length))} more
                  </Button>
                  <span className="count-line">{shownOf(results)}</span>
                </div>
              )}
            </>
          )}
        </section>
      )}
    </div>
  );
}

interface NothingFoundProps {
  readonly text: string;
  readonly labels: readonly NodeLabel[];
  readonly clear: () => void;
}

function NothingFound({ text, labels, clear }: NothingFoundProps) {
  const kinds = labels.map((label) => LABEL_FACES[label].plural.toLowerCase()).join(", ");
  return (
    <div className="empty">
      <h2>
        {labels.length === 0 ? "Nothing" : `No ${kinds}`} with all the words of “{text}”
      </h2>
      <p>
        Search looks at titles: a claim's text, a fact's statement, the name of a source, episode or person. It doesn't
        look inside the text of snapshots. Try fewer words, or another form of them.
      </p>
      {labels.length > 0 && (
        <Button size="xs" variant="default" onClick={clear}>
          Search all kinds
        </Button>
      )}
    </div>
  );
}
