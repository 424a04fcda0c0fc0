import { FOREVER, type Instant } from "../../../graph-schema/time.js";

/* How weak a claim is and since when, worked out from the history of what it stands on. */

/** Since when, by which operation, status, and the day by which it wants a check. */
export type ClaimVersion = readonly [at: Instant, by: string | null, status: string, recheckBy: Instant | null];
/** Since when, by which operation, status, and its independence group: set by hand, else its registrable domain. */
export type SourceVersion = readonly [at: Instant, by: string | null, status: string, group: string];
/** Of an edge: since when, until when, by which operations. */
type Link = readonly [from: Instant, to: Instant, openedBy: string, closedBy: string | null];
/** With another claim: since when, and the decisions that held to this one. */
export type Conflict = readonly [claim: string, link: Link, picks: readonly Link[]];
/** From a claim over a fact down to a source, or no further; `far` counts the facts that the fact was computed from on the way. */
export type Chain = readonly [
  type: "SUPPORTED_BY" | "CONTRADICTED_BY",
  fact: string,
  source: string | null,
  far: number,
  links: readonly Link[],
];

/** From the gravest on. This is the order of the answer: a claim with a graver kind comes first, whatever else others have. */
export const RISK_KINDS = ["RETRACTED", "STALE", "SINGLE_SOURCE", "CONTRADICTED", "UNQUOTED"] as const;
export type RiskKind = (typeof RISK_KINDS)[number];

/** The graver, the greater, so that a claim's risks are one number that compares. */
export const bitOf = (kind: RiskKind): number => 2 ** (RISK_KINDS.length - 1 - RISK_KINDS.indexOf(kind));
export const kindsOf = (mask: number): RiskKind[] => RISK_KINDS.filter((kind) => (mask & bitOf(kind)) !== 0);

/** Fewer independent groups than this are a single source. */
export const ENOUGH_GROUPS = 2;

export interface Past {
  /** Oldest first. */
  readonly versions: readonly ClaimVersion[];
  readonly chains: readonly Chain[];
  readonly conflicts: readonly Conflict[];
  /** Versions of the sources under it by id without label, oldest first. */
  readonly sources: ReadonlyMap<string, readonly SourceVersion[]>;
}

interface SourceAt {
  readonly id: string;
  readonly status: string;
  readonly group: string;
}

/** What bears on a claim at one instant. */
export interface Standing {
  readonly status: string;
  readonly recheckBy: Instant | null;
  readonly supportingFacts: readonly string[];
  readonly contradictingFacts: readonly string[];
  /** Claims that it conflicts with where nobody decided for it. */
  readonly conflictingClaims: readonly string[];
  /** Sources that supporting facts are quoted from, each once. */
  readonly quoted: readonly SourceAt[];
  /** These, and the sources under facts that supporting facts were computed from. */
  readonly under: readonly SourceAt[];
}

const holds = ([from, to]: Link, at: Instant): boolean => from <= at && at < to;
const held = (chain: Chain, at: Instant): boolean => chain[4].every((link) => holds(link, at));
const versionAt = <V extends readonly [Instant, ...unknown[]]>(versions: readonly V[], at: Instant): V | undefined =>
  versions.findLast(([from]) => from <= at);

export function standingAt({ versions, chains, conflicts, sources }: Past, at: Instant): Standing {
  const [, , status = "STATED", recheckBy = null] = versionAt(versions, at) ?? [];
  // What links the fact to the claim comes first in each chain; a fact may hold where its quote doesn't.
  const linked = chains.filter(([, , , , [link]]) => link !== undefined && holds(link, at));
  const facts = (type: Chain[0]) => [...new Set(linked.flatMap(([own, fact]) => (own === type ? [fact] : [])))];
  const whole = chains.filter((chain) => chain[0] === "SUPPORTED_BY" && chain[2] !== null && held(chain, at));
  const sourcesOf = (of: readonly Chain[]): SourceAt[] =>
    [...new Set(of.map(([, , source]) => source!))].sort().flatMap((id) => {
      const version = versionAt(sources.get(id) ?? [], at);
      return version === undefined ? [] : [{ id, status: version[2], group: version[3] }];
    });
  return {
    status,
    recheckBy,
    supportingFacts: facts("SUPPORTED_BY"),
    contradictingFacts: facts("CONTRADICTED_BY"),
    conflictingClaims: conflicts.flatMap(([claim, link, picks]) =>
      holds(link, at) && !picks.some((pick) => holds(pick, at)) ? [claim] : [],
    ),
    quoted: sourcesOf(whole.filter(([, , , far]) => far === 0)),
    under: sourcesOf(whole),
  };
}

const groupsOf = (sources: readonly SourceAt[]): string[] => [...new Set(sources.map(({ group }) => group))].sort();

/** Independent groups that support it: sources that one hand or owner holds count once, and retracted ones not at all. */
export const independentGroups = ({ quoted }: Standing): string[] =>
  groupsOf(quoted.filter(({ status }) => status !== "RETRACTED"));
/** Those of them that nothing is known against. */
export const soundGroups = ({ quoted }: Standing): string[] =>
  groupsOf(quoted.filter(({ status }) => status === "ACTIVE"));

const isStale = ({ status }: SourceAt): boolean => status === "STALE" || status === "DEAD";
const isRetracted = ({ status }: SourceAt): boolean => status === "RETRACTED";
const isPast = ({ recheckBy }: Standing, at: Instant): boolean => recheckBy !== null && recheckBy <= at;

