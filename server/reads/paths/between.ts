import { opposite, type Walk, type Way } from "../lineage/walk.query.js";

/** Neighbours of a frontier that are read at first; a side that has more waits until the other one is done or as big. */
const SMALL = 2_000;

export interface Between {
  /** Where one can go from each node, on the way from one end to the other. */
  readonly next: ReadonlyMap<string, ReadonlySet<string>>;
  /** All ways of up to so many hops lie in `next`; without end when all of them do. */
  readonly known: number;
}

/** One end, and how far the search has come from it. */
class Side {
  readonly seen: Set<string>;
  level: readonly string[];
  hops = 0;

  constructor(
    end: string,
    readonly ways: readonly Way[],
  ) {
    this.seen = new Set([end]);
    this.level = [end];
  }

  /** A hop further; null when that would read more than `most` relations. */
  async step(walk: Walk, most: number): Promise<Map<string, string[]> | null> {
    const found = new Map<string, string[]>();
    let room = most;
    for (const way of this.ways) {
      const one = await walk.step(this.level, way, room);
      if (one === null) return null;
      for (const [id, ids] of one) {
        room -= ids.length;
        found.set(id, [...(found.get(id) ?? []), ...ids]);
      }
      if (room < 0) return null;
    }
    const next = new Set([...found.values()].flat().filter((id) => !this.seen.has(id)));
    for (const id of next) this.seen.add(id);
    this.level = [...next];
    this.hops++;
    return found;
  }
}

/**
 * Searches from both ends, always where there is less to read, so that a hub at one end is read only when there is no way
 * around it. It ends when one side has nowhere left to go, as then it has met every way there is; when `enough` says so; or
 * when the walk may read no more.
 */
export async function searchBetween(
  walk: Walk,
  from: string,
  to: string,
  ways: readonly Way[],
  enough: (between: Between) => boolean,
): Promise<Between> {
  const next = new Map<string, Set<string>>();
  const join = (a: string, b: string) => {
    const ends = next.get(a);
    if (ends === undefined) next.set(a, new Set([b]));
    else ends.add(b);
  };
  const start = new Side(from, ways);
  const goal = new Side(to, ways.map(opposite));
  let most = SMALL;
  for (;;) {
    if (start.level.length === 0 || goal.level.length === 0) return { next, known: Number.POSITIVE_INFINITY };
    const between = { next, known: start.hops + goal.hops };
    if (enough(between)) return between;
    const sides = start.level.length <= goal.level.length ? [start, goal] : [goal, start];
    let read: Map<string, string[]> | null = null;
    for (const side of sides) {
      read = await side.step(walk, Math.min(most, walk.allowance.left));
      if (read === null) continue;
      for (const [id, ids] of read)
        for (const other of ids) {
          if (side === start) join(id, other);
          else join(other, id);
        }
      break;
    }
    if (read !== null) continue;
    if (most >= walk.allowance.left) return between;
    most *= 8;
  }
}
