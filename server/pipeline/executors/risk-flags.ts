import type { Research } from "../../../graph-schema/documents/research.js";
import { groupsOf } from "../../reads/governance/independence.js";
import { findingsOf, tellFinding, type Finding, type Ground, type Stated } from "../../reads/governance/rules.js";
import { DEFAULT_SETTINGS, type GovernanceSettings } from "../../reads/governance/settings.js";
import { checkClaim } from "../../trace/claim-check.js";
import { sameness } from "../../trace/sameness.js";
import { grouped } from "./grouped.js";

/*
 * What stands against publishing what a research found, told with its remedy. Computed from the graph's own sources by the
 * rules of governance, whoever wrote the research.
 */

export type RiskFlag = Research["risk_flags"][number];

export interface FlaggedSource extends Pick<Ground, "tier" | "status"> {
  readonly ref: string;
  readonly independenceGroup: string;
  readonly sha256: string;
  readonly text: string;
}

export interface FlaggedFact {
  readonly ref: string;
  readonly statement: string;
  readonly exact: string;
  readonly sourceRef: string;
}

export const riskFlags = (...given: Parameters<typeof riskFindings>): RiskFlag[] =>
  riskFindings(...given).map((one) => ({ code: one.code, refs: [...one.ids], message: tellFinding(one) }));

/** The rules on what facts say; the same sentence of several sources is said once, on all of them. */
export function riskFindings(
  facts: readonly FlaggedFact[],
  sources: readonly FlaggedSource[],
  settings: GovernanceSettings = DEFAULT_SETTINGS,
): Finding[] {
  const used = sources.filter(({ ref }) => facts.some(({ sourceRef }) => sourceRef === ref));
  const names = groupsOf(used, settings.copyShare);
  const groupOf = new Map(used.map(({ ref }, i) => [ref, names[i]!]));
  const grounds = new Map(used.map(({ ref, tier, status }) => [ref, { id: ref, name: ref, tier, status }]));
  const against = contradictions(facts);
  const stated = grouped(facts, ({ statement }) => sameness(statement)).map((same): Stated => {
    const ids = same.map(({ ref }) => ref);
    return {
      ids,
      name: "it",
      supports: same.map(({ sourceRef }) => ({
        sourceId: sourceRef,
        group: groupOf.get(sourceRef) ?? sourceRef,
        // Facts are quotes of their own; what a scene makes of them is checked with the scene.
        mismatch: null,
      })),
      under: same.map(({ sourceRef }) => sourceRef),
      due: null,
      // A pair is told once, where its first fact is.
      against: against.filter((pair) => ids.includes(pair.ids[0])),
    };
  });
  return findingsOf(stated, grounds, settings);
}

/** Facts of two sources that say otherwise of the same: nearly all words agree, and a number, a date or a "not" doesn't. */
function contradictions(facts: readonly FlaggedFact[]): { ids: [string, string]; said: string }[] {
  return facts.flatMap((fact, i) =>
    facts.slice(i + 1).flatMap((other) => {
      if (other.sourceRef === fact.sourceRef) return [];
      const reason = contradictionOf(fact.statement, other.exact);
      if (reason === null) return [];
      const said = `${fact.ref} and ${other.ref} contradict each other (${reason})`;
      return [{ ids: [fact.ref, other.ref] as [string, string], said }];
    }),
  );
}

const AGAINST = ["NUMBER_DIFFERS", "DATE_DIFFERS", "NEGATION", "OPPOSITE"] as const;

/** Why the two can't both hold; null where nothing says so. A prediction: it may flag, and decides nothing. */
export function contradictionOf(statement: string, exact: string): string | null {
  if (sameness(statement) === sameness(exact)) return null;
  const { verdict, reasons } = checkClaim({ claim: statement, evidence: exact, title: "" });
  const found = AGAINST.filter((reason) => reasons.includes(reason));
  return verdict === "REFUTES" && reasons.includes("WORDS_FOUND") && found.length > 0 ? found.join(", ") : null;
}
