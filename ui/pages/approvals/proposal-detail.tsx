import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { ContentDifference } from "./content-difference.js";
import { ProposalActs } from "./proposal-acts.js";
import { ProposalState } from "./proposal-state.js";
import { actionOf } from "./words.js";

const ProposalDetail_Proposal = graphql(/* GraphQL */ `
  query ProposalDetail_Proposal($id: ID!) {
    node(id: $id) {
      __typename
      ... on Proposal {
        id
        action
        arguments
        title
        reason
        proposerName
        onBehalfOf
        proposedAt
        expiresAt
        needed
        obstacles
        stale
        status
        subject {
          id
          label
          title
        }
        approvals {
          id
          verdict
          approverName
          reason
          givenAt
        }
        sinceApproval: difference(since: LAST_APPROVAL) {
          ...ContentDifference_Difference
        }
        sinceProposed: difference(since: PROPOSED) {
          ...ContentDifference_Difference
        }
        ...ProposalState_Proposal
        ...ProposalActs_Proposal
      }
    }
  }
`);

interface Props {
  readonly id: string;
  changed(): void;
}

export function ProposalDetail({ id, changed }: Props) {
  const [{ data, error, fetching }, again] = useQuery({ query: ProposalDetail_Proposal, variables: { id } });
  const look = () => again({ requestPolicy: "network-only" });
  if (error !== undefined) return <ProblemPanel problem={problemOf(error)} retry={look} />;
  const node = data?.node;
  if (node === undefined && fetching) return <Waiting what="Loading the proposal" />;
  if (node?.__typename !== "Proposal")
    return <ProblemPanel problem={{ kind: "not-found", message: "There is no such proposal." }} />;
  return (
    <section className="panel" aria-labelledby="proposal-title" aria-busy={fetching}>
      <header className="panel-header">
        <h2 id="proposal-title">
          {actionOf(node.action)} {node.subject == null ? node.title : `“${node.subject.title}”`}
        </h2>
        <ProposalState proposal={node} />
      </header>
      <dl className="facts">
        <dt>Why</dt>
        <dd>{node.reason}</dd>
        <dt>Proposed by</dt>
        <dd>
          {node.proposerName}
          {node.onBehalfOf != null && ` for ${node.onBehalfOf}`}, <Instant at={node.proposedAt} />
        </dd>
        <dt>Good until</dt>
        <dd>
          <Instant at={node.expiresAt} />
        </dd>
        <dt>Approvers needed</dt>
        <dd>{node.needed === 0 ? "none" : `${node.needed} beside the proposer`}</dd>
        {node.arguments !== "{}" && (
          <>
            <dt>With</dt>
            <dd>
              <code>{node.arguments}</code>
            </dd>
          </>
        )}
        {node.subject != null && (
          <>
            <dt>What it stands on</dt>
            <dd>
              <LineageLink node={node.subject} className="link">
                Its lineage
              </LineageLink>
            </dd>
          </>
        )}
      </dl>
      {node.obstacles.length > 0 && (
        <div className="notice" data-tone="warn">
          <strong>Nobody's approval can carry it out yet.</strong> {node.obstacles.join(" ")}
        </div>
      )}
      {node.stale && (
        <>
          <div className="notice" data-tone="warn">
            <strong>Its content was edited since it was proposed.</strong> Look at the difference; it has to be proposed
            anew before it can be approved.
          </div>
          <ContentDifference
            title="Edited since it was proposed"
            difference={node.sinceProposed ?? null}
            none="Nothing to compare with."
          />
        </>
      )}
      <ContentDifference
        title="Difference since the last approval"
        difference={node.sinceApproval ?? null}
        none="It was never approved before: all of it is new. Look at what it stands on."
      />
      {node.approvals.length > 0 && (
        <>
          <h3>What approvers said</h3>
          <ul className="rows">
            {node.approvals.map((one) => (
              <li key={one.id} className="row">
                <span className="row-text">
                  <span>{one.reason}</span>
                  <span className="row-detail">
                    {one.approverName}, <Instant at={one.givenAt} />
                  </span>
                </span>
                <Badge
                  text={one.verdict === "APPROVED" ? "Approved" : "Rejected"}
                  tone={one.verdict === "APPROVED" ? "good" : "bad"}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      <ProposalActs
        proposal={node}
        changed={() => {
          look();
          changed();
        }}
      />
    </section>
  );
}
