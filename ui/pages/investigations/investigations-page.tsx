import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { useAct } from "../../api/use-act.js";
import { usePages } from "../../components/governance/use-pages.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { Badge } from "../../components/node-badges.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { InvestigationsOf, InvestigationsPage_ListQuery } from "../../gql/graphql.js";
import { addressOf } from "./address.js";
import { SaveInvestigation_Share } from "./save-investigation.js";

const InvestigationsPage_List = graphql(/* GraphQL */ `
  query InvestigationsPage_List($of: InvestigationsOf!, $first: Int!, $after: String) {
    investigations(of: $of, first: $first, after: $after) {
      edges {
        node {
          id
          title
          state
          ownerName
          mine
          shared
          updatedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
      totalIsExact
    }
  }
`);
const InvestigationsPage_Delete = graphql(/* GraphQL */ `
  mutation InvestigationsPage_Delete($input: DeleteInvestigationInput!) {
    deleteInvestigation(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

type Investigation = InvestigationsPage_ListQuery["investigations"]["edges"][number]["node"];

function Row({ one, onChanged }: { readonly one: Investigation; readonly onChanged: () => void }) {
  const share = useAct(SaveInvestigation_Share);
  const remove = useAct(InvestigationsPage_Delete);
  const announce = useAnnounce();
  const [sure, setSure] = useState(false);
  const address = addressOf(one.state);
  const problems = [...share.problems, ...remove.problems];
  const toggle = async () => {
    const reason = one.shared ? "No longer shared, on the page" : "Shared on the page";
    const done = await share.act({ investigationId: one.id, shared: !one.shared, reason, adr: null });
    if (done === null) return;
    announce(one.shared ? "No longer shared" : "Shared with the studio");
    onChanged();
  };
  const drop = async () => {
    if (!sure) return setSure(true);
    if ((await remove.act({ investigationId: one.id, reason: "Deleted on the page", adr: null })) === null) return;
    announce("Deleted");
    onChanged();
  };
  return (
    <li className="alert">
      <div className="row-text">
        {address === null ? (
          <span className="row-title">{one.title}</span>
        ) : (
          <Link className="row-title link" href={address}>
            {one.title}
          </Link>
        )}
        <span className="row-detail">
          {one.mine ? "" : `${one.ownerName} · `}
          <Instant at={one.updatedAt} />
          {address === null && " · kept by another program; this page can't open it"}
        </span>
        {problems.length > 0 && <span role="alert">{problems.join(" ")}</span>}
      </div>
      {one.shared && <Badge text="Shared" tone="info" />}
      {one.mine && (
        <>
          <Button size="compact-xs" variant="subtle" loading={share.busy} onClick={() => void toggle()}>
            {one.shared ? "Stop sharing" : "Share"}
          </Button>
          <Button size="compact-xs" variant="default" loading={remove.busy} onClick={() => void drop()}>
            {sure ? "Delete for good" : "Delete"}
          </Button>
        </>
      )}
    </li>
  );
}

/** Views that were kept under a name: one's own, and those that others share. */
export function InvestigationsPage() {
  useTitle("Investigations");
  const [of, setOf] = useState<InvestigationsOf>("MINE");
  const pages = usePages();
  const [{ data, error }, again] = useQuery({
    query: InvestigationsPage_List,
    variables: { of, first: 30, after: pages.after },
  });
  const list = data?.investigations;
  const reload = () => again({ requestPolicy: "network-only" });
  return (
    <div className="page">
      <h1 className="page-title">Investigations</h1>
      <p className="page-about">Views that were kept under a name. “Share” on a lineage keeps the one that you see.</p>
      <SegmentedControl
        size="xs"
        aria-label="Whose"
        value={of}
        onChange={(value) => {
          pages.reset();
          setOf(value as InvestigationsOf);
        }}
        data={[
          { value: "MINE", label: "Mine" },
          { value: "SHARED", label: "Shared by others" },
        ]}
      />
      {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={reload} />}
      {list === undefined && error === undefined && <Waiting what="Loading the investigations" />}
      {list !== undefined && list.edges.length === 0 && (
        <div className="empty">
          <h2>{of === "MINE" ? "You keep no view yet" : "Nobody shares a view"}</h2>
          <p>
            {of === "MINE"
              ? "Open a lineage, bring it to what you want to keep, and choose “Share”, then “Save this view”."
              : "What others of your studio share stands here."}
          </p>
        </div>
      )}
      {list !== undefined && list.edges.length > 0 && (
        <>
          <ul className="results">
            {list.edges.map(({ node }) => (
              <Row key={node.id} one={node} onChanged={reload} />
            ))}
          </ul>
          {pages.buttons(list)}
        </>
      )}
    </div>
  );
}
