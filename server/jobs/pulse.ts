import { randomUUID } from "node:crypto";
import type { Instant } from "../../graph-schema/time.js";
import type { Graph, Guard } from "../graph/graph.js";
import { claim, leaseGuard, LeaseLost, newRun, release, type Lease } from "./lease.js";
import { backoffMs, go, keepAlive, masked, within, type Performed, type Troubles, type Work } from "./perform.js";
import { setLease } from "./lease.query.js";
import { addBeat, type RunRow } from "./run.query.js";
import { tickName } from "./tick.js";

/** After failures it pauses, but never so long that others wait for it. */
const LONGEST_QUIET_MS = 10_000;

interface Held {
  readonly lease: Lease;
  readonly alive: ReturnType<typeof keepAlive>;
}

/**
 * A job that beats within the minute. Its lease is kept from beat to beat, so that a beat with nothing to do writes nothing,
 * and what its beats did stands in one run for each minute.
 */
export class Pulse {
  #held: Held | null = null;
  #failures = 0;
  #quietUntil = 0;

  constructor(
    readonly graph: Graph,
    readonly job: Performed,
    readonly tenantId: string,
    readonly work: Work,
    readonly troubles: Troubles,
  ) {}

  get holds(): boolean {
    return this.#held !== null;
  }

  /** One beat at `at`; with `asked` the runs that were asked for go first. Answers its effects, or null when another process has the job. */
  async beat(at: Instant, asked: boolean, stopping: AbortSignal): Promise<number | null> {
    if (at < this.#quietUntil) return null;
    const held = this.#held ?? (await this.#take());
    if (held === null) return null;
    try {
      if (asked) await this.#runAsked(held.lease, stopping);
      const effects = await this.#once(held, at, stopping);
      this.#failures = 0;
      return effects;
    } catch (error) {
      // What timed out may still be at work: without its lease it writes nothing more.
      await this.close().catch(() => undefined);
      this.#quietUntil = at + Math.min(LONGEST_QUIET_MS, backoffMs(++this.#failures));
      throw error;
    }
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    held?.alive.stop();
    if (held !== null) await release(this.graph, held.lease);
  }

  async #take() {
    const { name: job, leaseMs: ttlMs, maxAttempts } = this.job;
    const claimed = await claim(this.graph, { tenantId: this.tenantId, job, ttlMs, maxAttempts, idle: true });
    if (claimed === null) return null;
    this.#held = { lease: claimed.lease, alive: keepAlive(this.graph, claimed.lease) };
    if (claimed.run !== null) await this.#run(claimed.lease, claimed.run);
    return this.#held;
  }

  async #runAsked(lease: Lease, stopping: AbortSignal): Promise<void> {
    const { name: job, leaseMs: ttlMs, maxAttempts } = this.job;
    while (!stopping.aborted) {
      const claimed = await claim(this.graph, { tenantId: this.tenantId, job, ttlMs, maxAttempts, lease });
      if (claimed?.run === null || claimed === null) return;
      await this.#run(lease, claimed.run, stopping);
    }
  }

  async #run(lease: Lease, run: RunRow, stopping?: AbortSignal): Promise<void> {
    const { graph, job, work, troubles } = this;
    if ((await go(graph, job, lease, run, { work, troubles, cut: stopping }, true)) !== "DONE") await this.close();
  }

  async #once(held: Held, at: Instant, stopping: AbortSignal): Promise<number> {
    const { name: job, timeoutMs } = this.job;
    const { lease, alive } = held;
    const guard = leaseGuard(lease);
    const name = tickName(job, this.tenantId, at, "minute");
    const signal = AbortSignal.any([alive.lost, stopping]);
    try {
      const effects = await within(timeoutMs, signal, (given) =>
        this.work({
          name: tickName(job, this.tenantId, at, "millisecond"),
          scheduledAt: at,
          dryRun: false,
          guard,
          signal: given,
          trouble: (error) => this.troubles(error, { job, run: name, correlationId: "" }),
        }),
      );
      if (effects > 0) await this.#note(name, at, guard, effects, { status: "DONE", error: null });
      return effects;
    } catch (error) {
      if (error instanceof LeaseLost || signal.aborted) throw error;
      const correlationId = randomUUID();
      this.troubles(error, { job, run: name, correlationId });
      await this.#note(name, at, guard, 0, { status: "FAILED", error: masked(error, correlationId) });
      throw error;
    }
  }

  async #note(name: string, at: Instant, guard: Guard, effects: number, changed: Pick<RunRow, "status" | "error">) {
    const minute = Math.floor(at / 60_000) * 60_000;
    const born = { ...newRun(this.job.name, minute), startedAt: at, attempt: 1 };
    const { graph, tenantId, job } = this;
    await graph.guardedBy(guard).write({ tenantId }, async (tx) => {
      await tx.run(addBeat, { name, born, beat: String(at), effects, changed: { ...changed, finishedAt: at } });
      await tx.run(setLease, { job: job.name, changed: { lastRun: name } });
    });
  }
}
