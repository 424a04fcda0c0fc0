import type { Services } from "../server/services.js";

/** What one run of a job is given. */
export interface Tick {
  /** `job/<name>/<tenant>/<instant>`: the same on every replica. */
  readonly name: string;
  readonly tenantId: string;
  /** The instant that it was scheduled for, in epoch milliseconds: what a job computes with, whenever it runs. */
  readonly scheduledAt: number;
  /** Everything written through these is refused once the job's lease is lost. */
  readonly services: Services;
  /** Aborted when the lease is lost or the time is over. */
  readonly signal: AbortSignal;
  /** Tells the log of what went wrong and doesn't keep the rest from being done. */
  trouble(error: unknown): void;
  /** Of one effect of this run: derives from its name, so that a second go finds the first one's. */
  operationId(part: string | number): string;
}

/** A piece of work that is done again and again: a schedule and one call of a service. */
export interface Job {
  /** At most 40 of a-z, 0-9 and hyphen. */
  readonly name: string;
  /** One sentence for whoever reads the list of jobs. */
  readonly description: string;
  /**
   * A cron expression of five fields; each of its ticks is a run of its own. Of six, where it beats within the minute: then
   * the lease is kept from beat to beat, and the history has a run for each minute in which something was done.
   */
  readonly schedule: string;
  readonly timeZone: string;
  /** Runs begin up to so many milliseconds after their instant, each tenant's at another moment. */
  readonly jitterMs: number;
  /** Longest run, in milliseconds. */
  readonly timeoutMs: number;
  /** Goes of one run, with a pause between them that doubles, until it has failed. */
  readonly maxAttempts: number;
  /** Milliseconds without a sign of life after which another process takes the job over. */
  readonly leaseMs: number;
  /** Once for each tenant, or once for the platform. */
  readonly scope: "tenant" | "platform";
  /** Answers how many effects it had. */
  run(tick: Tick): Promise<number>;
  /** How many effects it would have: a dry run calls this alone. */
  due(tick: Tick): Promise<number>;
}

const DEFAULTS = { timeZone: "UTC", jitterMs: 0, timeoutMs: 60_000, maxAttempts: 3, leaseMs: 30_000 } as const;

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export function defineJob(
  job: Pick<Job, "name" | "description" | "schedule" | "scope" | "run" | "due"> & Partial<Job>,
): Job {
  if (!NAME.test(job.name)) throw new Error(`a job's name is at most 40 of a-z, 0-9 and hyphen, unlike ${job.name}`);
  return { ...DEFAULTS, ...job };
}
