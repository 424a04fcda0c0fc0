/** Keys that are remembered; the one used longest ago goes first, and begins anew. */
const MAX_KEYS = 50_000;

export interface Rate {
  /** Steadily, for each key. */
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
}

/** Milliseconds to wait before the key may come again; 0 lets it in and counts it. */
export type TokenBucket = (key: string) => number;

/**
 * A token bucket for each key, kept as one number: the instant at which it will be full again (the generic cell rate
 * algorithm of ITU-T I.371). Times are monotonic milliseconds.
 */
export function createTokenBucket(
  { perSecond, burst }: Rate,
  now: () => number = () => performance.now(),
): TokenBucket {
  const tokenMs = 1_000 / perSecond;
  const fullAt = new Map<string, number>();
  return (key) => {
    const at = now();
    const full = Math.max(fullAt.get(key) ?? at, at);
    const wait = full - at - (burst - 1) * tokenMs;
    // The clock's fractions add up: what is less than a microsecond away is there.
    if (wait > 0.001) return wait;
    fullAt.delete(key);
    fullAt.set(key, full + tokenMs);
    if (fullAt.size > MAX_KEYS) fullAt.delete(fullAt.keys().next().value!);
    return 0;
  };
}
