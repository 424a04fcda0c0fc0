import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import type { Graph, Guard, WriteTx } from "../graph/graph.js";
import { holdLease, leasesQuery, lockLease, setLease, type LeaseRow } from "./lease.query.js";
import { findRun, setRun, type RunRow } from "./run.query.js";

/** Due runs that may queue behind one another; what comes on top is recorded as skipped. */
const MAX_OPEN = 100;

/** A lease that was taken: its holder's writes go through while nobody else has taken it and its time isn't over. */
export interface Lease {
  readonly tenantId: string;
  readonly job: string;
  readonly fence: number;
  readonly token: string;
  readonly ttlMs: number;
  /** By this process's own clock (performance.now): asked then, the database answered that it is held. Nobody takes it for `ttlMs` from then on. */
  readonly held: { since: number };
}

/** Throws in every write of a holder that isn't one any more. */
export class LeaseLost extends DomainError {
  constructor(lease: Lease) {
    super("UNAVAILABLE", `The lease of ${lease.job} is lost: another process has the job now, or its time was over.`);
    this.name = "LeaseLost";
  }
}

/** A tick of the schedule, as any replica sees it. */
export interface ScheduledTick {
  readonly name: string;
  readonly scheduledAt: Instant;
  readonly nextAt: Instant | null;
}

export interface Claim {
  readonly lease: Lease;
  /** The oldest open run, now running; null when there is none and the lease was wanted all the same. */
  readonly run: RunRow | null;
}

export interface ClaimRequest {
  readonly tenantId: string;
  readonly job: string;
  readonly ttlMs: number;
  /** Runs that began as often and weren't finished have failed. */
  readonly maxAttempts: number;
  readonly tick?: ScheduledTick | undefined;
  /** Takes the lease though nothing is open: for jobs that go on and on. */
  readonly idle?: boolean;
  /** A lease that is held already. */
  readonly lease?: Lease | undefined;
}

/** This process, for people who look who has a job. */
export const thisHolder = (): string => `${hostname()}/${process.pid}`;

export const leaseGuard = (lease: Lease): Guard => ({
  tenantId: lease.tenantId,
  maxMs: lease.ttlMs,
  async hold(tx) {
    const since = performance.now();
    const [row] = await tx.run(holdLease, { job: lease.job, fence: lease.fence, ttlMs: lease.ttlMs });
    if (row?.held !== true) throw new LeaseLost(lease);
    return () => void (lease.held.since = Math.max(lease.held.since, since));
  },
});

/** The tenant's leases, and what time it is for the database. */
export async function readLeases(graph: Graph, tenantId: string): Promise<{ leases: LeaseRow[]; now: Instant }> {
  const [row] = await graph.read({ tenantId }, leasesQuery, {});
  if (row === undefined) throw new Error("the leases are one row");
  return row;
}

/** Takes notice of a job's definition, so that whoever asks the graph knows it and its next run. */
export async function enrol(
  graph: Graph,
  tenantId: string,
  job: Pick<LeaseRow, "job" | "description" | "schedule" | "timeZone" | "nextAt">,
): Promise<void> {
  await graph.write({ tenantId }, async (tx) => {
    const { lease, now } = await locked(tx, job.job);
    const { job: _, ...known } = job;
    // A job that is new here begins with its next tick; one that was here catches up with what it missed.
    await tx.run(setLease, { job: job.job, changed: { ...known, last: lease.last ?? now } });
  });
}

/**
 * Takes notice of a tick, and takes the lease where it is free and there is something to run. Answers null otherwise:
 * whoever has the lease runs it, or the next to ask once that one's time is over.
 */
export async function claim(graph: Graph, request: ClaimRequest): Promise<Claim | null> {
  const { tenantId, job, ttlMs, tick } = request;
  const taking = randomUUID();
  const token = request.lease?.token ?? taking;
  const { value } = await graph.write({ tenantId }, async (tx) => {
    const since = performance.now();
    const { lease, now } = await locked(tx, job);
    const open = [...lease.open];
    if (tick !== undefined && tick.scheduledAt > (lease.last ?? 0)) {
      const skipped = open.length >= MAX_OPEN;
      if (!skipped) open.push(tick.name);
      const status = skipped ? "SKIPPED" : "WAITING";
      await tx.run(setRun, { name: tick.name, born: newRun(job, tick.scheduledAt), changed: { status } });
      await tx.run(setLease, { job, changed: { last: tick.scheduledAt, nextAt: tick.nextAt, open } });
    }
    const mine = lease.token === token;
    const over = lease.until <= now;
    if (request.lease === undefined ? !mine && !over : !mine || over) return null;
    const asleep = lease.wakeAt !== null && lease.wakeAt > now;
    const run = asleep ? null : await startOldest(tx, request, open, now, taking);
    if (run === null && request.idle !== true) {
      await tx.run(setLease, { job, changed: { open } });
      return null;
    }
    const fence = mine ? lease.fence : lease.fence + 1;
    const taken = { holder: thisHolder(), fence, token, until: now + ttlMs };
    await tx.run(setLease, { job, changed: { ...taken, open, wakeAt: asleep ? lease.wakeAt : null } });
    return { lease: { tenantId, job, fence, token, ttlMs, held: { since } }, run };
  });
  return value;
}

