import { createHash } from "node:crypto";
import type { Services } from "../server/services.js";
import type { Job, Tick } from "./job.js";
import type { Schedule } from "./schedule.js";

type Desk = Services["jobs"];
type Work = Parameters<Desk["pulse"]>[2];
type Go = Parameters<Work>[0];
type Troubles = Parameters<Desk["pulse"]>[3];
type Leases = Awaited<ReturnType<Desk["leases"]>>;

/** Where the runs of jobs stand that are the platform's. */
export const PLATFORM_TENANT = "system";

/** Tenants that have jobs, by status. */
const SERVED: readonly string[] = ["ACTIVE", "SUSPENDED"];

/** The list of tenants may be so old: a new tenant's jobs begin within that time. */
const TENANTS_MS = 5_000;
/** Tenants that are looked at side by side. */
const WIDTH = 4;
/** A stop waits so long for what runs. */
const STOP_MS = 8_000;

export interface Scheduled {
  readonly job: Job;
  readonly schedule: Schedule;
}

/** What a job is given for one go. */
export const workOf =
  (services: Services, job: Job, tenantId: string): Work =>
  ({ name, scheduledAt, dryRun, guard, signal, trouble }: Go) => {
    const tick: Tick = {
      name,
      tenantId,
      scheduledAt,
      services: services.guardedBy(guard),
      signal,
      trouble,
      operationId: (part) => `${name}/${part}`,
    };
    return dryRun ? job.due(tick) : job.run(tick);
  };

/** Each tenant's runs begin at a moment of their own within the jitter, the same on every replica. */
export function jitterOf({ name, jitterMs }: Job, tenantId: string): number {
  if (jitterMs === 0) return 0;
  return createHash("sha256").update(`${name} ${tenantId}`).digest().readUInt32BE(0) % jitterMs;
}

/**
 * Looks at every tenant once a beat, and begins what is due. All that it goes by stands in the graph, the time included: the
 * newest tick that was taken notice of, what is open, who has the lease. So any number of replicas may look, a process that
 * was away catches up with the newest tick that it missed, and no replica's clock counts.
 */
export class Scheduler {
  readonly #busy = new Map<string, Promise<void>>();
  readonly #pulses = new Map<string, ReturnType<Desk["pulse"]>>();
  readonly #pulsedAt = new Map<string, number>();
  /** Nothing more is begun. */
  readonly #stopping = new AbortController();
  /** What still runs isn't waited for any longer. */
  readonly #cut = new AbortController();
  #tenants: { readonly ids: readonly string[]; readonly at: number } = { ids: [], at: -Infinity };
  #looking: Promise<void> | null = null;

  constructor(
    readonly services: Services,
    readonly jobs: readonly Scheduled[],
    readonly troubles: Troubles,
  ) {}

  /** One look. A look that still goes on when the next is due stands for it. */
  beat(): Promise<void> {
    if (this.#stopping.signal.aborted) return Promise.resolve();
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** Begins nothing more, waits a little for what runs, and gives the leases up. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
    await Promise.race([Promise.all(this.#busy.values()), enough]);
    clearTimeout(timer);
    this.#cut.abort(new Error("the process stops"));
    await Promise.all([...this.#pulses.values()].map((pulse) => pulse.close().catch(() => undefined)));
  }

  async #look(): Promise<void> {
    try {
      const tenants = [PLATFORM_TENANT, ...(await this.#tenantIds())];
      const waiting = tenants[Symbol.iterator]();
      await Promise.all(
        Array.from({ length: WIDTH }, async () => {
          for (const tenantId of waiting) await this.#lookAt(tenantId);
        }),
      );
    } catch (error) {
      // A database that is away comes back; the next look finds what is due then.
      this.#trouble(error, "look");
    }
  }

  async #tenantIds(): Promise<readonly string[]> {
    if (performance.now() - this.#tenants.at > TENANTS_MS) {
      // Nothing is done for a tenant that is half here, or here no more.
      const ids = (await this.services.tenants()).flatMap(({ id, status }) => (SERVED.includes(status) ? [id] : []));
      this.#tenants = { ids, at: performance.now() };
    }
    return this.#tenants.ids;
  }

  async #lookAt(tenantId: string): Promise<void> {
    const scope = tenantId === PLATFORM_TENANT ? "platform" : "tenant";
    const mine = this.jobs.filter(({ job }) => job.scope === scope);
    if (mine.length === 0) return;
    const seen = await this.services.jobs.leases(tenantId);
    for (const scheduled of mine) {
      const key = `${scheduled.job.name} ${tenantId}`;
      if (this.#busy.has(key) || this.#stopping.signal.aborted) continue;
      const begun = this.#begin(scheduled, tenantId, key, seen);
      if (begun === null) continue;
      const watched = begun
        .then(
          () => undefined,
          (error: unknown) => this.#trouble(error, scheduled.job.name),
        )
        .finally(() => this.#busy.delete(key));
      this.#busy.set(key, watched);
    }
  }

  /** What there is to do for one job in one tenant, begun; null when that is nothing. */
  #begin(
    { job, schedule }: Scheduled,
    tenantId: string,
    key: string,
    { leases, now }: Leases,
  ): Promise<unknown> | null {
    const lease = leases.find((one) => one.job === job.name);
    const { jobs: desk } = this.services;
    const { name, description, timeZone } = job;
    if (lease === undefined || lease.schedule !== job.schedule || lease.timeZone !== timeZone || lease.last === null) {
      const nextAt = schedule.beats ? null : schedule.next(now);
      return desk.enrol(tenantId, { job: name, description, schedule: job.schedule, timeZone, nextAt });
    }
    const free = lease.until <= now;
    const asked = lease.open.length > 0 && (lease.wakeAt ?? 0) <= now;
    if (schedule.beats) return this.#pulse({ job, schedule }, tenantId, key, now, asked, free);
    const until = now - jitterOf(job, tenantId);
    // The graph knows the next tick, so that looking costs nothing until then.
    const due = lease.nextAt !== null && until < lease.nextAt ? null : schedule.latest(lease.last, until);
    if (due === null && !(asked && free)) return null;
    const tick =
      due === null
        ? undefined
        : { name: desk.tickName(name, tenantId, due, "minute"), scheduledAt: due, nextAt: schedule.next(now) };
    const work = workOf(this.services, job, tenantId);
    return desk.perform(job, tenantId, {
      tick,
      work,
      troubles: this.troubles,
      stopping: this.#stopping.signal,
      cut: this.#cut.signal,
    });
  }

  #pulse({ job, schedule }: Scheduled, tenantId: string, key: string, now: number, asked: boolean, free: boolean) {
    const known = this.#pulses.get(key);
    const pulse = known ?? this.services.jobs.pulse(job, tenantId, workOf(this.services, job, tenantId), this.troubles);
    this.#pulses.set(key, pulse);
    if (!pulse.holds && !free) return null;
    if (!asked && schedule.latest(this.#pulsedAt.get(key) ?? 0, now) === null) return null;
    this.#pulsedAt.set(key, now);
    return pulse.beat(now, asked, this.#cut.signal);
  }

  #trouble(error: unknown, job: string): void {
    if (this.#stopping.signal.aborted) return;
    this.troubles(error, { job, run: "", correlationId: "" });
  }
}
