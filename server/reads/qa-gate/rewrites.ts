import { differenceInterval } from "../../domains/experiment/statistics.js";

/*
 * How often a channel's scenes were sent back, week by week. Every round behind a run's first is a rewrite; the findings that
 * asked for it are its triggers.
 */

export const WEEK_MS = 7 * 86_400_000;
/** The probability of calling chance certain: of the channel's trend, and of all its triggers' together. */
const ALPHA = 0.05;

/** One run, and each time that it was sent back. */
export interface RunRounds {
  readonly startedAt: number;
  readonly sentBack: readonly { readonly at: number; readonly codes: readonly string[] }[];
}

export const DIRECTIONS = ["RISING", "FALLING", "STEADY", "UNKNOWN"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface Trend {
  /** Of the later half against the earlier one. */
  readonly direction: Direction;
  /** Share of runs that were sent back in the later half, minus that of the earlier one; null where a half has no run. */
  readonly change: number | null;
  /** Newcombe's interval of that change: at 95 % of the channel, of n triggers at 1 - 0.05/n each (Bonferroni). */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the interval leaves 0 out: what is not certain may be chance. */
  readonly certain: boolean;
}

export interface RewriteWeek {
  readonly from: number;
  readonly runs: number;
  /** Runs of the week that were sent back at least once. */
  readonly runsSentBack: number;
  readonly rewrites: number;
}

export interface Trigger extends Trend {
  readonly code: string;
  /** Rewrites that it asked for, alone or with others. */
  readonly count: number;
  /** The same, week by week. */
  readonly weeks: readonly number[];
}

export interface Rewrites extends Trend {
  readonly runs: number;
  readonly rewrites: number;
  readonly weeks: readonly RewriteWeek[];
  /** Most frequent first. */
  readonly triggers: readonly Trigger[];
}

type Half = { shown: number; taken: number };

function trendOf(earlier: Half, later: Half, alpha: number): Trend {
  if (earlier.shown === 0 || later.shown === 0)
    return { direction: "UNKNOWN", change: null, low: null, high: null, certain: false };
  const { difference, low, high } = differenceInterval(later, earlier, alpha);
  const direction = difference > 0 ? "RISING" : difference < 0 ? "FALLING" : "STEADY";
  return { direction, change: difference, low, high, certain: low > 0 || high < 0 };
}

/** Of runs that had ended: those that began in the `weeks` weeks before `asOf`, by the week of their beginning; a rewrite counts in the week of its run. */
export function rewritesOf(all: readonly RunRounds[], asOf: number, weeks: number): Rewrites {
  const begin = asOf - weeks * WEEK_MS;
  const weekOf = ({ startedAt }: RunRounds): number => Math.min(weeks - 1, Math.floor((startedAt - begin) / WEEK_MS));
  const runs = all.filter(({ startedAt }) => startedAt >= begin && startedAt <= asOf);
  const middle = Math.floor(weeks / 2);
  const trend = (isHit: (run: RunRounds) => boolean, alpha: number): Trend => {
    // Of an odd number of weeks the one in the middle is in neither half.
    const half = (from: number, to: number): Half => {
      const ones = runs.filter((run) => weekOf(run) >= from && weekOf(run) < to);
      return { shown: ones.length, taken: ones.filter(isHit).length };
    };
    return trendOf(half(0, middle), half(weeks - middle, weeks), alpha);
  };
  const codes = [...new Set(runs.flatMap(({ sentBack }) => sentBack.flatMap((one) => one.codes)))];
  const triggers = codes.map((code): Trigger => {
    const asked = (run: RunRounds) => run.sentBack.filter((one) => one.codes.includes(code)).length;
    const byWeek = Array.from({ length: weeks }, (_, week) =>
      runs.filter((run) => weekOf(run) === week).reduce((sum, run) => sum + asked(run), 0),
    );
    const count = byWeek.reduce((sum, one) => sum + one, 0);
    return { code, count, weeks: byWeek, ...trend((run) => asked(run) > 0, ALPHA / codes.length) };
  });
  return {
    runs: runs.length,
    rewrites: runs.reduce((sum, { sentBack }) => sum + sentBack.length, 0),
    weeks: Array.from({ length: weeks }, (_, week) => {
      const ones = runs.filter((run) => weekOf(run) === week);
      return {
        from: begin + week * WEEK_MS,
        runs: ones.length,
        runsSentBack: ones.filter(({ sentBack }) => sentBack.length > 0).length,
        rewrites: ones.reduce((sum, { sentBack }) => sum + sentBack.length, 0),
      };
    }),
    triggers: triggers.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    ...trend(({ sentBack }) => sentBack.length > 0, ALPHA),
  };
}
