import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useEffect } from "react";
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
import { StartRun } from "./start-run.js";
import { RUN_BADGES } from "./states.js";
import "./runs.css";

const RunsPage_Runs = graphql(/* GraphQL */ `
  query RunsPage_Runs($filter: RunFilter, $after: String, $newestFirst: Boolean!) {
    runs(filter: $filter, first: 20, after: $after, newestFirst: $newestFirst) {
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

const RunsPage_Choices = graphql(/* GraphQL */ `
  query RunsPage_Choices {
    flows {
      flow
      title
      ...StartRun_Flow
    }
    channels(first: 500) {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`);

/** How often the list is asked anew while it is looked at: a run's own page is told of each move. */
const EVERY_MS = 5_000;

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
  const flow = params.get("flow");
  const channelId = params.get("channel");
  const newestFirst = params.get("order") !== "oldest";
  const pages = usePages(newestFirst ? ["Newer", "Older"] : ["Older", "Newer"]);
  const { status, none } = SHOWN[shown];
  const filter = {
    status: status === null ? null : [...status],
    flow: flow === null ? null : [flow],
    channelId,
  };
  const [{ data, error, fetching }, again] = useQuery({
    query: RunsPage_Runs,
    variables: { filter, after: pages.after, newestFirst },
  });
  const [{ data: choices }] = useQuery({ query: RunsPage_Choices });
  const ask = (changed: Readonly<Record<string, string>>) => {
    pages.reset();
    setParams((last) => {
      const next = new URLSearchParams(last);
      for (const [name, value] of Object.entries(changed)) {
        if (value === "") next.delete(name);
        else next.set(name, value);
      }
      return next;
    });
  };
  // A page further on is of its first page's instant, and stays.
  const first = pages.after === null;
  useEffect(() => {
    if (!first) return;
    const timer = setInterval(() => {
      if (!document.hidden) again({ requestPolicy: "network-only" });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [first, again]);
  const edges = data?.runs.edges ?? [];
  return (
    <div className="page page-wide">
      <h1 className="page-title governance-title">Runs</h1>
      <p className="page-about">
        What the pipeline was asked for: from a topic through research, scenes and script to a proposal, and whatever
        else its flows do. The list follows by itself.
      </p>
      {channelId !== null && (
        <p className="count-line">
          Of one channel: <Link href={`/channels/${channelId}`}>its scorecard</Link>, or{" "}
          <Link href={`/runs?show=${shown}`}>the runs of all</Link>.
        </p>
      )}
      <section className="panel" aria-label="Runs" aria-busy={fetching}>
        <div className="filters">
          <SegmentedControl
            size="xs"
            aria-label="Which runs"
            className="scroll-choice"
            value={shown}
            onChange={(value) => ask({ show: value })}
            data={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))}
          />
          <NativeSelect
            size="xs"
            label="Flow"
            value={flow ?? ""}
            onChange={(event) => ask({ flow: event.currentTarget.value })}
            data={[
              { value: "", label: "All flows" },
              ...(choices?.flows ?? []).map((one) => ({ value: one.flow, label: one.title })),
            ]}
          />
          <NativeSelect
            size="xs"
            label="Channel"
            value={channelId ?? ""}
            onChange={(event) => ask({ channel: event.currentTarget.value })}
            data={[
              { value: "", label: "All channels" },
              ...(choices?.channels.edges ?? []).map(({ node }) => ({ value: node.id, label: node.title })),
            ]}
          />
          <NativeSelect
            size="xs"
            label="Order"
            value={newestFirst ? "" : "oldest"}
            onChange={(event) => ask({ order: event.currentTarget.value })}
            data={[
              { value: "", label: "Newest first" },
              { value: "oldest", label: "Oldest first" },
            ]}
          />
        </div>
        {error !== undefined && (
          <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
        )}
        {data === undefined && fetching && <Waiting what="Loading runs" />}
        {data !== undefined && edges.length === 0 && (
          <p className="panel-empty">
            {none}
            {(flow !== null || channelId !== null) && " Of another flow or channel there may be one."}
          </p>
        )}
        {edges.length > 0 && (
          <div className="sheet-scroll" tabIndex={0} role="group" aria-label="Runs, a table">
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
                    <th scope="row" className="sheet-title">
                      <Link href={`/runs/${node.id}`} className="link">
                        {node.title}
                      </Link>
                    </th>
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
      {choices !== undefined && (
        <StartRun flows={choices.flows} channels={choices.channels.edges.map(({ node }) => node)} />
      )}
    </div>
  );
}
