import { Badge } from "../../components/governance/badge.js";
import type { BadgeText } from "../../components/node-badges.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { ProposalStatus } from "../../gql/graphql.js";

const ProposalState_Proposal = graphql(/* GraphQL */ `
  fragment ProposalState_Proposal on Proposal {
    status
    stale
    needed
    approvals {
      verdict
      contentHash
    }
    contentHash
  }
`);

const ENDED: Record<Exclude<ProposalStatus, "OPEN">, BadgeText> = {
  DONE: { text: "Done", tone: "good" },
  REJECTED: { text: "Rejected", tone: "bad" },
  WITHDRAWN: { text: "Withdrawn", tone: "neutral" },
  EXPIRED: { text: "Expired", tone: "neutral" },
};

/** Where it stands: approvals given of those needed, or how it ended. */
export function ProposalState({ proposal }: { readonly proposal: FragmentType<typeof ProposalState_Proposal> }) {
  const { status, stale, needed, approvals, contentHash } = readFragment(ProposalState_Proposal, proposal);
  if (status !== "OPEN") return <Badge {...ENDED[status]} />;
  // An approval of other content counts no more.
  const given = approvals.filter((one) => one.verdict === "APPROVED" && one.contentHash === contentHash).length;
  return (
    <span className="badges">
      {stale && <Badge text="Edited since" tone="warn" />}
      <Badge text={`${given} of ${needed}`} tone="info" />
    </span>
  );
}
