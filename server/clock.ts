import type { Instant } from "../graph-schema/time.js";

/** Tells the instant that a read without `asOf` answers for. */
export interface Clock {
  now(): Instant;
  /** Tells of an instant that the database gave a write: later reads are never before it, whatever this machine's clock says. */
  observe(at: Instant): void;
}

export function hybridClock(wall: () => number = Date.now): Clock {
  let newest = 0;
  return {
    now: () => Math.max(wall(), newest),
    observe: (at) => {
      newest = Math.max(newest, at);
    },
  };
}
