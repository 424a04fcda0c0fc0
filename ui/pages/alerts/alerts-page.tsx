import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { useAct } from "../../api/use-act.js";
import { EDGE_FACES } from "../../components/edge-types.js";
import { usePages } from "../../components/governance/use-pages.js";
import { Instant } from "../../components/instant.js";
import { lineagePath } from "../../components/lineage-link.js";
import { LabelIcon } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { WatchButton } from "../../components/live/watch-button.js";
import { graphql } from "../../gql/gql.js";
import type { AlertsPage_AlertsQuery, LineageChangeKind } from "../../gql/graphql.js";

const AlertsPage_Alerts = graphql(/* GraphQL */ `
  query AlertsPage_Alerts($first: Int!, $after: String, $unseen: Boolean!) {
    alerts(first: $first, after: $after, unseen: $unseen) {
      edges {
        node {
          id
          nodeId
          node {
            id
            label
            title
          }
          at
          by
          why
          changed
          seenAt
          changes {
            kind
            nodeId
            type
            from
            to
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
      totalIsExact
      unseenCount
    }
    watches {
      id
      nodeId
      since
      node {
        id
        label
        title
      }
    }
  }
`);
const AlertsPage_Seen = graphql(/* GraphQL */ `
  mutation AlertsPage_Seen($input: MarkAlertsSeenInput!) {
    markAlertsSeen(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

const PAGE = 30;
type Alert = AlertsPage_AlertsQuery["alerts"]["edges"][number]["node"];
type Change = Alert["changes"][number];

const KINDS: Record<LineageChangeKind, string> = {
  CREATED: "recorded",
  REVISED: "revised",
  OPENED: "linked",
  CLOSED: "link ended",
};
const changeWords = ({ kind, type }: Change) =>
  type == null ? KINDS[kind] : `${KINDS[kind]}: ${EDGE_FACES[type].along}`;

/** `3 × linked: is supported by, revised`. */
function changesWords({ changes, changed }: Alert): string {
  const counts = new Map<string, number>();
  for (const change of changes) counts.set(changeWords(change), (counts.get(changeWords(change)) ?? 0) + 1);
  const words = [...counts].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`)).join(", ");
  return changed > changes.length ? `${words}, and ${(changed - changes.length).toLocaleString("en")} more` : words;
}

function AlertRow({ alert, onSeen }: { readonly alert: Alert; readonly onSeen: (id: string) => void }) {
  const before = new Date(Date.parse(alert.at) - 1).toISOString();
  return (
    <li className="alert" data-new={alert.seenAt == null || undefined}>
      {alert.node != null && <LabelIcon label={alert.node.label} size={24} />}
      <div className="row-text">
        <Link
          className="row-title link"
          href={`${lineagePath(alert.nodeId)}?direction=upstream&depth=4&since=${before}`}
          onClick={() => onSeen(alert.id)}
        >
          {alert.node?.title ?? "Something that isn't there any more"}
        </Link>
        <span className="row-detail">
          {changesWords(alert)} · {alert.by} · <Instant at={alert.at} />
          {alert.why === "" ? null : <> · “{alert.why}”</>}
        </span>
      </div>
      {alert.seenAt == null && (
        <Button size="compact-xs" variant="subtle" onClick={() => onSeen(alert.id)}>
          Mark as seen
        </Button>
      )}
    </li>
  );
}

/** What changed under the nodes that the viewer watches. */
export function AlertsPage() {
  useTitle("Alerts");
  const [unseen, setUnseen] = useState(false);
  const pages = usePages();
  const [{ data, error }, again] = useQuery({
    query: AlertsPage_Alerts,
    variables: { first: PAGE, after: pages.after, unseen },
  });
  const seen = useAct(AlertsPage_Seen);
  const reload = () => again({ requestPolicy: "network-only" });
  const mark = async (alertIds: string[] | null) => {
    const what = alertIds === null ? { all: true, alertIds: null } : { all: null, alertIds };
    if ((await seen.act({ ...what, reason: "Seen on the page", adr: null })) !== null) reload();
  };
  const alerts = data?.alerts;
  return (
    <div className="page">
      <h1 className="page-title">Alerts</h1>
      <p className="page-about">
        What changed in the lineage of the nodes that you watch. “Watch” stands on the card of every node.
      </p>
      {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={reload} />}
      {alerts === undefined && error === undefined && <Waiting what="Loading the alerts" />}
      {alerts !== undefined && (
        <>
          <div className="alerts-bar">
            <span className="count-line" data-testid="shown">
              {alerts.unseenCount.toLocaleString("en")} new
            </span>
            <Checkbox
              size="xs"
              label="Only new ones"
              checked={unseen}
              onChange={(event) => {
                pages.reset();
                setUnseen(event.currentTarget.checked);
              }}
            />
            {alerts.unseenCount > 0 && (
              <Button size="compact-xs" variant="light" loading={seen.busy} onClick={() => void mark(null)}>
                Mark all as seen
              </Button>
            )}
          </div>
          {seen.problems.length > 0 && (
            <p className="notice" data-tone="bad" role="alert">
              {seen.problems.join(" ")}
            </p>
          )}
          {alerts.edges.length === 0 ? (
            <div className="empty">
              <h2>{unseen ? "No new alert" : "No alert yet"}</h2>
              <p>
                {data?.watches.length === 0
                  ? "You watch nothing yet. Open a claim or an episode, select it and choose “Watch”."
                  : "Nothing has changed under what you watch since you began."}
              </p>
            </div>
          ) : (
            <ol className="results">
              {alerts.edges.map(({ node }) => (
                <AlertRow key={node.id} alert={node} onSeen={(id) => void mark([id])} />
              ))}
            </ol>
          )}
          {alerts.edges.length > 0 && pages.buttons(alerts)}
        </>
      )}
      {data !== undefined && data.watches.length > 0 && (
        <section className="panel watches" aria-labelledby="watches-title">
          <header className="panel-header">
            <h2 id="watches-title">You watch {data.watches.length.toLocaleString("en")}</h2>
          </header>
          <ul className="rows">
            {data.watches.map(({ id, nodeId, node, since }) => (
              <li key={id} className="row">
                {node != null && <LabelIcon label={node.label} size={24} />}
                <span className="row-text">
                  <Link className="row-title link" href={`${lineagePath(nodeId)}?direction=upstream`}>
                    {node?.title ?? nodeId}
                  </Link>
                  <span className="row-detail">
                    since <Instant at={since} />
                  </span>
                </span>
                <WatchButton id={nodeId} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
