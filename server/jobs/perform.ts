import { randomUUID } from "node:crypto";
import type { Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import type { Graph, Guard } from "../graph/graph.js";
import { claim, finish, leaseGuard, LeaseLost, renew, type Lease, type RunEnd, type ScheduledTick } from "./lease.js";
import type { RunRow } from "./run.query.js";

/** What performing a job needs to know of it. */
export interface Performed {
  readonly name: string;
  /** Goes of one run, until it has failed. */
  readonly maxAttempts: number;
  /** Longest go, in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds after which a holder that gives no sign of life loses the job. */
  readonly leaseMs: number;
}

/** One go of a run: what it writes, it writes through a graph with this guard. */
export interface Go {
  readonly name: string;
  readonly scheduledAt: Instant;
  readonly dryRun: boolean;
  readonly guard: Guard;
  /** Aborted when the lease is lost, the time is over or the process stops. */
  readonly signal: AbortSignal;
  /** Tells of what went wrong and doesn't end the go. */
  trouble(error: unknown): void;
}

/** Does the job, and answers how many effects it had, or would have had. */
export type Work = (go: Go) => Promise<number>;

/** Told what goes wrong, with the id that the run's error names. */
export type Troubles = (
  error: unknown,
  told: { readonly job: string; readonly run: string; readonly correlationId: string },
) => void;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;

/** Before the next go: twice as long each time, less up to half of it, so that those who failed together don't come back together. */
export const backoffMs = (attempt: number, random: () => number = Math.random): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)) * (1 - random() / 2);

/**
 * Takes notice of the tick, if there is one, and then runs what is open, oldest first, while nobody else does. Answers how
 * the runs ended.
 */
export async function perform(
  graph: Graph,
  job: Performed,
  tenantId: string,
  options: {
    tick?: ScheduledTick | undefined;
    work: Work;
    troubles: Troubles;
    stopping?: AbortSignal | undefined;
    cut?: AbortSignal | undefined;
  },
): Promise<RunEnd["status"][]> {
  const ends: RunEnd["status"][] = [];
  const { name, leaseMs: ttlMs, maxAttempts } = job;
  let { tick } = options;
  while (options.stopping?.aborted !== true) {
    const claimed = await claim(graph, { tenantId, job: name, ttlMs, maxAttempts, tick });
    tick = undefined;
    if (claimed?.run === null || claimed === null) break;
    const end = await go(graph, job, claimed.lease, claimed.run, options);
    if (end === null) break;
    ends.push(end);
  }
  return ends;
}

/** One go under a lease. Answers null when the lease was lost: then the run is its next holder's. */
export async function go(
  graph: Graph,
  job: Performed,
  lease: Lease,
  run: RunRow,
  { work, troubles, cut }: { work: Work; troubles: Troubles; cut?: AbortSignal | undefined },
  keep = false,
): Promise<RunEnd["status"] | null> {
  const held = keepAlive(graph, lease);
  try {
    const end = await attempt(job, run, lease, work, AbortSignal.any([held.lost, ...(cut ? [cut] : [])]), troubles);
    await finish(graph, lease, run, end, keep);
    return end.status;
  } catch (error) {
    troubles(error, { job: job.name, run: run.name, correlationId: randomUUID() });
    if (error instanceof LeaseLost) return null;
    throw error;
  } finally {
    held.stop();
  }
}

async function attempt(
  job: Performed,
  run: RunRow,
  lease: Lease,
  work: Work,
  lost: AbortSignal,
  troubles: Troubles,
): Promise<RunEnd> {
  try {
    const { name, scheduledAt, dryRun } = run;
    const effects = await within(job.timeoutMs, lost, (signal) =>
      work({
        name,
        scheduledAt,
        dryRun,
        guard: leaseGuard(lease),
        signal,
        trouble: (error) => troubles(error, { job: job.name, run: name, correlationId: "" }),
      }),
    );
    return { status: "DONE", effects };
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const correlationId = randomUUID();
    troubles(error, { job: job.name, run: run.name, correlationId });
    const told = masked(error, correlationId);
    return run.attempt < job.maxAttempts
      ? { status: "RETRYING", error: told, afterMs: backoffMs(run.attempt) }
      : { status: "FAILED", error: told };
  }
}

/** What the history says of a failure: words of ours, never a stack nor anything of the database. */
export const masked = (error: unknown, correlationId: string): string =>
  error instanceof DomainError && error.code !== "INTERNAL"
    ? error.message
    : `Something went wrong on our side; the log tells what under ${correlationId}.`;

/** Runs `work` until it ends, its time is over or it is no longer wanted. */
export async function within<T>(
  ms: number,
  unwanted: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new DomainError("TIMEOUT", `It took longer than ${ms / 1000} s.`)), ms);
  const signal = AbortSignal.any([timeout.signal, unwanted]);
  const ended = new Promise<never>((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  ended.catch(() => undefined);
  try {
    return await Promise.race([work(signal), ended]);
  } finally {
    clearTimeout(timer);
  }
}

/** Parts of its time: how often a lease is looked at, from when on it is renewed, and when its holder takes it for lost. */
const LOOK = 0.1;
const RENEW = 0.3;
const LOST = 0.8;

/**
 * Renews a lease while it is held, unless a write of its holder has done so; `lost` tells when it isn't held any more. Of a
 * database that doesn't answer its holder takes it for lost before its time is over, so that what it has at work has stopped
 * when the next one begins.
 */
export function keepAlive(graph: Graph, lease: Lease): { readonly lost: AbortSignal; stop(): void } {
  const lost = new AbortController();
  let asking = false;
  const look = (): void => {
    const silent = (performance.now() - lease.held.since) / lease.ttlMs;
    if (silent >= LOST) lost.abort(new LeaseLost(lease));
    else if (silent >= RENEW && !asking) {
      asking = true;
      renew(graph, lease)
        // A database that doesn't answer isn't a loss yet: the next renewal may come in time.
        .catch((error: unknown) => void (error instanceof LeaseLost && lost.abort(error)))
        .finally(() => (asking = false));
    }
  };
  const timer = setInterval(look, lease.ttlMs * LOOK);
  timer.unref();
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}
