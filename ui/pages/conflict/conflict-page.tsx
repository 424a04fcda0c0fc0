import "../lineage/lineage.css";
import { Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { useAnnounce } from "../../components/live-region.js";
import { Badge, NodeBadges } from "../../components/node-badges.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { whoMay } from "../../components/rights.js";
import { useTitle } from "../../components/use-title.js";
import { useMay } from "../../components/viewer.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { independentSources } from "../lineage/cards/independence.js";

const ConflictPage_Side = graphql(/* GraphQL */ `
  fragment ConflictPage_Side on Claim {
    id
    label
    title
    validFrom
    version
    ...NodeBadges_Node
    evidence {
      stance
      fact {
        id
        label
        title
        quote {
          exact
        }
        snapshot {
          id
          source {
            id
            label
            title
            independenceGroup
            ...NodeBadges_Node
          }
        }
      }
    }
  }
`);

const ConflictPage_Conflict = graphql(/* GraphQL */ `
  query ConflictPage_Conflict($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Claim {
        ...ConflictPage_Side
        conflicts {
          by
          why
          validFrom
          picked
          claim {
            id
            ...ConflictPage_Side
          }
          decision {
            id
            label
            title
            rationale
            outcome
            decidedAt
            replaces {
              id
            }
          }
        }
      }
    }
  }
`);

const ConflictPage_Decide = graphql(/* GraphQL */ `
  mutation ConflictPage_Decide($input: DecideConflictInput!) {
    decideConflict(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

interface SideProps {
  readonly claim: FragmentType<typeof ConflictPage_Side>;
  /** Whether a decision holds to it, to the other, or there is none. */
  readonly standing: "held" | "not-held" | "open";
}

/** One of the two claims, with the quotes for it and against it. */
function Side({ claim: masked, standing }: SideProps) {
  const claim = readFragment(ConflictPage_Side, masked);
  const support = claim.evidence.filter(({ stance }) => stance === "SUPPORTS");
  const contrary = claim.evidence.filter(({ stance }) => stance === "CONTRADICTS");
  return (
    <section className="panel side" data-standing={standing} aria-label={claim.title}>
      <p className="card-kind">
        Claim <NodeBadges node={claim} />
        {standing === "held" && <Badge text="The studio holds to it" tone="good" />}
        {standing === "not-held" && <Badge text="Not held to" tone="neutral" />}
      </p>
      <h2 className="side-title">
        <LineageLink node={claim}>{claim.title}</LineageLink>
      </h2>
      <p className="card-note">
        {support.length} {support.length === 1 ? "fact" : "facts"} for it from {independentSources(support)} independent{" "}
        {independentSources(support) === 1 ? "source" : "sources"}, {contrary.length} against it
      </p>
      {[...support, ...contrary].map(({ fact, stance }) => (
        <figure key={fact.id} className="side-quote" data-stance={stance}>
          <blockquote className={stance === "SUPPORTS" ? "quote" : "quote quote-against"}>
            <mark>{fact.quote.exact}</mark>
          </blockquote>
          <figcaption className="provenance">
            {stance === "SUPPORTS" ? "for it" : "against it"} · <LineageLink node={fact}>the fact</LineageLink>
            {fact.snapshot?.source != null && (
              <>
                {" "}
                · <LineageLink node={fact.snapshot.source}>{fact.snapshot.source.title}</LineageLink>{" "}
                <span className="side-badges">
                  <NodeBadges node={fact.snapshot.source} />
                </span>
              </>
            )}
          </figcaption>
        </figure>
      ))}
      {claim.evidence.length === 0 && <p className="card-note">No fact bears on it.</p>}
    </section>
  );
}

/** Which of the two the studio holds to, on what grounds; both stay. */
function Decide({
  sides,
  onDone,
}: {
  readonly sides: readonly { readonly id: string; readonly title: string }[];
  readonly onDone: () => void;
}) {
  const { act, busy, problems } = useAct(ConflictPage_Decide);
  const announce = useAnnounce();
  const may = useMay("decision.write");
  const [claimId, setClaimId] = useState<string | null>(null);
  const [rationale, setRationale] = useState("");
  const against = sides.find(({ id }) => id !== claimId)?.id;
  if (!may) return <p className="card-note">Your role decides no conflicts. Those may: {whoMay("decision.write")}.</p>;
  return (
    <ActForm
      name="Decide the conflict"
      submit="Hold to it"
      busy={busy}
      problems={problems}
      missing={claimId === null ? "Choose a claim." : rationale.trim() === "" ? "Say why this one." : null}
      onSubmit={async (given) => {
        if (claimId === null || against === undefined) return false;
        const done = await act({ ...given, claimId, againstId: against, rationale: rationale.trim() });
        if (done === null) return false;
        announce("Decided");
        setRationale("");
        setClaimId(null);
        onDone();
        return true;
      }}
    >
      <Select
        label="The claim that the studio holds to"
        required
        data={sides.map(({ id, title }) => ({ value: id, label: title }))}
        value={claimId}
        onChange={setClaimId}
      />
      <Textarea
        label="Why this one"
        description="Stands on the decision, for those who read it later"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={rationale}
        onChange={(event) => setRationale(event.currentTarget.value)}
      />
    </ActForm>
  );
}

/** Two claims that can't both be right, side by side, with the decision that picked one. */
export function ConflictPage({ a, b }: { readonly a: string; readonly b: string }) {
  useTitle("Two claims in conflict");
  const [{ data, error }, again] = useQuery({ query: ConflictPage_Conflict, variables: { id: a } });
  const retry = () => again({ requestPolicy: "network-only" });
  const claim = data?.node?.__typename === "Claim" ? data.node : null;
  const conflict = claim?.conflicts.find((one) => one.claim.id === b);
  const standing = (id: string) => (conflict?.picked == null ? "open" : conflict.picked === id ? "held" : "not-held");
  return (
    <div className="page page-wide">
      <h1 className="page-title">Two claims in conflict</h1>
      {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={retry} />}
      {data === undefined && error === undefined && <Waiting what="Loading the two claims" />}
      {data !== undefined && claim === null && <ProblemPanel problem={{ kind: "not-found", message: "" }} />}
      {claim !== null && conflict === undefined && (
        <div className="empty">
          <h2>No conflict of these two is recorded</h2>
          <p>It may have been ended. “Change” on a claim’s card records one.</p>
        </div>
      )}
      {claim !== null && conflict !== undefined && (
        <>
          <p className="page-about">
            {conflict.by} recorded on <Instant at={conflict.validFrom} /> that both can’t be right: “{conflict.why}”
          </p>
          <div className="sides">
            <Side claim={claim} standing={standing(a)} />
            <Side claim={conflict.claim} standing={standing(b)} />
          </div>
          <section className="panel" aria-labelledby="decision-title">
            <h2 id="decision-title" className="side-title">
              {conflict.decision == null ? "Nobody has decided yet" : "The decision in force"}
            </h2>
            {conflict.decision != null && (
              <>
                <p>
                  <LineageLink node={conflict.decision}>{conflict.decision.title}</LineageLink>,{" "}
                  <Instant at={conflict.decision.decidedAt} />
                  {conflict.decision.replaces.length > 0 &&
                    `; it replaced ${conflict.decision.replaces.length === 1 ? "an earlier one" : "earlier ones"}`}
                </p>
                <blockquote className="quote quote-plain">{conflict.decision.rationale}</blockquote>
                <p className="card-note">A new decision replaces it; the old one stays on record.</p>
              </>
            )}
            <Decide
              sides={[claim, conflict.claim].map((one) => {
                const { id, title } = readFragment(ConflictPage_Side, one);
                return { id, title };
              })}
              onDone={retry}
            />
          </section>
        </>
      )}
    </div>
  );
}
