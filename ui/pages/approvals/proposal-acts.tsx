import { Button } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { whoMay } from "../../components/rights.js";
import { useActor, useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const ProposalActs_Proposal = graphql(/* GraphQL */ `
  fragment ProposalActs_Proposal on Proposal {
    id
    proposer
    status
    stale
    contentHash
  }
`);
const ProposalActs_Approve = graphql(/* GraphQL */ `
  mutation ProposalActs_Approve($input: ApproveInput!) {
    approve(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const ProposalActs_Reject = graphql(/* GraphQL */ `
  mutation ProposalActs_Reject($input: RejectInput!) {
    reject(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const ProposalActs_Withdraw = graphql(/* GraphQL */ `
  mutation ProposalActs_Withdraw($input: WithdrawInput!) {
    withdraw(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

interface Props {
  readonly proposal: FragmentType<typeof ProposalActs_Proposal>;
  changed(): void;
}
type Choice = "approve" | "reject" | "withdraw";

/** Approve and reject for approvers, withdraw for whoever proposed it; whoever may neither reads why. */
export function ProposalActs({ proposal, changed }: Props) {
  const { id, proposer, status, stale, contentHash } = readFragment(ProposalActs_Proposal, proposal);
  const approve = useAct(ProposalActs_Approve);
  const reject = useAct(ProposalActs_Reject);
  const withdraw = useAct(ProposalActs_Withdraw);
  const announce = useAnnounce();
  const [choice, setChoice] = useState<Choice | null>(null);
  const mayDecide = useMay("proposal.decide");
  const mine = useActor() === proposer;
  if (status !== "OPEN") return null;
  const act = { approve, reject, withdraw }[choice ?? "approve"];
  const WORDS = { approve: "Approve", reject: "Reject", withdraw: "Withdraw" };
  const why = mine
    ? "You proposed it, so somebody else decides."
    : mayDecide
      ? stale
        ? "It can't be approved before it is proposed anew."
        : null
      : `Your role doesn't decide on proposals; these do: ${whoMay("proposal.decide")}.`;
  if (choice !== null)
    return (
      <ActForm
        key={choice}
        name={`${WORDS[choice]} the proposal`}
        submit={`${WORDS[choice]} now`}
        busy={act.busy}
        problems={act.problems}
        {...(choice === "reject" && { tone: "bad" as const })}
        cancel={() => setChoice(null)}
        onSubmit={async (given) => {
          const about = { ...given, proposalId: id };
          const done =
            choice === "approve"
              ? await approve.act({ ...about, contentHash })
              : await (choice === "reject" ? reject : withdraw).act(about);
          // Also when it was refused: its content may have been edited meanwhile, and is to be looked at again.
          changed();
          if (done === null) return false;
          announce({ approve: "Approved", reject: "Rejected", withdraw: "Withdrawn" }[choice]);
          setChoice(null);
          return true;
        }}
      />
    );
  return (
    <div className="act-row">
      {mayDecide && !mine && (
        <>
          <Button size="sm" disabled={stale} onClick={() => setChoice("approve")}>
            Approve
          </Button>
          <Button size="sm" variant="default" onClick={() => setChoice("reject")}>
            Reject
          </Button>
        </>
      )}
      {mine && (
        <Button size="sm" variant="default" onClick={() => setChoice("withdraw")}>
          Withdraw
        </Button>
      )}
      {why !== null && <span className="count-line">{why}</span>}
    </div>
  );
}
