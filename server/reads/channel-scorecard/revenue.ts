import type { ChannelConfigState } from "../../domains/channel/channel-config.js";
import { MOST_NAMED, type Earned, type ScorecardFacts } from "./channel-scorecard.query.js";

/*
 * What a channel earned in its last two whole months. A platform tells some days of a whole channel and others episode by episode:
 * so of each day, and each currency of it, the channel's own figure counts where there is one, and the sum of its episodes' where
 * there is none. A single figure of the channel takes the place of no other day.
 */

interface Month {
  readonly name: string;
  readonly days: readonly Earned[];
}

/** The days of both lists; of a day and currency that the channel tells of itself, its episodes' figures are left out. */
function daysOf({ ofChannel, ofEpisodes }: Pick<ScorecardFacts, "ofChannel" | "ofEpisodes">): Earned[] {
  const keyOf = ({ day, currency }: Earned) => `${day} ${currency ?? ""}`;
  const covered = new Set(ofChannel.map(keyOf));
  return [...ofChannel, ...ofEpisodes.filter((one) => !covered.has(keyOf(one)))];
}

const sum = ({ days }: Month): number => days.reduce((total, { earned }) => total + earned, 0);

export function revenueOf(
  { monthlyRevenue: target, currency: wanted }: ChannelConfigState["goals"],
  facts: Pick<ScorecardFacts, "ofChannel" | "ofEpisodes">,
  monthNames: readonly string[],
) {
  const all = daysOf(facts);
  const months = monthNames.map((name): Month => ({ name, days: all.filter(({ day }) => day.startsWith(name)) }));
  const told = months.filter(({ days }) => days.length > 0);
  const missing = months.filter(({ days }) => days.length === 0).map(({ name }) => name);
  const days = told.flatMap((one) => one.days);
  const currencies = [...new Set(days.flatMap(({ currency }) => currency ?? []))].sort();
  const other = currencies.find((one) => wanted !== null && one !== wanted);
  const lacking =
    target === null
      ? "The channel has no goal of monthly revenue: set goals.monthlyRevenue and goals.currency."
      : missing.length > 0
        ? `No revenue was recorded for ${missing.join(" and ")}: import figures of those months.`
        : currencies.length > 1
          ? `Figures are in ${currencies.join(" and ")}, which don't add up: convert them to ${wanted}.`
          : other !== undefined
            ? `The goal is in ${wanted}, and figures are in ${other}: set the goal in ${other}.`
            : null;
  // Amounts in two currencies make no sum.
  const summed = currencies.length > 1 ? [] : told;
  const value = summed.length < months.length ? null : Math.min(...summed.map(sum));
  return {
    currency: currencies.length === 1 ? currencies[0]! : wanted,
    value,
    /** Null where there is too little to say. */
    met: lacking !== null || value === null || target === null ? null : value >= target,
    why:
      lacking ??
      "The lower of the last two whole calendar months in UTC; both must reach the goal. Of a day that the channel's own figures tell of, those count; of any other day the sum of its episodes'.",
    parts: summed.map((month) => ({ name: month.name, value: sum(month) })),
    sampleSize: new Set(days.map(({ day }) => day)).size,
    nodeIds: days
      .toSorted((a, b) => (a.day < b.day ? 1 : -1))
      .flatMap(({ ids }) => ids)
      .slice(0, MOST_NAMED),
  };
}
