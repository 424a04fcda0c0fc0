import { NativeSelect } from "@mantine/core";
import { useQuery } from "urql";
import { useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { usePages } from "../../components/governance/use-pages.js";
import { formatInstant } from "../../components/instant.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { RiskRow } from "./risk-row.js";

const WeakestPage_Weakest = graphql(/* GraphQL */ `
  query WeakestPage_Weakest($channelId: ID, $after: String) {
    weakest(channelId: $channelId, first: 20, after: $after) {
      edges {
        cursor
        node {
          ...RiskRow_Risk
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
      totalIsExact
      asOf
    }
    channels(first: 100) {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`);

/** Claims that are live and weak, the weakest first. */
export function WeakestPage() {
  useTitle("Weakest claims");
  const [params, setParams] = useSearchParams();
  const channelId = params.get("channel");
  const pages = usePages(["Weaker", "Less weak"]);
  const [{ data, error, fetching }, again] = useQuery({
    query: WeakestPage_Weakest,
    variables: { channelId, after: pages.after },
  });
  const weakest = data?.weakest;
  const channels = data?.channels.edges.map(({ node }) => node) ?? [];
  return (
    <div className="page">
      <h1 className="page-title">Weakest live claims</h1>
      <p className="page-about">
        What a live episode states and what could fall under it: first what stands on something retracted or is known to
        be wrong, then what is stale, has a single source, is contradicted, or has no quote.
      </p>
      {(channels.length > 1 || channelId !== null) && (
        <NativeSelect
          size="xs"
          label="Channel"
          className="weakest-channel"
          value={channelId ?? ""}
          onChange={(event) => {
            pages.reset();
            const { value } = event.currentTarget;
            setParams(value === "" ? {} : { channel: value });
          }}
          data={[
            { value: "", label: "All channels" },
            ...channels.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
      )}
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {weakest === undefined && error === undefined && <Waiting what="Weighing the live claims" />}
      {weakest !== undefined && (
        <div aria-busy={fetching}>
          {weakest.edges.length === 0 ? (
            <div className="empty">
              <h2>No live claim is weak</h2>
              <p>
                Every claim in a live episode{channelId === null ? "" : " of this channel"} has two independent sources
                that hold, nothing against it, and a quote. Drafts aren’t looked at here.
              </p>
            </div>
          ) : (
            <>
              <p className="count-line" data-testid="shown">
                {weakest.edges.length} of {weakest.totalIsExact ? "" : "at least "}
                {weakest.totalCount.toLocaleString("en")}, as of {formatInstant(weakest.asOf)}
              </p>
              <ol className="results risks">
                {weakest.edges.map(({ node, cursor }) => (
                  <RiskRow key={cursor} risk={node} />
                ))}
              </ol>
              {pages.buttons(weakest)}
            </>
          )}
        </div>
      )}
    </div>
  );
}
