import { SegmentedControl } from "@mantine/core";
import { useQuery } from "urql";
import { Link, useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { usePages } from "../../components/governance/use-pages.js";
import { Instant } from "../../components/instant.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { RunState } from "../../gql/graphql.js";
import { RUN_BADGES } from "./states.js";

const RunsPage_Runs = graphql(/* GraphQL */ `
  query RunsPage_Runs($filter: RunFilter, $after: String) {
    runs(filter: $filter, first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          title
          flow
          status
          startedByName
          startedAt
          finishedAt
          problem
          channel {
            id
            title
          }
          topic {
            id
            title
          }
        }
      }
    }
  }
`);

const SHOWN = {
  "under-way": { label: "Under way", status: ["RUNNING", "WAITING"], none: "No run is under way." },
  stopped: { label: "Stopped", status: ["BLOCKED", "FAILED", "CANCELLED"], none: "No run was stopped." },
  done: { label: "Done", status: ["DONE"], none: "No run is done yet." },
  all: { label: "All", status: null, none: "Nothing was run yet." },
} as const satisfies Record<string, { label: string; status: readonly RunState[] | null; none: string }>;
type Shown = keyof typeof SHOWN;

const isShown = (given: string | null): given is Shown => given !== null && Object.hasOwn(SHOWN, given);

/** What the pipeline does and did. */
export function RunsPage() {
  useTitle("Runs");
  const [params, setParams] = useSearchParams();
  const given = params.get("show");
  const shown: Shown = isShown(given) ? given : "under-way";
  const channelId = params.get("channel");
  const pages = usePages(["Earlier", "Later"]);
  const { status, none } = SHOWN[shown];
  const [{ data, error, fetching }, again] = useQuery({
    query: RunsPage_Runs,
    variables: { filter: { status: status === null ? null : [...status], channelId }, after: pages.after },
  });
  const edges = data?.runs.edges ?? [];
  return (
    <div className="page page-wide">
      <h1 className="page-title governance-title">Runs</h1>
      <p className="page-about">
        What the pipeline was asked for, oldest first: from a topic through research, scenes and script to a proposal,
        and whatever else its flows do.
      </p>
      {channelId !== null && (
        <p className="count-line">
          Of one channel: <Link href={`/channels/${channelId}`}>its scorecard</Link>, or{" "}
          <Link href={`/runs?show=${shown}`}>the runs of all</Link>.
        </p>
      )}
      <section className="panel" aria-label="Runs" aria-busy={fetching}>
        <SegmentedControl
          size="xs"
          aria-label="Which runs"
          value={shown}
          onChange={(value) => {
            pages.reset();
            setParams({ show: value, ...(channelId === null ? {} : { channel: channelId }) });
          }}
          data={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))}
        />
        {error !== undefined && (
          <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
        )}
        {data === undefined && fetching && <Waiting what="Loading runs" />}
        {data !== undefined && edges.length === 0 && <p className="panel-empty">{none}</p>}
        {edges.length > 0 && (
          <div className="sheet-scroll">
            <table className="sheet">
              <thead>
                <tr>
                  <th scope="col">Run</th>
                  <th scope="col">About</th>
                  <th scope="col">Channel</th>
                  <th scope="col">Started</th>
                  <th scope="col">Ended</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {edges.map(({ node }) => (
                  <tr key={node.id}>
                    <td>
                      <Link href={`/runs/${node.id}`} className="link">
                        {node.title}
                      </Link>
                    </td>
                    <td>{node.topic?.title ?? "–"}</td>
                    <td>{node.channel?.title ?? "–"}</td>
                    <td>
                      <Instant at={node.startedAt} /> by {node.startedByName}
                    </td>
                    <td>{node.finishedAt == null ? "–" : <Instant at={node.finishedAt} />}</td>
                    <td>
                      <Badge {...RUN_BADGES[node.status]} />
                      {node.problem != null && <p className="count-line">{node.problem}</p>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {data !== undefined && edges.length > 0 && pages.buttons(data.runs)}
      </section>
    </div>
  );
}
