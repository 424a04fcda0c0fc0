import type { SeenEvent } from "../../reads/lineage-changed/lineage-changed.query.js";
import { Rest } from "../../reads/lineage-changed/looks.js";

/** So long events wait for a watched lineage that can't be looked over. */
export const KEPT_MS = 3_600_000;

/**
 * What this process knows of watched lineages that couldn't be looked over. It only saves work: another process, or this one
 * begun anew, looks at the same events again, and an alert that was raised isn't raised twice.
 */
export class TroubledWatches {
  readonly #rests = new Map<string, Map<string, Rest>>();
  readonly #kept = new Map<string, ReadonlySet<string>>();

  constructor(readonly now: () => number = Date.now) {}

  /** Of what is watched: whose last look failed, and which of them sit this turn out. What isn't watched any more is forgotten. */
  turn(tenantId: string, watched: readonly string[]): { readonly behind: Set<string>; readonly resting: Set<string> } {
    const rests = watched.flatMap((key) => {
      const rest = this.#rests.get(tenantId)?.get(key);
      return rest === undefined ? [] : [[key, rest] as const];
    });
    if (rests.length === 0) this.#rests.delete(tenantId);
    else this.#rests.set(tenantId, new Map(rests));
    return {
      behind: new Set(rests.map(([key]) => key)),
      resting: new Set(rests.flatMap(([key, rest]) => (rest.sitsOut() ? [key] : []))),
    };
  }

  failed(tenantId: string, key: string): void {
    const rests = this.#rests.get(tenantId) ?? new Map<string, Rest>();
    this.#rests.set(tenantId, rests);
    const rest = rests.get(key) ?? new Rest();
    rests.set(key, rest);
    rest.failed();
  }

  /** A go is committed: who was behind has caught up, and these events stay for the others. */
  done(tenantId: string, { caughtUp, kept }: { caughtUp: readonly string[]; kept: readonly SeenEvent[] }): void {
    for (const key of caughtUp) this.#rests.get(tenantId)?.delete(key);
    if (kept.length === 0) this.#kept.delete(tenantId);
    else this.#kept.set(tenantId, new Set(kept.map(({ id }) => id)));
  }

  /** Whether the event is there only for lineages that couldn't be looked over: the others were. */
  isKept(tenantId: string, eventId: string): boolean {
    return this.#kept.get(tenantId)?.has(eventId) ?? false;
  }

  /**
   * The events that are done with, and those that stay for what couldn't be looked over: none when there was nothing such.
   * What waited too long is given up for it, and the older half where no room is left, so that nothing else has to wait.
   */
  part(
    events: readonly SeenEvent[],
    { missed, full }: { readonly missed: number; readonly full: boolean },
  ): { readonly gone: readonly SeenEvent[]; readonly kept: readonly SeenEvent[]; readonly given: number } {
    if (missed === 0) return { gone: events, kept: [], given: 0 };
    const young = events.findIndex(({ at }) => at > this.now() - KEPT_MS);
    const old = young === -1 ? events.length : young;
    const given = Math.max(old, full ? Math.ceil(events.length / 2) : 0);
    return { gone: events.slice(0, given), kept: events.slice(given), given };
  }
}
