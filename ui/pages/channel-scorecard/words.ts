import type { BadgeText } from "../../components/node-badges.js";
import type { ScorecardCriterion, ScorecardUnit, ScorecardVerdict } from "../../gql/graphql.js";

export const CRITERIA = {
  PUBLISHED_VIDEOS: { name: "Published videos", sign: "≥" },
  CADENCE: { name: "Cadence", sign: "≥" },
  CACHE_HIT_RATE: { name: "Cache hits", sign: ">" },
  RATE_LIMITED: { name: "Rate limited (429)", sign: "<" },
  REWRITE_TREND: { name: "Rewrite trend", sign: "<" },
  REVENUE_TWO_MONTHS: { name: "Revenue, two months running", sign: "≥" },
  VIEWS_PER_DAY: { name: "Views a day", sign: "≥" },
  CTR: { name: "Click-through rate", sign: "≥" },
  AVD: { name: "Average view duration", sign: "≥" },
  RPM: { name: "Revenue for a thousand views", sign: "≥" },
} as const satisfies Readonly<Record<ScorecardCriterion, { name: string; sign: string }>>;

export const VERDICTS: Readonly<Record<ScorecardVerdict, BadgeText>> = {
  MET: { text: "Met", tone: "good" },
  NOT_MET: { text: "Not met", tone: "bad" },
  NOT_ENOUGH_DATA: { text: "Not enough data", tone: "neutral" },
};

const number = (value: number, digits: number) => value.toLocaleString("en", { maximumFractionDigits: digits });

/** A figure with its unit. */
export function figure(value: number | null | undefined, unit: ScorecardUnit, currency?: string | null): string {
  if (value == null) return "–";
  switch (unit) {
    case "SHARE":
      return `${number(value * 100, 1)} %`;
    case "MONEY":
      return `${value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}${currency == null ? "" : ` ${currency}`}`;
    case "VIDEOS":
      return number(value, 0);
    case "VIDEOS_PER_WEEK":
      return `${number(value, 2)} a week`;
    case "REWRITES_PER_RUN":
      return `${number(value, 2)} a run`;
    case "SECONDS":
      return `${number(value, 1)} s`;
    case "VIEWS":
      return number(value, 1);
  }
}
