import { corrected, differenceInterval, wilson, type Counted, type Interval } from "./statistics.js";

/*
 * What an experiment says. Its sample was fixed before it began, and it ends by itself when every variant has it, so the
 * question is asked once; before that there is no winner, however far one is ahead.
 */

export interface Arm extends Counted {
  readonly id: string;
}

export interface Design {
  readonly alpha: number;
  /** Impressions that each variant was planned to have. */
  readonly planned: number;
  readonly stopped: boolean;
}

export const VERDICTS = ["TOO_EARLY", "STOPPED", "NO_WINNER", "WINNER"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Comparison extends Interval {
  readonly first: string;
  readonly second: string;
  /** Share of the first minus share of the second. */
  readonly difference: number;
  /** Whether the interval leaves 0 out. */
  readonly apart: boolean;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly winner: string | null;
  readonly why: string;
  /** Alpha of each single comparison. */
  readonly alphaEach: number;
  readonly arms: readonly (Arm & { readonly rate: number | null; readonly interval: Interval | null })[];
  /** Of every pair of variants that were both shown. */
  readonly comparisons: readonly Comparison[];
}

export function judgeExperiment(arms: readonly Arm[], { alpha, planned, stopped }: Design): Judged {
  const alphaEach = corrected(alpha, arms.length);
  const shown = arms.filter((arm) => arm.shown > 0);
  const comparisons = shown.flatMap((first, i) =>
    shown.slice(i + 1).map((second) => {
      const interval = differenceInterval(first, second, alphaEach);
      return { first: first.id, second: second.id, ...interval, apart: interval.low > 0 || interval.high < 0 };
    }),
  );
  const told = {
    alphaEach,
    comparisons,
    arms: arms.map((arm) => ({
      ...arm,
      rate: arm.shown === 0 ? null : arm.taken / arm.shown,
      interval: arm.shown === 0 ? null : wilson(arm, alphaEach),
    })),
  };
  const short = arms.filter((arm) => arm.shown < planned);
  const none = (verdict: Verdict, why: string): Judged => ({ ...told, verdict, winner: null, why });
  if (short.length > 0 || arms.length < 2) {
    const missing = `${short.length} of ${arms.length} variants have fewer than the ${planned} impressions that were planned`;
    return stopped
      ? none("STOPPED", `It was stopped before its sample was whole: ${missing}.`)
      : none("TOO_EARLY", `${missing}: nobody is ahead before.`);
  }
  const beats = (a: Arm, b: Arm): boolean =>
    comparisons.some(
      ({ first, second, low, high }) =>
        (first === a.id && second === b.id && low > 0) || (first === b.id && second === a.id && high < 0),
    );
  const winner = arms.find((arm) => arms.every((other) => other === arm || beats(arm, other)));
  if (winner === undefined)
    return none("NO_WINNER", "No variant's share lies above that of every other beyond what chance explains.");
  return {
    ...told,
    verdict: "WINNER",
    winner: winner.id,
    why: "Its share lies above that of every other variant, each by an interval that leaves 0 out.",
  };
}
