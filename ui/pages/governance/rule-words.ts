import type { GovernanceRuleCode } from "../../gql/graphql.js";

/** The rules of governance, as they are called on the page. */
export const RULES: Readonly<Record<GovernanceRuleCode, string>> = {
  SOURCE_STALE: "Nothing stale or overdue",
  SOURCE_RETRACTED: "Nothing retracted",
  SOURCE_DEAD: "No dead links",
  TIER3_UNCORROBORATED: "Tier 3 is corroborated",
  CLAIM_UNQUOTED: "Every claim is quoted",
  CLAIM_CONTRADICTED_UNDECIDED: "Contradictions are decided",
  TRACE_MISMATCH: "Quotes bear the words",
};
