import type { Instant } from "../../../graph-schema/time.js";
import type { GovernedClaim, GovernedSource } from "./governance.query.js";
import { groupsOf, type Text } from "./independence.js";
import { mismatchOf } from "./mismatch.js";
import type { Ground, Stated } from "./rules.js";
import type { GovernanceSettings } from "./settings.js";

/* What the graph says of an episode's claims, as the rules want it. */

/** Characters of a claim or fact that are told. */
const TOLD = 200;
const quoted = (words: string): string => `“${words.length > TOLD ? `${words.slice(0, TOLD - 1)}…` : words}”`;

export const groundOf = ({ id, title, tier, status }: GovernedSource): Ground => ({
  id: `Source:${id}`,
  name: quoted(title),
  tier,
  status,
});

type Sources = ReadonlyMap<string, GovernedSource>;

/** Whether a person answers for the link: not a file, nor a carried quote, nor a run of the pipeline in somebody's name. */
export const isAnsweredFor = (basis: string, openedBy: string): boolean =>
  basis === "PERSON" && !openedBy.startsWith("run/");

/**
 * Snapshots whose texts must be compared before a claim counts as corroborated: those of a claim on Tier 3 alone that has
 * enough groups by name. For all others the outcome is the same, whatever the texts.
 */
export function snapshotsToCompare(
  { supports }: GovernedClaim,
  sources: Sources,
  { furtherGroups }: Pick<GovernanceSettings, "furtherGroups">,
): string[] {
  const known = supports.flatMap(([, , , , , , id]) => sources.get(id) ?? []);
  const names = new Set(known.map(({ independenceGroup }) => independenceGroup));
  if (known.some(({ tier }) => tier < 3) || names.size <= furtherGroups || names.size < 2) return [];
  return [...new Set(supports.map(([, , , , snapshot]) => snapshot))];
}

/** The group of each source under a claim: its own, or another's where the two read alike. `texts` are by snapshot. */
export function groupsUnder(
  { supports }: GovernedClaim,
  sources: Sources,
  texts: ReadonlyMap<string, string>,
  copyShare: number,
): ReadonlyMap<string, string> {
  const read = supports.flatMap(([, , , , snapshot, sha256, id]): (Text & { id: string })[] => {
    const source = sources.get(id);
    const { independenceGroup = id } = source ?? {};
    return [{ id, independenceGroup, sha256, text: texts.get(snapshot) ?? "" }];
  });
  const names = texts.size === 0 ? read.map((one) => one.independenceGroup) : groupsOf(read, copyShare);
  return new Map(read.map(({ id }, i) => [id, names[i]!]));
}

/** Why a claim wants checking at the instant. */
export function dueOf({ status, recheckBy }: Pick<GovernedClaim, "status" | "recheckBy">, now: Instant): string | null {
  if (recheckBy !== null && recheckBy <= now)
    return `is past its shelf life since ${new Date(recheckBy).toISOString().slice(0, 10)}`;
  return status === "NEEDS_RECHECK" ? "needs a recheck" : null;
}

export function statedOf(
  claim: GovernedClaim,
  sources: Sources,
  groups: ReadonlyMap<string, string>,
  now: Instant,
): Stated {
  const id = `Claim:${claim.id}`;
  const name = `the claim ${quoted(claim.title)}`;
  return {
    ids: [id],
    name,
    supports: claim.supports.map(([, exact, basis, openedBy, , , source]) => ({
      sourceId: `Source:${source}`,
      group: groups.get(source) ?? source,
      mismatch: isAnsweredFor(basis, openedBy)
        ? null
        : mismatchOf(claim.title, exact, sources.get(source)?.title ?? ""),
    })),
    under: claim.under.map((source) => `Source:${source}`),
    due: dueOf(claim, now),
    against: [
      ...claim.conflicts.map(([other, title]) => ({
        ids: [id, `Claim:${other}`],
        said: `No decision holds to ${name} against ${quoted(title)}`,
      })),
      ...claim.opposed.map(([fact, title]) => ({
        ids: [id, `Fact:${fact}`],
        said: `${quoted(title)} speaks against ${name}, and no decision on it is based on that`,
      })),
    ],
  };
}
