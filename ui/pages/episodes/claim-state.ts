import type { BadgeText } from "../../components/node-badges.js";
import type { ClaimStatus, RiskKind } from "../../gql/graphql.js";
import { RISKS } from "../weakest/risk-row.js";

interface Judged {
  readonly status: ClaimStatus;
  readonly recheckBy?: string | null;
  readonly risks: readonly { readonly kind: RiskKind }[];
  readonly supportingFacts: number;
}

/** How the evidence of a claim stands at the instant, in the words of the pages of weak claims and of lineage. */
export function claimState({ status, recheckBy, risks, supportingFacts }: Judged, asOf: string): BadgeText[] {
  const badges: BadgeText[] = [];
  if (status === "WRONG") badges.push({ text: "Wrong", tone: "bad" });
  const past = recheckBy != null && Date.parse(recheckBy) <= Date.parse(asOf);
  if (past) badges.push({ text: "Past its shelf life", tone: "warn" });
  else if (status === "NEEDS_RECHECK") badges.push({ text: "Needs recheck", tone: "warn" });
  for (const { kind } of risks) {
    // What is said by the claim's own state isn't said twice.
    if (kind === "RETRACTED" && status === "WRONG") continue;
    if (kind === "STALE" && badges.length > 0) continue;
    badges.push({ text: RISKS[kind].words, tone: RISKS[kind].tone });
  }
  return badges.length > 0
    ? badges
    : [supportingFacts > 0 ? { text: "Supported", tone: "good" } : { text: "Not supported", tone: "warn" }];
}