const TESTS = {
  RETRACTED: (standing) => standing.status === "WRONG" || standing.under.some(isRetracted),
  STALE: (standing, at) => standing.status === "NEEDS_RECHECK" || isPast(standing, at) || standing.under.some(isStale),
  SINGLE_SOURCE: (standing) => independentGroups(standing).length < ENOUGH_GROUPS,
  CONTRADICTED: ({ contradictingFacts, conflictingClaims }) => contradictingFacts.length + conflictingClaims.length > 0,
  UNQUOTED: ({ quoted }) => quoted.length === 0,
} as const satisfies Record<RiskKind, (standing: Standing, at: Instant) => boolean>;

export const maskOf = (standing: Standing, at: Instant): number =>
  RISK_KINDS.reduce((mask, kind) => mask + (TESTS[kind](standing, at) ? bitOf(kind) : 0), 0);

export interface Since {
  readonly at: Instant;
  /** Null where time alone made it so: the day of its check had come. */
  readonly operationId: string | null;
}

/** Every instant up to `asOf` at which something changed, oldest first, with the operation that changed it. */
export function changesOf({ versions, chains, conflicts, sources }: Past, asOf: Instant): Since[] {
  const changes = new Map<Instant, string | null>();
  const add = (at: Instant, operationId: string | null) => {
    // An operation says more than the clock where both fall together.
    if (at <= asOf && (changes.get(at) ?? null) === null) changes.set(at, operationId);
  };
  for (const [from, by, , recheckBy] of versions) {
    add(from, by ?? "");
    if (recheckBy !== null && recheckBy > from) add(recheckBy, null);
  }
  const links = [...chains.flatMap((chain) => chain[4]), ...conflicts.flatMap(([, link, picks]) => [link, ...picks])];
  for (const [from, to, openedBy, closedBy] of links) {
    add(from, openedBy);
    if (to < FOREVER) add(to, closedBy ?? "");
  }
  for (const own of sources.values()) for (const [from, by] of own) add(from, by ?? "");
  return [...changes].sort(([a], [b]) => a - b).map(([at, operationId]) => ({ at, operationId }));
}

/** For each kind that holds at `asOf`: the instant since when it has, without a break, and what made it so. */
export function sinceWhen(past: Past, kinds: readonly RiskKind[], asOf: Instant): Map<RiskKind, Since> {
  const born = past.versions[0]?.[0] ?? 0;
  const sources = new Map([...past.sources].filter(([id]) => past.chains.some(([, , source]) => source === id)));
  const own = { ...past, sources };
  const changes = changesOf(own, asOf).filter(({ at }) => at >= born);
  const found = new Map<RiskKind, Since>();
  const open = new Set(kinds);
  for (const change of changes.toReversed()) {
    if (open.size === 0) break;
    const standing = standingAt(own, change.at);
    for (const kind of open) {
      if (TESTS[kind](standing, change.at)) found.set(kind, change);
      else open.delete(kind);
    }
  }
  return found;
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
const sentence = (...parts: (string | false)[]): string => parts.filter((part) => part !== false).join(" ");

/** The arithmetic of a risk, in words. */
export function detailOf(kind: RiskKind, standing: Standing, asOf: Instant): string {
  const { under, status, supportingFacts, contradictingFacts, conflictingClaims } = standing;
  const of = (bad: readonly SourceAt[], what: string) =>
    bad.length > 0 &&
    `${bad.length} of ${count(under.length, "source")} under it ${bad.length === 1 ? "is" : "are"} ${what}.`;
  switch (kind) {
    case "RETRACTED":
      return sentence(
        status === "WRONG" && "The claim is known to be wrong.",
        of(under.filter(isRetracted), "retracted"),
      );
    case "STALE":
      return sentence(
        status === "NEEDS_RECHECK" && "The claim needs a check.",
        isPast(standing, asOf) && "The day by which it was to be checked has passed.",
        of(
          under.filter(({ status: own }) => own === "STALE"),
          "stale",
        ),
        of(
          under.filter(({ status: own }) => own === "DEAD"),
          "dead",
        ),
      );
    case "SINGLE_SOURCE": {
      const groups = independentGroups(standing);
      return groups.length === 0
        ? "No source that stands supports it."
        : `${count(standing.quoted.length, "source")} of one independence group ${standing.quoted.length === 1 ? "supports" : "support"} it: ${groups[0]}.`;
    }
    case "CONTRADICTED":
      return sentence(
        contradictingFacts.length > 0 &&
          `${count(contradictingFacts.length, "fact")} ${contradictingFacts.length === 1 ? "speaks" : "speak"} against it, ${supportingFacts.length} for it.`,
        conflictingClaims.length > 0 &&
          `It conflicts with ${count(conflictingClaims.length, "claim")}, and no decision holds to it.`,
      );
    case "UNQUOTED":
      return supportingFacts.length === 0
        ? "No fact supports it."
        : `None of the ${count(supportingFacts.length, "fact")} for it is quoted from a source.`;
  }
}

/** Sources that a risk comes from. */
export function sourcesOf(kind: RiskKind, { under, quoted }: Standing): string[] {
  const bad =
    kind === "RETRACTED"
      ? under.filter(isRetracted)
      : kind === "STALE"
        ? under.filter(isStale)
        : kind === "SINGLE_SOURCE"
          ? quoted
          : [];
  return bad.map(({ id }) => id);
}
