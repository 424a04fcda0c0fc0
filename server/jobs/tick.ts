import type { Instant } from "../../graph-schema/time.js";

/** Longest name of a job: with its tenant and instant it must fit into an operation id. */
export const MAX_JOB_NAME = 40;

/**
 * The name of a run: by job, tenant and the instant that it was scheduled for, so that all replicas give the same tick the
 * same name, and the operation ids that derive from it the same effects. A scheduled tick tells the minute, whoever asks
 * for a run outside the schedule the millisecond.
 */
export function tickName(job: string, tenantId: string, at: Instant, precision: "minute" | "millisecond"): string {
  const text = new Date(at).toISOString();
  return `job/${job}/${tenantId}/${precision === "minute" ? `${text.slice(0, 16)}Z` : text}`;
}
