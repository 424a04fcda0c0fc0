import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { NodeBadges } from "../../components/node-badges.js";
import type { EvidenceBasis, Stance } from "../../gql/graphql.js";
import { RISKS } from "../weakest/risk-row.js";
import { claimState } from "./claim-state.js";
import type { JudgedClaim } from "./use-claims.js";

/** Who says that a quote bears on a claim. */
const BASES: Record<EvidenceBasis, (by: string) => string> = {
  PERSON: (by) => `linked by ${by}`,
  FILE: () => "suggested by a file",
  QUOTE: () => "carried over to a newer snapshot",
  VERBATIM: () => "the words themselves, suggested",
  AGENT: () => "suggested by an agent",
};
const STANCES: Record<Stance, string | null> = { SUPPORTS: null, CONTRADICTS: "Against it", CONSIDERED: null };

interface Props {
  readonly judged: JudgedClaim;
  readonly asOf: string;
}

/** One claim of a scene: how its evidence stands, what makes it weak, and the quotes under it. */
export function ClaimItem({ judged, asOf }: Props) {
  const { claim, risks, supportingFacts } = judged;
  const state = claimState({ ...claim, risks, supportingFacts }, asOf);
  const quotes = claim.evidence.filter(({ stance }) => stance !== "CONSIDERED");
  const considered = claim.evidence.length - quotes.length;
  return (
    <li className="said">
      <div className="said-head">
        <LineageLink node={claim} className="said-title">
          {claim.title}
        </LineageLink>
        <span className="result-badges">
          {state.map((badge) => (
            <Badge key={badge.text} {...badge} />
          ))}
        </span>
      </div>
      {risks.length > 0 && (
        <ul className="said-risks">
          {risks.map(({ kind, detail, since, by }) => (
            <li key={kind}>
              {RISKS[kind].words}: {detail}{" "}
              <span className="count-line">
                since <Instant at={since} />, {by}
              </span>
            </li>
          ))}
        </ul>
      )}
      {claim.recheckReason != null && <p className="count-line">{claim.recheckReason}</p>}
      {quotes.length > 0 && (
        <ul className="said-quotes" aria-label={`Quotes for “${claim.title}”`}>
          {quotes.map(({ stance, basis, by, fact }) => (
            <li key={`${stance} ${fact.id}`} data-stance={stance}>
              <blockquote>{fact.quote.exact}</blockquote>
              <p className="count-line">
                {STANCES[stance] !== null && <strong>{STANCES[stance]} · </strong>}
                {fact.snapshot?.source == null ? (
                  "no source is known"
                ) : (
                  <>
                    <LineageLink node={fact.snapshot.source}>{fact.snapshot.source.title}</LineageLink>{" "}
                    <NodeBadges node={fact.snapshot.source} />
                  </>
                )}{" "}
                · {BASES[basis](by)}
              </p>
            </li>
          ))}
        </ul>
      )}
      {considered > 0 && (
        <p className="count-line">
          {considered} more {considered === 1 ? "fact was" : "facts were"} considered, and decide nothing.
        </p>
      )}
    </li>
  );
}
