import { z } from "zod";
import { defineQuery, noRow, params } from "../graph/query.js";

/*
 * A job's lease in a tenant: who runs it just now, and what there is to run. All times are the database's, so that no
 * replica's clock counts.
 */

export const RUN_STATUSES = ["WAITING", "RUNNING", "RETRYING", "DONE", "FAILED", "SKIPPED"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const instantOrNull = z.number().nullable();

const leaseRow = z.object({
  job: z.string(),
  description: z.string().nullable(),
  schedule: z.string().nullable(),
  timeZone: z.string().nullable(),
  /** The newest scheduled instant that was taken notice of; ticks at or before it are nobody's any more. */
  last: instantOrNull,
  nextAt: instantOrNull,
  /** Name of the run that ended last. */
  lastRun: z.string().nullable(),
  /** Names of the runs that are due and not finished, oldest first. */
  open: z.array(z.string()),
  /** The oldest of them waits until then, after a failure. */
  wakeAt: instantOrNull,
  holder: z.string().nullable(),
  /** Counts up with each holder: who has an older one has lost the lease. */
  fence: z.number(),
  /** Names the taking of it, so that a taking whose COMMIT reply was lost finds itself. */
  token: z.string().nullable(),
  until: z.number(),
});
export type LeaseRow = z.infer<typeof leaseRow>;

const LEASE = `{job: l.id, description: l.description, schedule: l.schedule, timeZone: l.timeZone, last: l.last, nextAt: l.nextAt, lastRun: l.lastRun,
  open: coalesce(l.open, []), wakeAt: l.wakeAt, holder: l.holder, fence: coalesce(l.fence, 0), token: l.token, until: coalesce(l.until, 0)}`;

/** Locks the lease, made if it isn't there, and tells what its last holder committed. */
export const lockLease = defineQuery({
  name: "lockLease",
  mode: "write",
  scope: "tenant",
  params: params<{ job: string }>(),
  cypher: `MERGE (l:Lease {tenantId: $tenantId, id: $job})
SET l._lock = true
RETURN ${LEASE} AS lease, datetime.realtime().epochMillis AS now`,
  row: z.object({ lease: leaseRow, now: z.number() }),
});

export const setLease = defineQuery({
  name: "setLease",
  mode: "write",
  scope: "tenant",
  params: params<{ job: string; changed: Partial<Omit<LeaseRow, "job">> }>(),
  cypher: `MATCH (l:Lease {tenantId: $tenantId, id: $job}) SET l += $changed`,
  row: noRow,
});

/**
 * First statement of each write of a lease's holder. Compared under the lock: a plain read let a stale holder write. It renews
 * the lease: whoever writes is alive, and a renewal of its own would wait behind all that the holder writes meanwhile.
 */
export const holdLease = defineQuery({
  name: "holdLease",
  mode: "write",
  scope: "tenant",
  params: params<{ job: string; fence: number; ttlMs: number }>(),
  cypher: `MATCH (l:Lease {tenantId: $tenantId, id: $job})
SET l._lock = true
WITH l, datetime.realtime().epochMillis AS now
WITH l, now, l.fence = $fence AND l.until > now AS held
SET l.until = CASE WHEN held THEN now + $ttlMs ELSE l.until END
RETURN held`,
  row: z.object({ held: z.boolean() }),
});

/** Every lease of the tenant, and the database's clock: one row also where there are none. */
export const leasesQuery = defineQuery({
  name: "leases",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `OPTIONAL MATCH (l:Lease {tenantId: $tenantId}) WHERE l.id > ""
WITH CASE WHEN l IS NULL THEN null ELSE ${LEASE} END AS lease
RETURN collect(lease) AS leases, datetime.realtime().epochMillis AS now`,
  row: z.object({ leases: z.array(leaseRow), now: z.number() }),
});

export const leaseQueries = [lockLease, setLease, holdLease, leasesQuery];