/** The oldest open run that may still be tried; those that may not are failed, and leave `open`. */
async function startOldest(
  tx: WriteTx,
  { maxAttempts }: ClaimRequest,
  open: string[],
  now: Instant,
  taking: string,
): Promise<RunRow | null> {
  for (let name = open[0]; name !== undefined; name = open[0]) {
    const [run] = await tx.run(findRun, { name });
    if (run === undefined) throw new Error(`the run ${name} is open and isn't there`);
    // A second go of this transaction, after its COMMIT's reply was lost, finds the run that the first one began.
    const attempt = run.taking === taking ? run.attempt : run.attempt + 1;
    if (attempt <= maxAttempts) {
      const started = {
        status: "RUNNING",
        startedAt: now,
        attempt,
        holder: thisHolder(),
        error: null,
        taking,
      } as const;
      await tx.run(setRun, { name, born: {}, changed: started });
      return { ...run, ...started };
    }
    const error = run.error ?? "Its process ended before it was done.";
    await tx.run(setRun, { name, born: {}, changed: { status: "FAILED", finishedAt: now, error } });
    open.shift();
  }
  return null;
}

/** Holds the lease for longer. Throws LeaseLost when it isn't held any more. */
export async function renew(graph: Graph, lease: Lease): Promise<void> {
  const scope = { tenantId: lease.tenantId, timeoutMs: lease.ttlMs, urgent: true };
  const { value: kept } = await graph.write(scope, (tx) => leaseGuard(lease).hold(tx));
  kept();
}

export type RunEnd =
  | { readonly status: "DONE"; readonly effects: number }
  | { readonly status: "FAILED"; readonly error: string }
  | { readonly status: "RETRYING"; readonly error: string; readonly afterMs: number };

/** Writes how a run ended, and gives the lease up unless it is kept. Throws LeaseLost when it isn't this holder's any more. */
export async function finish(graph: Graph, lease: Lease, run: RunRow, end: RunEnd, keep = false): Promise<void> {
  await graph.write({ tenantId: lease.tenantId, urgent: true }, async (tx) => {
    const { lease: row, now } = await locked(tx, lease.job);
    const [found] = await tx.run(findRun, { name: run.name });
    // The first go of this transaction did it, and only its COMMIT's reply was lost.
    if (row.token === lease.token && found?.attempt === run.attempt && found.status === end.status) return;
    if (row.fence !== lease.fence || row.until <= now) throw new LeaseLost(lease);
    const { status } = end;
    const told = end.status === "DONE" ? { effects: end.effects, error: null } : { error: end.error };
    const finishedAt = status === "RETRYING" ? null : now;
    await tx.run(setRun, { name: run.name, born: {}, changed: { status, finishedAt, ...told } });
    const wakeAt = end.status === "RETRYING" ? now + end.afterMs : null;
    const ended =
      end.status === "RETRYING" ? {} : { open: row.open.filter((name) => name !== run.name), lastRun: run.name };
    await tx.run(setLease, { job: lease.job, changed: { wakeAt, ...ended, ...(keep ? {} : GIVEN_UP) } });
  });
}

const GIVEN_UP = { until: 0, holder: null } as const;

/** Gives the lease up, if it is still this holder's. */
export async function release(graph: Graph, lease: Lease): Promise<void> {
  await graph.write({ tenantId: lease.tenantId, urgent: true }, async (tx) => {
    const { lease: row } = await locked(tx, lease.job);
    if (row.fence === lease.fence) await tx.run(setLease, { job: lease.job, changed: GIVEN_UP });
  });
}

export const newRun = (job: string, scheduledAt: Instant, dryRun = false): Partial<RunRow> => ({
  job,
  scheduledAt,
  attempt: 0,
  effects: 0,
  dryRun,
});

export async function locked(tx: WriteTx, job: string): Promise<{ lease: LeaseRow; now: Instant }> {
  const [row] = await tx.run(lockLease, { job });
  if (row === undefined) throw new Error("a lease is one row");
  return row;
}
