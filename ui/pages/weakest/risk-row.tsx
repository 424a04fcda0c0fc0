import { Link } from "wouter";
import { Instant } from "../../components/instant.js";
import { LineageLink, lineagePath } from "../../components/lineage-link.js";
import { Badge, NodeBadges, type Tone } from "../../components/node-badges.js";
import { LabelIcon } from "../../components/node-label.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { RiskKind } from "../../gql/graphql.js";

export const RiskRow_Risk = graphql(/* GraphQL */ `
  fragment RiskRow_Risk on ClaimRisk {
    claim {
      id
      label
      title
      ...NodeBadges_Node
    }
    risks {
      kind
      detail
      since
      by
      why
      factIds
      sourceIds
    }
    supportingFacts
    contradictingFacts
    independentGroups
    soundGroups
    episodeCount
    episodes {
      id
      label
      title
    }
  }
`);

export const RISKS: Record<RiskKind, { readonly words: string; readonly tone: Tone }> = {
  RETRACTED: { words: "Retracted", tone: "bad" },
  STALE: { words: "Stale", tone: "warn" },
  SINGLE_SOURCE: { words: "Single source", tone: "warn" },
  CONTRADICTED: { words: "Contradicted", tone: "bad" },
  UNQUOTED: { words: "No quote", tone: "warn" },
};

/** The claim's evidence with what it was just before it became weak. */
const sinceHref = (id: string, since: string) =>
  `${lineagePath(id)}?direction=upstream&depth=4&since=${new Date(Date.parse(since) - 1).toISOString()}`;

interface Props {
  readonly risk: FragmentType<typeof RiskRow_Risk>;
  /** On the home page: the claim and its kinds of risk alone. */
  readonly brief?: boolean;
}

/** A weak claim: what makes it weak, since when, by whom and why, and where it is live. */
export function RiskRow({ risk: masked, brief = false }: Props) {
  const risk = readFragment(RiskRow_Risk, masked);
  const { claim, risks, episodes, episodeCount } = risk;
  const kinds = (
    <span className="result-badges">
      {risks.map(({ kind }) => (
        <Badge key={kind} text={RISKS[kind].words} tone={RISKS[kind].tone} />
      ))}
    </span>
  );
  if (brief) {
    return (
      <li>
        <LineageLink node={claim} className="row">
          <LabelIcon label={claim.label} size={24} />
          <span className="row-text">
            <span className="row-title">{claim.title}</span>
            <span className="row-detail">{risks[0]?.detail}</span>
          </span>
          {kinds}
        </LineageLink>
      </li>
    );
  }
  return (
    <li className="risk">
      <div className="risk-head">
        <LabelIcon label={claim.label} size={28} />
        <LineageLink node={claim} className="risk-title">
          {claim.title}
        </LineageLink>
        <span className="result-badges">
          <NodeBadges node={claim} />
        </span>
      </div>
      <ul className="risk-list">
        {risks.map(({ kind, detail, since, by, why }) => (
          <li key={kind}>
            <Badge text={RISKS[kind].words} tone={RISKS[kind].tone} />
            <span>
              {detail}
              <span className="provenance">
                since <Instant at={since} /> · {by}
                {why === "" ? null : <> · “{why}”</>} ·{" "}
                <Link className="link" href={sinceHref(claim.id, since)}>
                  what changed then
                </Link>
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="card-note">
        {risk.supportingFacts.toLocaleString("en")} {risk.supportingFacts === 1 ? "fact" : "facts"} for it, from{" "}
        {risk.independentGroups} independent {risk.independentGroups === 1 ? "group" : "groups"} of sources,{" "}
        {risk.soundGroups} of them sound · {risk.contradictingFacts.toLocaleString("en")} against it · live in{" "}
        {episodes.map((episode, index) => (
          <span key={episode.id}>
            {index > 0 && ", "}
            <LineageLink node={episode}>{episode.title}</LineageLink>
          </span>
        ))}
        {episodeCount > episodes.length && ` and ${(episodeCount - episodes.length).toLocaleString("en")} more`}
      </p>
    </li>
  );
}
