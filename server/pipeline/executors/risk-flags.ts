import type { Research, RISK_FLAGS } from "../../../graph-schema/documents/research.js";
import type { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import { checkClaim } from "../../trace/claim-check.js";
import { groupsOf } from "./independence.js";
import { grouped } from "./grouped.js";
import { sameness } from "./statements.js";

/* What stands against publishing what a research found, told with its remedy. Computed from the graph's own sources, whoever wrote the research. */

export type RiskFlag = Research["risk_flags"][number];
type Code = (typeof RISK_FLAGS)[number];

export interface FlaggedSource {
  readonly ref: string;
  readonly tier: number;
  readonly status: (typeof SOURCE_STATUSES)[number];
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

/** Further groups that a statement on Tier 3 alone needs. */
export const FURTHER_GROUPS = 2;

export function riskFlags(facts: readonly FlaggedFact[], sources: readonly FlaggedSource[]): RiskFlag[] {
  const byRef = new Map(sources.map((source) => [source.ref, source]));
  const used = sources.filter(({ ref }) => facts.some(({ sourceRef }) => sourceRef === ref));
  return [...sourceFlags(used), ...uncorroborated(facts, byRef, used), ...contradicted(facts)];
}

const FALLEN = {
  STALE: ["SOURCE_STALE", "is past its shelf life: read it again, or quote a newer source"],
  DEAD: ["SOURCE_DEAD", "can't be read any more: find where it moved to, or quote another source"],
  RETRACTED: ["SOURCE_RETRACTED", "was retracted: quote another source, or leave out what stands on it"],
} as const satisfies Record<string, readonly [Code, string]>;

function sourceFlags(sources: readonly FlaggedSource[]): RiskFlag[] {
  return sources.flatMap(({ ref, status }) => {
    if (status === "ACTIVE") return [];
    const [code, said] = FALLEN[status];
    return [{ code, refs: [ref], message: `The source ${ref} ${said}.` }];
  });
}

/** Statements that stand on Tier 3 alone: the same sentence in two further groups, or once in tier 1 or 2, would do. */
function uncorroborated(
  facts: readonly FlaggedFact[],
  byRef: ReadonlyMap<string, FlaggedSource>,
  used: readonly FlaggedSource[],
): RiskFlag[] {
  const names = groupsOf(used);
  const groupOf = new Map(used.map(({ ref }, i) => [ref, names[i]!]));
  return grouped(facts, ({ statement }) => sameness(statement)).flatMap((same) => {
    const tiers = same.map(({ sourceRef }) => byRef.get(sourceRef)?.tier ?? 3);
    const groups = new Set(same.map(({ sourceRef }) => groupOf.get(sourceRef) ?? sourceRef));
    if (Math.min(...tiers) < 3 || groups.size > FURTHER_GROUPS) return [];
    const needed = FURTHER_GROUPS + 1 - groups.size;
    const message = `It stands on Tier 3 alone, in ${groups.size} independent ${groups.size === 1 ? "group" : "groups"}: find it in ${needed} further, or once in a source of tier 1 or 2, or rate the source.`;
    return [{ code: "TIER3_UNCORROBORATED" as const, refs: same.map(({ ref }) => ref), message }];
  });
}

/** Facts of two sources that say otherwise of the same: nearly all words agree, and a number, a date or a "not" doesn't. */
function contradicted(facts: readonly FlaggedFact[]): RiskFlag[] {
  const flags: RiskFlag[] = [];
  facts.forEach((fact, i) => {
    for (const other of facts.slice(i + 1)) {
      if (other.sourceRef === fact.sourceRef) continue;
      const reason = contradictionOf(fact.statement, other.exact);
      if (reason === null) continue;
      const message = `${fact.ref} and ${other.ref} contradict each other (${reason}): decide which holds, or leave both out.`;
      flags.push({ code: "CLAIM_CONTRADICTED_UNDECIDED", refs: [fact.ref, other.ref], message });
    }
  });
  return flags;
}

const AGAINST = ["NUMBER_DIFFERS", "DATE_DIFFERS", "NEGATION", "OPPOSITE"] as const;

/** Why the two can't both hold; null where nothing says so. A prediction: it may flag, and decides nothing. */
export function contradictionOf(statement: string, exact: string): string | null {
  if (sameness(statement) === sameness(exact)) return null;
  const { verdict, reasons } = checkClaim({ claim: statement, evidence: exact, title: "" });
  const found = AGAINST.filter((reason) => reasons.includes(reason));
  return verdict === "REFUTES" && reasons.includes("WORDS_FOUND") && found.length > 0 ? found.join(", ") : null;
}
