import type { Logger } from "pino";
import { ulid } from "ulid";
import type { Instant } from "../../graph-schema/time.js";
import { recordUsage } from "../domains/tenant/usage.service.js";
import type { Graph } from "../graph/graph.js";

/** How often this process tells the graph what it counted, and hears what the others did. */
const TELL_EVERY_MS = 5_000;
/** Stopping waits no longer for a graph that is away: the last few seconds go uncounted then. */
const CLOSE_MS = 3_000;
const DAY_MS = 86_400_000;

export interface Quota {
  /** Counts a request of the tenant; false when its day is used up. */
  take(tenantId: string): boolean;
  /** Milliseconds until the next day, in UTC. */
  untilTomorrow(): number;
  /** Tells the graph now. */
  tell(): Promise<void>;
  /** Tells it for the last time. */
  close(): Promise<void>;
}

interface Count {
  readonly tenantId: string;
  readonly day: string;
  /** Requests that this process let in. */
  mine: number;
  /** How many of them the graph knows. */
  told: number;
  /** What other processes had let in when the graph was last asked. */
  others: number;
}

/**
 * Requests of a tenant in a day, all processes and restarts together: each counts in memory and tells the graph every few
 * seconds, so it is the count that may be late by as much, and never the request. When the graph can't be told, requests go
 * on as counted here: whatever they want of it fails by itself.
 */
export function createQuota(options: { graph: Graph; perDay: number; log: Logger; now?: () => Instant }): Quota {
  const { graph, perDay, log, now = Date.now } = options;
  const process = ulid();
  const counts = new Map<string, Count>();
  const today = (): string => new Date(now()).toISOString().slice(0, 10);

  async function tellOne(count: Count): Promise<void> {
    const { tenantId, day, mine } = count;
    try {
      const all = await recordUsage(graph, tenantId, { day, process, requests: mine });
      count.told = mine;
      count.others = Math.max(0, all - mine);
    } catch (error) {
      log.warn({ err: error, tenant_id: tenantId }, "a tenant's usage couldn't be recorded; trying again");
    }
  }

  async function tellAll(): Promise<void> {
    for (const [key, count] of counts) {
      if (count.mine > count.told) await tellOne(count);
      if (count.day !== today() && count.mine === count.told) counts.delete(key);
    }
  }
  // One round at a time: an older count never overwrites a newer one, and rounds don't pile up before a graph that is away.
  let round: Promise<void> | undefined;
  const tell = (): Promise<void> => (round ??= tellAll().finally(() => (round = undefined)));
  const timer = setInterval(() => void tell(), TELL_EVERY_MS).unref();

  return {
    take(tenantId) {
      const day = today();
      const key = `${tenantId} ${day}`;
      let count = counts.get(key);
      if (count === undefined) {
        count = { tenantId, day, mine: 0, told: 0, others: 0 };
        counts.set(key, count);
        // What was counted before this process began is heard at once.
        setImmediate(() => void tell());
      }
      if (count.mine + count.others >= perDay) return false;
      count.mine++;
      return true;
    },
    untilTomorrow: () => DAY_MS - (now() % DAY_MS),
    tell,
    async close() {
      clearInterval(timer);
      // The round that runs may have passed a tenant by already.
      await within(CLOSE_MS, tell().then(tell));
    },
  };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
