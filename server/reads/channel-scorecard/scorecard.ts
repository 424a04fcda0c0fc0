import type { Instant } from "../../../graph-schema/time.js";
import type { ChannelConfigState } from "../../domains/channel/channel-config.js";
import type { ScorecardFacts } from "./channel-scorecard.query.js";
import { revenueOf } from "./revenue.js";

/*
 * What a channel has reached of what it must, and with which figures. Each criterion says what it was counted from, and where
 * there is too little of that it says so and neither yes nor no. The formulas stand in docs/channels.md.
 */

export const EXIT_CRITERIA = [
  "PUBLISHED_VIDEOS",
  "CADENCE",
  "CACHE_HIT_RATE",
  "RATE_LIMITED",
  "REWRITE_TREND",
  "REVENUE_TWO_MONTHS",
] as const;
export const KPI_CRITERIA = ["VIEWS_PER_DAY", "CTR", "AVD", "RPM"] as const;
export const CRITERIA = [...EXIT_CRITERIA, ...KPI_CRITERIA] as const;
export type CriterionName = (typeof CRITERIA)[number];

export const VERDICTS = ["MET", "NOT_MET", "NOT_ENOUGH_DATA"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const UNITS = ["VIDEOS", "VIDEOS_PER_WEEK", "SHARE", "REWRITES_PER_RUN", "MONEY", "VIEWS", "SECONDS"] as const;
export type Unit = (typeof UNITS)[number];

export interface Criterion {
  readonly criterion: CriterionName;
  readonly value: number | null;
  readonly target: number | null;
  readonly unit: Unit;
  /** Of money. */
  readonly currency: string | null;
  readonly from: Instant;
  readonly to: Instant;
  readonly sampleSize: number;
  readonly verdict: Verdict;
  /** For people: why there is too little, or how it was counted. */
  readonly why: string;
  /** What the value is made of. */
  readonly parts: readonly { readonly name: string; readonly value: number }[];
  /** A path on the page that shows what was counted. */
  readonly link: string;
  /** Public ids of what was counted, the newest. */
  readonly nodeIds: readonly string[];
}

const DAY_MS = 86_400_000;
export const WINDOW_DAYS = 28;
export const VIDEOS_WANTED = 10;
const CACHE_HITS_WANTED = 0.5;
const LIMITED_ALLOWED = 0.02;
/** Fewer say nothing of a share. */
export const LEAST_LOOKUPS = 10;
export const LEAST_CALLS = 50;
/** Runs that each of the two windows of a trend must have. */
export const LEAST_RUNS = 3;

const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** The instants and days that the scorecard of an instant is about. */
export function windowsOf(asOf: Instant) {
  const now = new Date(asOf);
  const month = (back: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1);
  const since = asOf - WINDOW_DAYS * DAY_MS;
  return {
    since,
    before: since - WINDOW_DAYS * DAY_MS,
    days: { fromDay: dayOf(since), toDay: dayOf(asOf) },
    /** The two calendar months in UTC before the one that the instant is in. */
    monthsFrom: month(2),
    monthsTo: month(0),
    months: { fromDay: dayOf(month(2)), toDay: dayOf(month(0)) },
    monthNames: [dayOf(month(2)).slice(0, 7), dayOf(month(1)).slice(0, 7)] as const,
  };
}

interface Channel {
  readonly id: string;
  readonly config: ChannelConfigState;
}

export function scorecardOf({ id, config }: Channel, facts: ScorecardFacts, asOf: Instant): Criterion[] {
  const window = windowsOf(asOf);
  const recent = { from: window.since, to: asOf, currency: null, nodeIds: [] as readonly string[] };
  const runs = `/runs?show=all&channel=${id}`;
  const opened = (criterion: CriterionName) => `/channels/${id}?open=${criterion}`;
  const { published, tries } = facts;
  const verdictOf = (met: boolean): Verdict => (met ? "MET" : "NOT_MET");
  const none = { value: null, verdict: "NOT_ENOUGH_DATA" } as const;

  const videos: Criterion = {
    ...recent,
    criterion: "PUBLISHED_VIDEOS",
    unit: "VIDEOS",
    from: published.first ?? asOf,
    value: published.live,
    target: VIDEOS_WANTED,
    sampleSize: published.live,
    verdict: verdictOf(published.live >= VIDEOS_WANTED),
    why: "Episodes of the channel that are live: published or corrected, and not retracted.",
    parts: [{ name: "live", value: published.live }],
    link: opened("PUBLISHED_VIDEOS"),
    nodeIds: published.liveIds,
  };

  const wanted = config.goals.uploadsPerWeek;
  const weeks = [3, 2, 1, 0].map((back) => {
    const to = asOf - back * 7 * DAY_MS;
    const value = published.recent.filter((at) => at > to - 7 * DAY_MS && at <= to).length;
    return { name: `week to ${dayOf(to)}`, value };
  });
  const tooYoung = published.first === null || published.first > window.since;
  const cadence: Criterion = {
    ...recent,
    criterion: "CADENCE",
    unit: "VIDEOS_PER_WEEK",
    target: wanted,
    sampleSize: published.recent.length,
    parts: weeks,
    link: opened("CADENCE"),
    nodeIds: published.recentIds,
    ...(wanted === null
      ? { ...none, why: "The channel has no goal of uploads a week: set goals.uploadsPerWeek." }
      : tooYoung
        ? { ...none, why: `Its first episode was published less than ${WINDOW_DAYS} days ago, or none was yet.` }
        : {
            value: published.recent.length / 4,
            verdict: verdictOf(published.recent.length / 4 >= wanted),
            why: `Episodes published in ${WINDOW_DAYS} days, a week; those that were retracted since count too.`,
          }),
  };

  const share = (of: number, all: number) => (all === 0 ? null : of / all);
  const cacheHits: Criterion = {
    ...recent,
    criterion: "CACHE_HIT_RATE",
    unit: "SHARE",
    value: share(tries.hits, tries.lookups),
    target: CACHE_HITS_WANTED,
    sampleSize: tries.lookups,
    verdict:
      tries.lookups < LEAST_LOOKUPS ? "NOT_ENOUGH_DATA" : verdictOf(tries.hits / tries.lookups > CACHE_HITS_WANTED),
    why:
      tries.lookups < LEAST_LOOKUPS
        ? `${tries.lookups} lookups in ${WINDOW_DAYS} days; at least ${LEAST_LOOKUPS} are needed.`
        : "Stages whose output was taken from the cache, of those whose output could have been; more than half is wanted.",
    parts: [
      { name: "lookups", value: tries.lookups },
      { name: "hits", value: tries.hits },
    ],
    link: runs,
  };

  const rateLimited: Criterion = {
    ...recent,
    criterion: "RATE_LIMITED",
    unit: "SHARE",
    value: share(tries.limited, tries.calls),
    target: LIMITED_ALLOWED,
    sampleSize: tries.calls,
    verdict: tries.calls < LEAST_CALLS ? "NOT_ENOUGH_DATA" : verdictOf(tries.limited / tries.calls < LIMITED_ALLOWED),
    why:
      tries.calls < LEAST_CALLS
        ? `${tries.calls} calls to providers of models in ${WINDOW_DAYS} days; at least ${LEAST_CALLS} are needed. Executors without a model make none.`
        : "Calls to providers of models that were answered with 429, of all calls; less than 2 % is wanted.",
    parts: [
      { name: "calls", value: tries.calls },
      { name: "answered with 429", value: tries.limited },
    ],
    link: runs,
  };

  const late = facts.rounds.filter(({ at }) => at > window.since);
  const early = facts.rounds.filter(({ at }) => at <= window.since);
  const mean = (ones: ScorecardFacts["rounds"]) => ones.reduce((sum, { round }) => sum + round - 1, 0) / ones.length;
  const tooFew = late.length < LEAST_RUNS || early.length < LEAST_RUNS;
  const rewrites: Criterion = {
    ...recent,
    criterion: "REWRITE_TREND",
    unit: "REWRITES_PER_RUN",
    from: window.before,
    value: late.length === 0 ? null : mean(late),
    target: early.length === 0 ? null : mean(early),
    sampleSize: facts.rounds.length,
    verdict: tooFew ? "NOT_ENOUGH_DATA" : verdictOf(mean(late) < mean(early) || mean(late) === 0),
    why: tooFew
      ? `${late.length} runs ended in the last ${WINDOW_DAYS} days and ${early.length} in those before; each needs ${LEAST_RUNS}.`
      : `Rewrites a run in ${WINDOW_DAYS} days, against the ${WINDOW_DAYS} days before: fewer, or none, are wanted.`,
    parts: [
      { name: `runs of the last ${WINDOW_DAYS} days`, value: late.length },
      { name: "rewrites of them", value: late.reduce((sum, { round }) => sum + round - 1, 0) },
      { name: `runs of the ${WINDOW_DAYS} days before`, value: early.length },
      { name: "rewrites of them before", value: early.reduce((sum, { round }) => sum + round - 1, 0) },
    ],
    link: runs,
    nodeIds: late.slice(0, 20).map((one) => one.id),
  };

  return [videos, cadence, cacheHits, rateLimited, rewrites, revenue(), ...kpisOf()];

  function revenue(): Criterion {
    const { met, ...found } = revenueOf(config.goals, facts, window.monthNames);
    return {
      ...recent,
      criterion: "REVENUE_TWO_MONTHS",
      unit: "MONEY",
      from: window.monthsFrom,
      to: window.monthsTo,
      target: config.goals.monthlyRevenue,
      ...found,
      verdict: met === null ? "NOT_ENOUGH_DATA" : verdictOf(met),
      link: opened("REVENUE_TWO_MONTHS"),
    };
  }

  /** What figures of its episodes reach, for the targets that the channel has. */
  function kpisOf(): Criterion[] {
    const { viewsPerDay, ctr, avdSeconds, rpm } = config.kpiTargets;
    const sum = facts.figures;
    const rows = [
      [
        "VIEWS_PER_DAY",
        viewsPerDay,
        "VIEWS",
        sum.views,
        sum.viewDays,
        1,
        "Views of its episodes, a measured day of an episode.",
      ],
      ["CTR", ctr, "SHARE", sum.clicks, sum.clickImpressions, 1, "Clicks on its episodes, for each impression."],
      ["AVD", avdSeconds, "SECONDS", sum.watchedSeconds, sum.watchedViews, 1, "Seconds watched, a view."],
      ["RPM", rpm, "MONEY", sum.earnedOnViews, sum.earnedViews, 1_000, "Revenue for a thousand views."],
    ] as const;
    return rows.flatMap(([criterion, target, unit, of, all, times, why]) => {
      if (target === null) return [];
      const value = all === 0 ? null : (of / all) * times;
      return [
        {
          ...recent,
          criterion,
          unit,
          value,
          target,
          currency: unit === "MONEY" ? config.goals.currency : null,
          sampleSize: all,
          verdict: value === null ? "NOT_ENOUGH_DATA" : verdictOf(value >= target),
          why: value === null ? `Nothing of it was measured in ${WINDOW_DAYS} days: import figures.` : why,
          parts: [
            { name: "sum", value: of },
            { name: "counted over", value: all },
          ],
          link: opened(criterion),
        },
      ];
    });
  }
}
