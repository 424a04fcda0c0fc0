/** Instants are epoch milliseconds, UTC; intervals are half open: `from <= t < to`. */
export type Instant = number;

/** The open end of an interval, 9999-12-31T23:59:59.999Z; never null. */
export const FOREVER: Instant = 253_402_300_799_999;

/** The longest write lasts 60 s: what an instant that is older than this says can't become another thing any more. */
export const SETTLED_MS = 75_000;
