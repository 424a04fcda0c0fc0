import { RISK_FLAGS } from "../../../graph-schema/documents/research.js";
import type { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { GovernanceSettings } from "./settings.js";

/*
 * The rules of source governance, said once: the risk flags of a research, the check of an episode, the question
 * `governance` and the gate before publishing are all computed here, from plain values.
 */

export const RULE_CODES = RISK_FLAGS;
export type RuleCode = (typeof RULE_CODES)[number];

/** What each rule checks, and what mends whatever it finds. */
export const GOVERNANCE_RULES = {
  SOURCE_STALE: {
    checks: "No source is stale, and no claim is past its shelf life or needs a recheck for another reason.",
    remedy: "read the source again or quote a newer one; check the claim, and say that it holds or revise it",
  },
  SOURCE_RETRACTED: {
    checks: "No source was retracted.",
    remedy: "quote another source, or leave out what stands on it",
  },
  SOURCE_DEAD: {
    checks: "Every source can still be read where it was.",
    remedy: "find where it moved to, or quote another source",
  },
  TIER3_UNCORROBORATED: {
    checks: "What stands on Tier 3 alone is said by enough independent groups, or once in a source of tier 1 or 2.",
    remedy: "find it in further independent sources, or once in a source of tier 1 or 2, or rate the source",
  },
  CLAIM_UNQUOTED: {
    checks: "Every claim has a fact that supports it, quoted from a snapshot of a source.",
    remedy: "quote it from a snapshot that the studio holds, or leave the claim out",
  },
  CLAIM_CONTRADICTED_UNDECIDED: {
    checks: "Where something contradicts a claim, a decision holds to the claim.",
    remedy: "decide which holds, or leave both out",
  },
  TRACE_MISMATCH: {
    checks: "A quote bears the claim's words, numbers, dates and names, or a person linked it to the claim.",
    remedy: "find a better quote, narrow the claim to what the quote says, leave it out, or link the quote yourself",
  },
} as const satisfies Record<RuleCode, { readonly checks: string; readonly remedy: string }>;

/** A source that something which is said stands on. */
export interface Ground {
  readonly id: string;
  /** As it is told: its title, or how a document calls it. */
  readonly name: string;
  readonly tier: number;
  readonly status: (typeof SOURCE_STATUSES)[number];
}

/** A quote that supports what is said. */
export interface Support {
  readonly sourceId: string;
  /** The independence group of its source; copies of one text have one group. */
  readonly group: string;
  /** Why the quote doesn't bear the words; null where a person answers for it. */
  readonly mismatch: readonly string[] | null;
}

/** Something that is said, with all that it stands on. */
export interface Stated {
  /** How it is named in what is found: a claim's id, or a document's names of its facts. */
  readonly ids: readonly string[];
  /** As it is told within a sentence, such as `the claim “…”`. */
  readonly name: string;
  readonly supports: readonly Support[];
  /** Sources under it, also by facts that its own were computed from. */
  readonly under: readonly string[];
  /** Why it wants checking, in words; null where it doesn't. */
  readonly due: string | null;
  /** What speaks against it without a decision that holds to it. */
  readonly against: readonly { readonly ids: readonly string[]; readonly said: string }[];
}

/** What a rule found: one of its inputs that doesn't pass. */
export interface Finding {
  readonly code: RuleCode;
  /** What it is about; sources for the rules on sources, else what is said. */
  readonly ids: readonly string[];
  /** What is said on it: the claims that would fall with a source. */
  readonly on: readonly string[];
  /** What is wrong, a sentence without its full stop. */
  readonly said: string;
  /** What mends it, without a full stop. */
  readonly remedy: string;
}

/** Everything that stands against publishing what is said, in the order of the rules. */
export function findingsOf(
  stated: readonly Stated[],
  grounds: ReadonlyMap<string, Ground>,
  settings: Pick<GovernanceSettings, "furtherGroups">,
): Finding[] {
  const found = [
    ...fallen(stated, grounds),
    ...stated.flatMap((one) => [
      ...due(one),
      ...uncorroborated(one, grounds, settings.furtherGroups),
      ...unquoted(one),
      ...contradicted(one),
      ...mismatched(one),
    ]),
  ];
  return RULE_CODES.flatMap((code) => found.filter((one) => one.code === code));
}

/** A finding as one sentence or two. */
export const tellFinding = ({ said, remedy }: Pick<Finding, "said" | "remedy">): string => `${said}: ${remedy}.`;

/** As the beginning of a sentence. */
export const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

const FALLEN = {
  STALE: ["SOURCE_STALE", "is STALE", "read it again, or quote a newer source"],
  DEAD: ["SOURCE_DEAD", "is DEAD", GOVERNANCE_RULES.SOURCE_DEAD.remedy],
  RETRACTED: ["SOURCE_RETRACTED", "is RETRACTED", GOVERNANCE_RULES.SOURCE_RETRACTED.remedy],
} as const satisfies Record<string, readonly [RuleCode, string, string]>;

function fallen(stated: readonly Stated[], grounds: ReadonlyMap<string, Ground>): Finding[] {
  return [...grounds.values()].flatMap(({ id, name, status }) => {
    const on = stated.filter(({ under }) => under.includes(id)).flatMap(({ ids }) => ids);
    if (status === "ACTIVE" || on.length === 0) return [];
    const [code, what, remedy] = FALLEN[status];
    return [{ code, ids: [id], on, said: `The source ${name} ${what}`, remedy }];
  });
}

function due({ ids, name, due: why }: Stated): Finding[] {
  if (why === null) return [];
  const remedy = "check it, and say that it holds, revise it or leave it out";
  return [{ code: "SOURCE_STALE", ids, on: ids, said: `${capital(name)} ${why}`, remedy }];
}

/** What stands on Tier 3 alone: further groups that say the same would do, or once a source of tier 1 or 2. */
function uncorroborated(
  { ids, name, supports }: Stated,
  grounds: ReadonlyMap<string, Ground>,
  furtherGroups: number,
): Finding[] {
  // Retracted sources corroborate nothing, and are told of by themselves; so are quotes that don't bear the words.
  const standing = supports.filter(
    ({ sourceId, mismatch }) => (mismatch ?? []).length === 0 && grounds.get(sourceId)?.status !== "RETRACTED",
  );
  if (standing.length === 0) return [];
  const best = Math.min(...standing.map(({ sourceId }) => grounds.get(sourceId)?.tier ?? 3));
  const groups = new Set(standing.map(({ group }) => group)).size;
  if (best < 3 || groups > furtherGroups) return [];
  const said = `${capital(name)} stands on Tier 3 alone, in ${groups} independent ${groups === 1 ? "group" : "groups"}`;
  const remedy = `find it in ${furtherGroups + 1 - groups} further, or once in a source of tier 1 or 2, or rate the source`;
  return [{ code: "TIER3_UNCORROBORATED", ids, on: ids, said, remedy }];
}

function unquoted({ ids, name, supports }: Stated): Finding[] {
  if (supports.length > 0) return [];
  const said = `Nothing that is quoted from a source supports ${name}`;
  return [{ code: "CLAIM_UNQUOTED", ids, on: ids, said, remedy: GOVERNANCE_RULES.CLAIM_UNQUOTED.remedy }];
}

function contradicted({ ids, against }: Stated): Finding[] {
  const { remedy } = GOVERNANCE_RULES.CLAIM_CONTRADICTED_UNDECIDED;
  return against.map((one) => ({
    code: "CLAIM_CONTRADICTED_UNDECIDED",
    ids: one.ids,
    on: ids,
    said: one.said,
    remedy,
  }));
}

/** One quote that bears it is enough, or one that a person answers for. */
function mismatched({ ids, name, supports }: Stated): Finding[] {
  const reasons = supports.flatMap(({ mismatch }) => (mismatch === null ? [] : [mismatch]));
  if (reasons.length < supports.length || reasons.length === 0 || reasons.some((why) => why.length === 0)) return [];
  const fewest = reasons.toSorted((a, b) => a.length - b.length)[0]!;
  const said = `No quote bears ${name} (${fewest.join(", ")})`;
  return [{ code: "TRACE_MISMATCH", ids, on: ids, said, remedy: GOVERNANCE_RULES.TRACE_MISMATCH.remedy }];
}
