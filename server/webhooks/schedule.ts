import type { Instant } from "../../graph-schema/time.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits between the attempts of one delivery: ten attempts over about three days. */
const WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  18 * HOUR,
  22 * HOUR,
] as const;

export const MAX_ATTEMPTS: number = WAITS_MS.length + 1;

/** Each wait is drawn from 90 to 110 %, so that what failed together doesn't come back together. */
const JITTER = 0.1;

/** When to try again after `attempts` failed ones; null after the last. `random` is in [0, 1). */
export function nextAttempt(attempts: number, now: Instant, random: number): Instant | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : Math.round(now + wait * (1 + JITTER * (2 * random - 1)));
}
