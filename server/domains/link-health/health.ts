import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { LinkOutcome, Look } from "./look.js";

/*
 * What looks add up to. A page is dead when it failed three times over three days at least, or said itself that it is gone for good;
 * it is back when it answers once.
 */

/** Looks in a row that must fail, and the days that they must span. */
export const DEAD_AFTER = { looks: 3, days: 3 } as const;
const DAY_MS = 86_400_000;

type SourceStatus = (typeof SOURCE_STATUSES)[number];

/** What is kept of an address. */
export interface Health {
  readonly lookedAt: Instant;
  readonly outcome: LinkOutcome;
  readonly status: number | null;
  readonly error: string | null;
  readonly movedTo: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Looks in a row that failed, and when the first of them was. */
  readonly failures: number;
  readonly failingSince: Instant | null;
  /** Of a source that looks made DEAD: what it was before. */
  readonly was: string | null;
}

const FAILURES: readonly LinkOutcome[] = ["GONE", "MISSING", "BROKEN", "UNREACHED"];

/** The health after one more look. */
export function afterLook(before: Health | null, look: Look & { readonly counted: boolean }, at: Instant): Health {
  const { outcome, status, error, movedTo } = look;
  const kept = { failures: before?.failures ?? 0, failingSince: before?.failingSince ?? null };
  const failed = look.counted && FAILURES.includes(outcome);
  const counts =
    outcome === "OK"
      ? { failures: 0, failingSince: null }
      : failed
        ? { failures: kept.failures + 1, failingSince: kept.failingSince ?? at }
        : kept;
  // What an error page is told apart by says nothing of the page.
  const { etag, lastModified } = outcome === "OK" ? told(before, look) : validatorsOf(before);
  return { lookedAt: at, outcome, status, error, movedTo, etag, lastModified, ...counts, was: before?.was ?? null };
}

const validatorsOf = (health: Health | null) => ({
  etag: health?.etag ?? null,
  lastModified: health?.lastModified ?? null,
});

/** A 304 may leave out what it was asked by. */
const told = (before: Health | null, look: Look) =>
  look.status === 304
    ? { etag: look.etag ?? before?.etag ?? null, lastModified: look.lastModified ?? before?.lastModified ?? null }
    : { etag: look.etag, lastModified: look.lastModified };

/** What becomes of a source with this health; null where nothing does. Only what looks made DEAD comes back by a look. */
export function turnOf(health: Health, status: SourceStatus): "DEAD" | "BACK" | null {
  if (health.outcome === "OK") return status === "DEAD" && health.was !== null ? "BACK" : null;
  if (status === "DEAD" || status === "RETRACTED" || health.failures === 0) return null;
  if (health.outcome === "GONE") return "DEAD";
  const days = (health.lookedAt - (health.failingSince ?? health.lookedAt)) / DAY_MS;
  return health.failures >= DEAD_AFTER.looks && days >= DEAD_AFTER.days ? "DEAD" : null;
}
