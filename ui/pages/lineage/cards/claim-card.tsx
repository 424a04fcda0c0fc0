import { Link } from "wouter";
import { Instant } from "../../../components/instant.js";
import { graphql } from "../../../gql/gql.js";
import type { ClaimCard_ClaimQuery, ClaimKind, ClaimStatus, Stance } from "../../../gql/graphql.js";
import { Listed, NodeRef, Section, Terms } from "./parts.js";
import { useCard } from "./use-card.js";
import { independentSources } from "./independence.js";

const ClaimCard_Claim = graphql(/* GraphQL */ `
  query ClaimCard_Claim($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Claim {
        kind
        status
        recheckBy
        recheckReason
        recheckSince
        conflicts {
          why
          by
          validFrom
          picked
          claim {
            id
            ...NodeRef_Node
          }
        }
        evidence {
          stance
          basis
          validFrom
          by
          why
          fact {
            id
            ...NodeRef_Node
            quote {
              exact
            }
            snapshot {
              id
              source {
                id
                title
                independenceGroup
                ...NodeRef_Node
              }
            }
          }
        }
        scenes {
          id
          ...NodeRef_Node
          episode {
            id
            title
          }
        }
      }
    }
  }
`);

type Claim = Extract<NonNullable<ClaimCard_ClaimQuery["node"]>, { readonly __typename: "Claim" }>;
type Evidence = Claim["evidence"][number];

const STATUS: Record<ClaimStatus, string> = {
  STATED: "stated",
  NEEDS_RECHECK: "needs a recheck; not thereby wrong",
  WRONG: "wrong",
};
const KIND: Record<ClaimKind, string> = {
  PRICE: "price",
  COUNT: "count",
  OFFICE_HOLDER: "office holder",
  PRODUCT: "product",
  LAW: "law",
  SCIENCE: "science",
  HISTORY: "history",
  OTHER: "other",
};
const STANCES: readonly (readonly [Stance, string, string])[] = [
  ["SUPPORTS", "Supported by", "Nothing supports it."],
  ["CONTRADICTS", "Contradicted by", "Nothing on record speaks against it."],
  ["CONSIDERED", "Considered, decides nothing", ""],
];

const BASES: Readonly<Record<Evidence["basis"], string>> = {
  PERSON: "judged by a person",
  FILE: "asserted by an imported file, judged by nobody here",
  QUOTE: "its words stand in this newer snapshot too",
  VERBATIM: "it says this quote word for word",
  AGENT: "suggested by an agent, judged by nobody here",
};

function EvidenceItem({ evidence: { fact, basis, by, why, validFrom } }: { readonly evidence: Evidence }) {
  const source = fact.snapshot?.source;
  return (
    <li className="evidence">
      <NodeRef node={fact} />
      {source != null && <NodeRef node={source} />}
      <p className="provenance">
        <span className="basis">{BASES[basis]}</span>
        {" · "}
        {by} · <Instant at={validFrom} precision="day" />
        {why == null || why === "" ? null : <> · “{why}”</>}
      </p>
    </li>
  );
}

/** A claim with what speaks for it, against it, and neither. */
export function ClaimCard({ id }: { readonly id: string }) {
  const { node: claim, instead } = useCard(ClaimCard_Claim, id);
  if (claim?.__typename !== "Claim") return instead;
  const by = (stance: Stance) => claim.evidence.filter((evidence) => evidence.stance === stance);
  const support = by("SUPPORTS");
  const independent = independentSources(support);
  return (
    <>
      {claim.status === "NEEDS_RECHECK" && claim.recheckReason != null && (
        <div className="notice" data-tone="warn">
          <strong>Needs a check</strong>
          {claim.recheckSince != null && (
            <>
              {" "}
              since <Instant at={claim.recheckSince} />
            </>
          )}
          {claim.recheckReason.split("\n").map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      {claim.conflicts.length > 0 && (
        <Section title="In conflict with" count={claim.conflicts.length}>
          <Listed items={claim.conflicts} empty="">
            {(conflict) => (
              <li key={conflict.claim.id} className="evidence">
                <NodeRef node={conflict.claim} />
                <p className="provenance">
                  {conflict.by} · <Instant at={conflict.validFrom} precision="day" /> · “{conflict.why}” ·{" "}
                  {conflict.picked == null
                    ? "nobody has decided"
                    : conflict.picked === id
                      ? "the studio holds to this one"
                      : "the studio holds to the other"}{" "}
                  ·{" "}
                  <Link className="link" href={`/conflict/${id}/${conflict.claim.id}`}>
                    side by side
                  </Link>
                </p>
              </li>
            )}
          </Listed>
        </Section>
      )}
      {STANCES.map(([stance, title, empty]) => {
        const items = by(stance);
        if (items.length === 0 && empty === "") return null;
        return (
          <div key={stance} data-stance={stance}>
            <Section title={title} count={items.length}>
              {stance === "SUPPORTS" && items.length > 0 && (
                <p className="card-note">
                  {items.length} {items.length === 1 ? "fact" : "facts"} from {independent} independent{" "}
                  {independent === 1 ? "source" : "sources"}; sources of one owner or one wire copy count once.
                </p>
              )}
              <Listed items={items} empty={empty}>
                {(evidence) => <EvidenceItem key={evidence.fact.id} evidence={evidence} />}
              </Listed>
            </Section>
          </div>
        );
      })}
      <Section title="Said in" count={claim.scenes.length}>
        <Listed items={claim.scenes} empty="No scene states it.">
          {(scene) => (
            <li key={scene.id}>
              <NodeRef node={scene} detail={scene.episode?.title} />
            </li>
          )}
        </Listed>
      </Section>
      <Terms
        rows={[
          ["Status", STATUS[claim.status]],
          ["Kind", KIND[claim.kind]],
          ["Recheck by", claim.recheckBy == null ? "no shelf life" : <Instant at={claim.recheckBy} precision="day" />],
        ]}
      />
    </>
  );
}
