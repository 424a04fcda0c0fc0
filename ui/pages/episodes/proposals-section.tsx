import { Button } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { whoMay } from "../../components/rights.js";
import { useMay } from "../../components/viewer.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { EpisodeStatus, ProposalAction, ProposalStatus } from "../../gql/graphql.js";
import { ProposalState } from "../approvals/proposal-state.js";
import { actionOf } from "../approvals/words.js";

const ProposalsSection_Proposals = graphql(/* GraphQL */ `
  query ProposalsSection_Proposals($id: ID!, $asOf: DateTime) {
    open: proposals(filter: { subjectId: $id, status: [OPEN] }, first: 5, asOf: $asOf) {
      edges {
        node {
          id
          action
          reason
          proposerName
          proposedAt
          expiresAt
          needed
          obstacles
          approvals {
            id
            verdict
            approverName
            reason
            givenAt
          }
          ...ProposalState_Proposal
        }
      }
    }
    ended: proposals(
      filter: { subjectId: $id, status: [DONE, REJECTED, WITHDRAWN, EXPIRED] }
      first: 100
      asOf: $asOf
    ) {
      totalCount
      edges {
        node {
          id
          action
          status
          reason
          proposerName
          proposedAt
          approvals {
            id
            verdict
            approverName
            givenAt
          }
        }
      }
    }
  }
`);
const ProposalsSection_Propose = graphql(/* GraphQL */ `
  mutation ProposalsSection_Propose($input: ProposeInput!) {
    propose(input: $input) {
      proposal {
        id
      }
      problems {
        message
        path
      }
    }
  }
`);

const ENDS: Record<Exclude<ProposalStatus, "OPEN">, string> = {
  DONE: "Done",
  REJECTED: "Rejected",
  WITHDRAWN: "Withdrawn",
  EXPIRED: "Expired",
};
/** What is proposed next, by where the episode stands. */
const NEXT: Record<EpisodeStatus, ProposalAction | null> = {
  DRAFT: "publishEpisode",
  IN_REVIEW: "publishEpisode",
  PUBLISHED: "correctEpisode",
  CORRECTED: "correctEpisode",
  RETRACTED: null,
};

interface Props {
  readonly id: string;
  readonly status: EpisodeStatus;
  readonly asOf: string | null;
  changed(): void;
}

/** What is proposed of the episode, what keeps it from being carried out, who approved, and what was before. */
export function ProposalsSection({ id, status, asOf, changed }: Props) {
  const [{ data, error, fetching }, again] = useQuery({ query: ProposalsSection_Proposals, variables: { id, asOf } });
  const look = () => again({ requestPolicy: "network-only" });
  const open = data?.open.edges.map(({ node }) => node) ?? [];
  const ended = data?.ended.edges.map(({ node }) => node).toReversed() ?? [];
  return (
    <section className="panel" aria-labelledby="episode-proposals" aria-busy={fetching}>
      <h2 id="episode-proposals">Proposals and approvals</h2>
      {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
      {data === undefined && fetching && <Waiting what="Loading its proposals" />}
      {data !== undefined && open.length === 0 && <p className="panel-empty">Nothing is proposed of it just now.</p>}
      {open.map((one) => (
        <div key={one.id} className="open-proposal">
          <p>
            <Link href={`/approvals/${one.id}`} className="link">
              {actionOf(one.action)}
            </Link>{" "}
            <ProposalState proposal={one} />
          </p>
          <p className="count-line">
            “{one.reason}” {one.proposerName}, <Instant at={one.proposedAt} /> · good until{" "}
            <Instant at={one.expiresAt} />
          </p>
          {one.obstacles.length > 0 && (
            <div className="notice" data-tone="warn">
              <strong>Nobody’s approval can carry it out yet.</strong>
              <ul className="obstacles">
                {one.obstacles.map((obstacle) => (
                  <li key={obstacle}>{obstacle}</li>
                ))}
              </ul>
            </div>
          )}
          {one.approvals.map((word) => (
            <p key={word.id} className="count-line">
              {word.verdict === "APPROVED" ? "Approved" : "Rejected"} by {word.approverName},{" "}
              <Instant at={word.givenAt} />: “{word.reason}”
            </p>
          ))}
        </div>
      ))}
      {asOf === null && data !== undefined && (
        <Propose
          id={id}
          action={NEXT[status]}
          again={open.length > 0}
          proposed={() => {
            look();
            changed();
          }}
        />
      )}
      {ended.length > 0 && (
        <>
          <h3>Before</h3>
          <ul className="rows">
            {ended.map((one) => (
              <li key={one.id} className="row">
                <span className="row-text">
                  <Link href={`/approvals/${one.id}`} className="link">
                    {actionOf(one.action)}
                  </Link>
                  <span className="row-detail">
                    {one.proposerName}, <Instant at={one.proposedAt} />: “{one.reason}”
                    {one.approvals.map(({ id: word, verdict, approverName, givenAt }) => (
                      <span key={word}>
                        {" "}
                        · {verdict === "APPROVED" ? "approved" : "rejected"} by {approverName}, <Instant at={givenAt} />
                      </span>
                    ))}
                  </span>
                </span>
                {one.status !== "OPEN" && (
                  <Badge text={ENDS[one.status]} tone={one.status === "DONE" ? "good" : "neutral"} />
                )}
              </li>
            ))}
          </ul>
          {(data?.ended.totalCount ?? 0) > ended.length && (
            <p className="count-line">
              The first {ended.length} of {data!.ended.totalCount.toLocaleString("en")} are listed.
            </p>
          )}
        </>
      )}
    </section>
  );
}

interface ProposeProps {
  readonly id: string;
  readonly action: ProposalAction | null;
  readonly again: boolean;
  proposed(): void;
}

function Propose({ id, action, again, proposed }: ProposeProps) {
  const propose = useAct(ProposalsSection_Propose);
  const announce = useAnnounce();
  const may = useMay("episode.publish");
  const [opened, setOpened] = useState(false);
  if (action === null) return null;
  const words = action === "publishEpisode" ? "Propose to publish" : "Propose a correction";
  if (!may)
    return (
      <p className="count-line">To propose it is for these roles: {whoMay("episode.publish")}. Others approve it.</p>
    );
  if (!opened)
    return (
      <div className="act-row">
        <Button size="sm" variant="default" onClick={() => setOpened(true)}>
          {again ? `${words} anew` : words}
        </Button>
      </div>
    );
  return (
    <ActForm
      name={words}
      submit="Propose"
      busy={propose.busy}
      problems={propose.problems}
      cancel={() => setOpened(false)}
      onSubmit={async (given) => {
        if ((await propose.act({ ...given, action, subjectId: id })) === null) return false;
        announce("Proposed");
        setOpened(false);
        proposed();
        return true;
      }}
    />
  );
}
