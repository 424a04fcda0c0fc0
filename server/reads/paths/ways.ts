import { ulidOf } from "../lineage/walk.query.js";

/** Paths are counted exactly up to here. */
export const EXACT_PATHS = 1_000;
/** Most nodes that are looked at while paths are told one by one. */
const MAX_STEPS = 300_000;

export interface Ways {
  /** Each from one end to the other, no node twice; the shortest first, those of one length by ids. */
  readonly ways: readonly (readonly string[])[];
  /** True when there are no others, within the length that was asked for. */
  readonly all: boolean;
}

const byUlid = (a: string, b: string): number => (ulidOf(a) < ulidOf(b) ? -1 : ulidOf(a) > ulidOf(b) ? 1 : 0);

/** Hops from each node to `to`. */
function distances(next: ReadonlyMap<string, ReadonlySet<string>>, to: string): Map<string, number> {
  const before = new Map<string, string[]>();
  for (const [from, ends] of next) {
    for (const end of ends) {
      const some = before.get(end);
      if (some === undefined) before.set(end, [from]);
      else some.push(from);
    }
  }
  const found = new Map([[to, 0]]);
  const queue = [to];
  // The loop goes on through what is added to its end.
  for (const id of queue) {
    for (const one of before.get(id) ?? []) {
      if (found.has(one)) continue;
      found.set(one, found.get(id)! + 1);
      queue.push(one);
    }
  }
  return found;
}

/**
 * The simple ways from one node to another, a length at a time: every way of a length is told before the first of the next,
 * and none is begun that can't end in time. `longest` is the length up to which all relations are known.
 */
export function waysBetween(
  next: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
  longest: number,
  most = EXACT_PATHS,
): Ways {
  const left = distances(next, to);
  const ways: string[][] = [];
  const ordered = new Map<string, string[]>();
  const endsOf = (id: string): string[] => {
    let ends = ordered.get(id);
    if (ends === undefined)
      ordered.set(id, (ends = [...(next.get(id) ?? [])].filter((end) => left.has(end)).sort(byUlid)));
    return ends;
  };
  let steps = 0;
  for (let length = left.get(from) ?? Number.POSITIVE_INFINITY; length <= longest; length++) {
    // Whether some way was left only because it would be longer.
    let longer = false;
    const way = [from];
    const on = new Set(way);
    const iterators = [endsOf(from)[Symbol.iterator]()];
    if (length === 0) return { ways: [[from]], all: true };
    while (iterators.length > 0) {
      const { value: id, done } = iterators.at(-1)!.next();
      if (done === true) {
        iterators.pop();
        on.delete(way.pop()!);
        continue;
      }
      if (++steps > MAX_STEPS) return { ways, all: false };
      if (on.has(id)) continue;
      if (id === to) {
        if (way.length < length) continue;
        if (ways.length === most) return { ways, all: false };
        ways.push([...way, id]);
        continue;
      }
      if (way.length + left.get(id)! > length) {
        longer = true;
        continue;
      }
      way.push(id);
      on.add(id);
      iterators.push(endsOf(id)[Symbol.iterator]());
    }
    if (!longer) return { ways, all: longest === Number.POSITIVE_INFINITY };
  }
  return { ways, all: false };
}
