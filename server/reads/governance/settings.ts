import { z } from "zod";
import { CLAIM_KINDS, SHELF_LIFE_DAYS, type ClaimKind } from "../../../graph-schema/nodes/claim.js";
import type { Instant } from "../../../graph-schema/time.js";
import { isRegistrable } from "../../domains/source/source-url.js";

/*
 * What a studio's rules of governance are set to. A studio that has set nothing has the defaults; what it sets is kept whole,
 * with a version that counts up, on its Tenant node, whose history has every earlier one.
 */

const DAY_MS = 86_400_000;
/** Kinds that keep for a while; what is of no kind in particular is checked when somebody says when. */
export const KEEPING_KINDS = CLAIM_KINDS.filter((kind) => kind !== "OTHER");

/** Days that a claim of the kind keeps; null keeps for ever. */
const days = z
  .int("must be a whole number of days, or null for never")
  .min(1, "must be at least 1 day, or null for never")
  .max(3_650, "must be at most 3,650 days, or null for never")
  .nullable();

/** Most domains that a studio rates by themselves. */
export const MOST_DOMAINS = 500;
const domain = z
  .string()
  .max(253, "must be at most 253 characters")
  .refine(isRegistrable, "must be a registrable domain in lower case, such as example.org");
const tier = z.int("must be 1, 2 or 3").min(1, "must be 1, 2 or 3").max(3, "must be 1, 2 or 3");

export const governanceSettings = z.strictObject({
  /** The tier of new sources by registrable domain; all others begin on Tier 3. */
  tiers: z.array(z.strictObject({ domain, tier })).max(MOST_DOMAINS),
  shelfLifeDays: z.strictObject({
    PRICE: days,
    COUNT: days,
    OFFICE_HOLDER: days,
    PRODUCT: days,
    LAW: days,
    SCIENCE: days,
    HISTORY: days,
  }),
  /** Independence groups beside the first that a claim on Tier 3 alone needs. 0 lets a single Tier-3 source do. */
  furtherGroups: z
    .int("must be a whole number from 0 to 10")
    .min(0, "must be a whole number from 0 to 10")
    .max(10, "must be a whole number from 0 to 10"),
  /** Share of a text's runs of five words that another must have for the two to count as one source. */
  copyShare: z.number().min(0.5, "must be from 0.5 to 1").max(1, "must be from 0.5 to 1"),
});
export type SettingValues = z.infer<typeof governanceSettings>;

export interface GovernanceSettings extends SettingValues {
  /** 0 for the defaults; counts up with each change. */
  readonly version: number;
}

export const DEFAULT_SETTINGS: GovernanceSettings = {
  version: 0,
  tiers: [],
  shelfLifeDays: Object.fromEntries(
    KEEPING_KINDS.map((kind) => [kind, SHELF_LIFE_DAYS[kind]]),
  ) as SettingValues["shelfLifeDays"],
  furtherGroups: 2,
  copyShare: 0.9,
};

const stored = governanceSettings.extend({ version: z.int().min(1) });

/** Settings as the Tenant node keeps them; the defaults where it keeps none. */
export const settingsFrom = (text: string | null): GovernanceSettings =>
  text === null ? DEFAULT_SETTINGS : stored.parse(JSON.parse(text));

export const settingsText = (settings: GovernanceSettings): string => JSON.stringify(settings);

/** What a change may say; what it leaves out stays as it is. */
export const settingsChange = z.strictObject({
  tiers: z
    .array(z.strictObject({ domain, tier: tier.nullable() }))
    .min(1, "must name at least one domain")
    .max(MOST_DOMAINS, `must be at most ${MOST_DOMAINS} domains`)
    .refine((tiers) => new Set(tiers.map((one) => one.domain)).size === tiers.length, "must name each domain once")
    .optional(),
  shelfLives: z
    .array(z.strictObject({ kind: z.enum(KEEPING_KINDS, "must be a kind of claim that keeps, so not OTHER"), days }))
    .min(1, "must name at least one kind")
    .max(KEEPING_KINDS.length, "must name each kind once")
    .refine((lives) => new Set(lives.map(({ kind }) => kind)).size === lives.length, "must name each kind once")
    .optional(),
  furtherGroups: governanceSettings.shape.furtherGroups.optional(),
  copyShare: governanceSettings.shape.copyShare.optional(),
});
export type SettingsChange = z.infer<typeof settingsChange>;

/** The settings with the change; null where nothing differs. */
export function changed(present: GovernanceSettings, change: SettingsChange): GovernanceSettings | null {
  const { version, ...values } = present;
  const next: SettingValues = {
    tiers: tiersWith(values.tiers, change.tiers ?? []),
    shelfLifeDays: {
      ...values.shelfLifeDays,
      ...Object.fromEntries((change.shelfLives ?? []).map(({ kind, days: keeps }) => [kind, keeps])),
    },
    furtherGroups: change.furtherGroups ?? values.furtherGroups,
    copyShare: change.copyShare ?? values.copyShare,
  };
  return JSON.stringify(next) === JSON.stringify(values) ? null : { version: version + 1, ...next };
}

/** With null a domain has no tier of its own any more. In order of domain, so that the same settings are the same text. */
function tiersWith(
  present: SettingValues["tiers"],
  change: NonNullable<SettingsChange["tiers"]>,
): SettingValues["tiers"] {
  const tiers = new Map([...present, ...change].map((one): [string, number | null] => [one.domain, one.tier]));
  return [...tiers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, rated]) => (rated === null ? [] : [{ domain: name, tier: rated }]));
}

/** The tier that a source begins on when nobody says another. `domain` is its registrable one. */
export const tierOf = ({ tiers }: SettingValues, of: string): number =>
  tiers.find((one) => one.domain === of)?.tier ?? 3;

/** Days that a claim of the kind keeps; null for ever. */
export const shelfLifeOf = ({ shelfLifeDays }: SettingValues, kind: ClaimKind): number | null =>
  kind === "OTHER" ? null : shelfLifeDays[kind];

/** When a claim of the kind that was checked at the instant wants checking again; null never does. */
export function recheckBy(settings: GovernanceSettings, kind: ClaimKind, checkedAt: Instant): Instant | null {
  const keeps = shelfLifeOf(settings, kind);
  return keeps === null ? null : checkedAt + keeps * DAY_MS;
}
