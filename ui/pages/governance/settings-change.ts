import type { ClaimKind, ProposalArguments } from "../../gql/graphql.js";

export interface Set {
  readonly tiers: readonly { readonly domain: string; readonly tier: number }[];
  readonly shelfLives: readonly { readonly kind: ClaimKind; readonly days?: number | null }[];
  readonly furtherGroups: number;
  readonly copyShare: number;
}

/** What stands in the form: an empty field of days is for ever; one of tiers is a line `domain tier` each. */
export interface Draft {
  readonly days: Readonly<Partial<Record<ClaimKind, string>>>;
  readonly furtherGroups: string;
  readonly copyShare: string;
  readonly tiers: string;
}

export const draftOf = ({ tiers, shelfLives, furtherGroups, copyShare }: Set): Draft => ({
  days: Object.fromEntries(shelfLives.map(({ kind, days }) => [kind, days == null ? "" : String(days)])),
  furtherGroups: String(furtherGroups),
  copyShare: String(copyShare),
  tiers: tiers.map(({ domain, tier }) => `${domain} ${tier}`).join("\n"),
});

/** Only what differs from what is set; or why it can't be read. The server judges the numbers. */
export function changeOf(
  set: Set,
  draft: Draft,
): { readonly change: ProposalArguments } | { readonly problem: string } {
  const change: { -readonly [Name in keyof ProposalArguments]: ProposalArguments[Name] } = {};
  const lives = set.shelfLives.flatMap(({ kind, days }) => {
    const given = (draft.days[kind] ?? "").trim();
    const next = given === "" ? null : Number(given);
    return next === (days ?? null) ? [] : [{ kind, days: next }];
  });
  if (lives.some(({ days }) => days !== null && !Number.isInteger(days)))
    return { problem: "Days are whole numbers; leave the field empty for ever." };
  if (lives.length > 0) change.shelfLives = lives;
  for (const name of ["furtherGroups", "copyShare"] as const) {
    const next = Number(draft[name]);
    if (draft[name].trim() === "" || !Number.isFinite(next) || (name === "furtherGroups" && !Number.isInteger(next)))
      return { problem: name === "furtherGroups" ? "Further groups are a whole number." : "The share is a number." };
    if (next !== set[name]) change[name] = next;
  }
  const tiers = tiersOf(draft.tiers);
  if (tiers === null) return { problem: "Each line of tiers is a domain and 1, 2 or 3, such as “example.org 2”." };
  const changed = [
    ...[...tiers].flatMap(([domain, tier]) =>
      set.tiers.some((one) => one.domain === domain && one.tier === tier) ? [] : [{ domain, tier }],
    ),
    // A line that was taken out takes the domain's own tier away.
    ...set.tiers.flatMap(({ domain }) => (tiers.has(domain) ? [] : [{ domain, tier: null }])),
  ];
  if (changed.length > 0) change.tiers = changed;
  return Object.keys(change).length === 0 ? { problem: "Nothing differs from what is set." } : { change };
}

function tiersOf(text: string): Map<string, number> | null {
  const tiers = new Map<string, number>();
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "") continue;
    const [, domain, tier] = /^(\S+)\s+([123])$/.exec(line) ?? [];
    if (domain === undefined || tier === undefined || tiers.has(domain.toLowerCase())) return null;
    tiers.set(domain.toLowerCase(), Number(tier));
  }
  return tiers;
}
