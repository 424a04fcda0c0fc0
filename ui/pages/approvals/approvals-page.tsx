import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { GovernancePage } from "../../components/governance/governance-page.js";
import { usePages } from "../../components/governance/use-pages.js";
import { Instant } from "../../components/instant.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useMay } from "../../components/viewer.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { ProposalDetail } from "./proposal-detail.js";
import { ProposalState } from "./proposal-state.js";
import { ProposeForm } from "./propose-form.js";
import { actionOf } from "./words.js";

const ApprovalsPage_Proposals = graphql(/* GraphQL */ `
  query ApprovalsPage_Proposals($filter: ProposalFilter, $after: String) {
    proposals(filter: $filter, first: 20, after: $after) {
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
          action
          proposerName
          expiresAt
          status
          ...ProposalState_Proposal
          subject {
            id
            title
          }
        }
      }
    }
  }
`);

type Shown = "open" | "mine" | "all";
const FILTERS = { open: { status: ["OPEN" as const] }, mine: { mine: true }, all: {} };

/** What waits for a second person: who asks for it, why, and what changed since it was approved last. */
export function ApprovalsPage({ id }: { readonly id?: string }) {
  const [shown, setShown] = useState<Shown>("open");
  const pages = usePages();
  const mayPropose = useMay("episode.publish");
  const [{ data, error, fetching }, again] = useQuery({
    query: ApprovalsPage_Proposals,
    variables: { filter: FILTERS[shown], after: pages.after },
  });
  const look = () => again({ requestPolicy: "network-only" });
  const edges = data?.proposals.edges ?? [];
  return (
    <GovernancePage
      title="Approvals"
      about="What can't be taken back is proposed by one person and approved by another. An approval holds for exactly the content that was looked at."
    >
      <div className="split">
        <div className="stack">
          <section className="panel" aria-labelledby="inbox-title" aria-busy={fetching}>
            <h2 id="inbox-title">Proposals</h2>
            <SegmentedControl
              fullWidth
              size="xs"
              aria-label="Which proposals"
              value={shown}
              onChange={(value) => {
                pages.reset();
                setShown(value as Shown);
              }}
              data={[
                { value: "open", label: "Open" },
                { value: "mine", label: "Mine" },
                { value: "all", label: "All" },
              ]}
            />
            {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
            {data === undefined && fetching && <Waiting what="Loading proposals" />}
            {data !== undefined && edges.length === 0 && (
              <p className="panel-empty">
                {shown === "open" ? "Nothing waits for approval." : "There is no proposal here yet."}
              </p>
            )}
            <ul className="rows">
              {edges.map(({ node }) => (
                <li key={node.id}>
                  <Link
                    href={`/approvals/${node.id}`}
                    className="row"
                    aria-current={node.id === id ? "true" : undefined}
                  >
                    <span className="row-text">
                      <span className="row-title">
                        {actionOf(node.action)}: {node.subject?.title ?? node.title}
                      </span>
                      <span className="row-detail">
                        {node.proposerName}
                        {node.status === "OPEN" && (
                          <>
                            {" "}
                            · until <Instant at={node.expiresAt} />
                          </>
                        )}
                      </span>
                    </span>
                    <ProposalState proposal={node} />
                  </Link>
                </li>
              ))}
            </ul>
            {data !== undefined &&
              (data.proposals.pageInfo.hasNextPage || pages.after !== null) &&
              pages.buttons(data.proposals)}
          </section>
          {mayPropose && <ProposeForm proposed={look} />}
        </div>
        {id === undefined ? (
          <section className="panel">
            <p className="panel-empty">Choose a proposal to see what it would do, and what changed.</p>
          </section>
        ) : (
          <ProposalDetail key={id} id={id} changed={look} />
        )}
      </div>
    </GovernancePage>
  );
}
