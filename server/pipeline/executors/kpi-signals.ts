import type { ScoreInput } from "../../domains/channel/topic-weights.js";
import { searchWords } from "./sources.js";

/*
 * What a channel's own figures say of a topic: how episodes that share words with it did beside the channel's others. Nothing
 * is known here of an audience that isn't the channel's, and nothing is guessed.
 */

/** Episodes of a channel that must have figures before these take part in a score. */
export const LEAST_MEASURED = 5;
/** Episodes' worth of "as ever" that is mixed in, so that a single lucky video says little. */
const AS_EVER = 2;
/** Doublings that one episode may be away from the median. */
const FURTHEST = 3;

/** What was measured of an episode over all of its days. Sums go with the views or impressions that they were weighed by. */
export interface MeasuredEpisode {
  readonly id: string;
  readonly title: string;
  readonly topic: string | null;
  readonly views: number;
  /** Days whose views are known. */
  readonly viewDays: number;
  readonly clicks: number;
  readonly clickImpressions: number;
  readonly watchedSeconds: number;
  readonly watchedViews: number;
  readonly earned: number;
  readonly earnedViews: number;
}

export type KpiInput = Extract<ScoreInput, "VIEWS" | "CTR" | "AVD" | "RPM">;
export const KPI_INPUTS = ["VIEWS", "CTR", "AVD", "RPM"] as const satisfies readonly KpiInput[];

const ratio = (a: number, b: number): number | null => (b > 0 ? a / b : null);

/** Each measure of an episode; null where it wasn't measured. */
const MEASURES: Readonly<Record<KpiInput, (one: MeasuredEpisode) => number | null>> = {
  VIEWS: ({ views, viewDays }) => ratio(views, viewDays),
  CTR: ({ clicks, clickImpressions }) => ratio(clicks, clickImpressions),
  AVD: ({ watchedSeconds, watchedViews }) => ratio(watchedSeconds, watchedViews),
  RPM: ({ earned, earnedViews }) => ratio(earned, earnedViews),
};

export interface Signal {
  /** Doublings beside the channel's median: 1 is twice, -1 is half. */
  readonly value: number;
  /** Episodes that share words with the topic and have the measure. */
  readonly sample: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How far a value is from the median, in doublings; 0 beside a median of 0, where nothing can be said. */
export function doublings(value: number, middle: number): number {
  if (middle <= 0) return 0;
  if (value <= 0) return -FURTHEST;
  return Math.max(-FURTHEST, Math.min(FURTHEST, Math.log2(value / middle)));
}

/** Share of the topic's words that an episode has in its title or its topic's. */
function likeness(words: readonly string[], { title, topic }: MeasuredEpisode): number {
  const own = new Set(searchWords(`${title} ${topic ?? ""}`));
  return words.length === 0 ? 0 : words.filter((word) => own.has(word)).length / words.length;
}

/** Episodes whose figures can be compared: those with any measure at all. */
export const measuredOf = (episodes: readonly MeasuredEpisode[]): MeasuredEpisode[] =>
  episodes.filter((one) => KPI_INPUTS.some((input) => MEASURES[input](one) !== null));

/** What the figures of a channel's episodes say of a topic, by measure. A measure that too few episodes have says nothing. */
export function kpiSignals(topic: string, episodes: readonly MeasuredEpisode[]): Record<KpiInput, Signal> {
  const words = searchWords(topic);
  const alike = new Map(episodes.map((one) => [one, likeness(words, one)]));
  const signal = (input: KpiInput): Signal => {
    const measured = episodes.flatMap((one) => {
      const value = MEASURES[input](one);
      return value === null ? [] : [{ value, weight: alike.get(one)! }];
    });
    if (measured.length < LEAST_MEASURED) return { value: 0, sample: 0 };
    const middle = median(measured.map(({ value }) => value));
    const near = measured.filter(({ weight }) => weight > 0);
    const sum = near.reduce((total, { value, weight }) => total + weight * doublings(value, middle), 0);
    const counted = near.reduce((total, { weight }) => total + weight, 0);
    return { value: sum / (counted + AS_EVER), sample: near.length };
  };
  return Object.fromEntries(KPI_INPUTS.map((input) => [input, signal(input)])) as Record<KpiInput, Signal>;
}
