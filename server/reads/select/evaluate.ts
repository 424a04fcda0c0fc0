import { WEIGHED_LABELS } from "../lineage/standing.query.js";
import { opposite, TooMuch, within, type Walk } from "../lineage/walk.query.js";
import { meaningOf, type Expression, type Test } from "./expression.js";
import { belonging, bounded, check, find, isProperty, linked, MAX_SELECTED, trusted, type Property } from "./find.js";

/*
 * What an expression selects. A set of nodes is found, or some nodes are sifted by it; of an `and` the part that seems
 * smallest is found and the others sift it, so that `+episode:*` beside one source never reads every episode.
 */

type Sifted = ReadonlySet<string>;
type Reach = Expression & { kind: "reach" };

const both = (a: Sifted, b: Sifted): Sifted => new Set([...a].filter((id) => b.has(id)));
const without = (a: Sifted, b: Sifted): Sifted => new Set([...a].filter((id) => !b.has(id)));

/** A part stands for more nodes than it may. */
export class TooWide extends Error {
  override readonly name = "TooWide";
  constructor(readonly at: number) {
    super();
  }
}

const negated = (of: Expression): Expression => {
  if (of.kind === "not") return of.of;
  if (of.kind === "and" || of.kind === "or")
    return { kind: of.kind === "and" ? "or" : "and", at: of.at, of: of.of.map(negated) };
  return { kind: "not", at: of.at, of };
};

/** The same with each `not` right before a test or a reach, and nothing of a kind within its kind. */
export function normal(expression: Expression): Expression {
  if (expression.kind === "test") return expression;
  if (expression.kind === "reach") return { ...expression, of: normal(expression.of) };
  if (expression.kind === "not") {
    const of = normal(expression.of);
    return of.kind === "test" || of.kind === "reach" ? { ...expression, of } : normal(negated(of));
  }
  const of = expression.of.map(normal).flatMap((one) => (one.kind === expression.kind ? one.of : [one]));
  return { ...expression, of };
}

const propertyOf = (one: Expression): Property | null => {
  const test = one.kind === "not" ? one.of : one;
  return test.kind === "test" && isProperty(test) ? { test, not: one.kind === "not" } : null;
};

/** How many nodes a part may stand for, as a guess: the lower, the sooner it is found. */
function breadth(one: Expression): number {
  const property = propertyOf(one);
  if (property !== null) {
    if (property.not) return 9;
    const { field } = property.test;
    return field === "id" ? 0 : field === "title" ? 3 : field === "label" ? 7 : 5;
  }
  switch (one.kind) {
    case "test":
      return one.field === "links" || one.field === "confidence" ? 8 : 2;
    case "reach":
      return breadth(one.of) + 1;
    case "and":
      return Math.min(...one.of.map(breadth));
    case "or":
      return Math.max(...one.of.map(breadth));
    case "not":
      return 9;
  }
}

/** What is sought from outwards rather than from the nodes at hand. */
const NARROW = 4;

export class Evaluation {
  readonly #found = new Map<string, Promise<Sifted>>();

  constructor(readonly walk: Walk) {}

  /** All nodes that the expression selects. Throws `TooWide`, naming the part, or `TooMuch` when everything together is. */
  find(one: Expression): Promise<Sifted> {
    const key = meaningOf(one);
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#find(one).catch((error: unknown) => {
        throw error instanceof TooMuch && this.walk.allowance.left >= 0 ? new TooWide(one.at) : error;
      });
      this.#found.set(key, found);
    }
    return found;
  }

  async #find(one: Expression): Promise<Sifted> {
    const property = propertyOf(one);
    if (property !== null) return find(this.walk, [property]);
    switch (one.kind) {
      case "test":
        return this.#findTest(one);
      case "reach":
        return this.walk.reach(await this.find(one.of), one.way, one.hops ?? Number.POSITIVE_INFINITY, MAX_SELECTED);
      case "not":
        return this.sift(one, await find(this.walk, []));
      case "or": {
        const all = new Set<string>();
        for (const part of one.of) for (const id of await this.find(part)) all.add(id);
        return bounded(all);
      }
      case "and":
        return this.#findAll(one.of);
    }
  }

  async #findTest(test: Test): Promise<Sifted> {
    if (test.field === "owner" || test.field === "channel" || test.field === "topic") return belonging(this.walk, test);
    const at = { kind: "test", at: test.at, field: "label", values: WEIGHED_LABELS } as const;
    return this.sift(test, await find(this.walk, test.field === "confidence" ? [{ test: at, not: false }] : []));
  }

  /** Finds the narrowest part that isn't too wide, and sifts it by the others. */
  async #findAll(parts: readonly Expression[]): Promise<Sifted> {
    const properties = parts.flatMap((part) => propertyOf(part) ?? []);
    const others = parts.filter((part) => propertyOf(part) === null);
    const starts = others.map((part) => ({ breadth: breadth(part), part: part as Expression | null }));
    if (properties.length > 0) {
      const own = Math.min(...parts.filter((part) => propertyOf(part) !== null).map(breadth));
      starts.push({ breadth: own, part: null });
    }
    let last: unknown;
    for (const { part } of starts.sort((a, b) => a.breadth - b.breadth)) {
      let found: Sifted;
      try {
        found = part === null ? await find(this.walk, properties) : await this.find(part);
      } catch (error) {
        if (this.walk.allowance.left < 0 || !(error instanceof TooMuch || error instanceof TooWide)) throw error;
        last = error;
        continue;
      }
      if (part !== null && properties.length > 0) found = await check(this.walk, found, properties);
      const rest = others.filter((other) => other !== part).sort((a, b) => breadth(a) - breadth(b));
      for (const other of rest) found = await this.sift(other, found);
      return found;
    }
    throw last;
  }

  /** Those of the nodes that the expression selects. */
  async sift(one: Expression, ids: Sifted): Promise<Sifted> {
    if (ids.size === 0) return ids;
    const property = propertyOf(one);
    if (property !== null) return check(this.walk, ids, [property]);
    switch (one.kind) {
      case "test":
        if (one.field === "links") return linked(this.walk, ids, one.values);
        if (one.field === "confidence") return trusted(this.walk, ids, one.values);
        return both(ids, await this.find(one));
      case "not":
        return without(ids, await this.sift(one.of, ids));
      case "and": {
        let left = ids;
        for (const part of one.of) left = await this.sift(part, left);
        return left;
      }
      case "or": {
        const all = new Set<string>();
        for (const part of one.of) for (const id of await this.sift(part, without(ids, all))) all.add(id);
        return all;
      }
      case "reach":
        return this.#siftReach(one, ids);
    }
  }

  /** Either from what the reach begins at, or from the nodes at hand: first where there should be less to read. */
  async #siftReach(one: Reach, ids: Sifted): Promise<Sifted> {
    const outwards = async () => both(ids, await this.find(one));
    const inwards = () => this.#meet(one, ids);
    const [first, second] = breadth(one.of) < NARROW ? [outwards, inwards] : [inwards, outwards];
    try {
      return await first();
    } catch (error) {
      if (this.walk.allowance.left < 0 || !(error instanceof TooMuch || error instanceof TooWide)) throw error;
      return second();
    }
  }

  /** A node is within reach of something exactly when something is within its own reach the other way. */
  async #meet(one: Reach, ids: Sifted): Promise<Sifted> {
    const hops = one.hops ?? Number.POSITIVE_INFINITY;
    const around = await this.walk.reach(ids, opposite(one.way), hops, MAX_SELECTED);
    const met = await this.sift(one.of, around);
    return both(ids, within(met, this.walk.back(one.way, around), hops));
  }
}
