import type { Token } from "./words.js";

/*
 * The numbers of a text with what is said of them: their unit, what they count, and the bound that "more than" or "at least"
 * sets. A number stands for an interval, so that "over 400" and "422" can be held against each other.
 */

export type QuantityKind = "count" | "percent" | "money" | "score" | "ordinal";

export interface Quantity {
  readonly kind: QuantityKind;
  readonly value: number;
  /** What is said of the thing counted: at least `low`, at most `high`; `open` says that the ends don't belong to it. */
  readonly low: number;
  readonly high: number;
  readonly open: boolean;
  /** It was bounded in words: "more than", "at most", "between". */
  readonly bounded: boolean;
  /** Half a unit of the last digit written: what "1.3 million" leaves open. */
  readonly slack: number;
  /** First and last token that belong to it. */
  readonly from: number;
  readonly to: number;
  /** Stems near it, each with its nearness, 1 for a neighbour. */
  readonly near: ReadonlyMap<string, number>;
}

const ONES =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ORDINALS =
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(
    " ",
  );
const SMALL = new Map<string, number>([
  ...ONES.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
  ["dozen", 12],
  ["twice", 2],
  ["thrice", 3],
]);
const ORDINAL = new Map(ORDINALS.map((word, i) => [word, i + 1] as const));
const MAGNITUDE = new Map<string, number>([
  ["hundred", 1e2],
  ["thousand", 1e3],
  ["k", 1e3],
  ["lakh", 1e5],
  ["lakhs", 1e5],
  ["million", 1e6],
  ["millions", 1e6],
  ["mn", 1e6],
  ["m", 1e6],
  ["crore", 1e7],
  ["crores", 1e7],
  ["billion", 1e9],
  ["billions", 1e9],
  ["bn", 1e9],
  ["trillion", 1e12],
]);
const CURRENCY = new Set(["$", "€", "£", "¥", "₹"]);
const CURRENCY_WORD = new Set([
  "dollar",
  "dollars",
  "euro",
  "euros",
  "pounds",
  "rupees",
  "yen",
  "yuan",
  "usd",
  "eur",
  "gbp",
]);

const MORE =
  /(?:\b(?:more|greater|higher|larger|longer|better|bigger|older) than|\b(?:over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|upwards? of|topp(?:ed|ing)|beyond)|>)(?: (?:a|an|the|of|total|rating|score))*$/;
const LESS =
  /(?:\b(?:less|fewer|lower|smaller|shorter|worse|younger) than|\b(?:under|below|short of|beneath)|<)(?: (?:a|an|the|of|total|rating|score))*$/;
const LEAST = /\b(?:at least|a minimum of|minimum|no (?:less|fewer) than|not (?:less|fewer) than)(?: a)?$/;
const MOST = /\b(?:at most|up to|a maximum of|maximum|(?:no|not) more than|at the most)(?: a)?$/;
const ABOUT = /\b(?:about|around|approximately|roughly|circa|some|estimated|approx \.|approx)(?: (?:a|an|the))?$/;
const ALMOST = /\b(?:almost|nearly|close to)(?: (?:a|an|the))?$/;

/** Words to either side that tell what a number counts. */
const REACH = 7;

/** Quantities of a text; tokens that belong to dates are told by `taken` and passed over. */
export function quantitiesOf(tokens: readonly Token[], taken: ReadonlySet<number>): Quantity[] {
  const found: { from: number; to: number; value: number; kind: QuantityKind; slack: number }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (taken.has(i)) continue;
    const read = readNumber(tokens, i, taken);
    if (read === null) continue;
    found.push({ from: i, ...read });
    i = read.to;
  }
  const numbers = new Set(found.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n)));
  return found.map((one) => bounded(one, tokens, numbers, taken));
}

function readNumber(tokens: readonly Token[], at: number, taken: ReadonlySet<number>) {
  const token = tokens[at]!;
  let to = at;
  let value: number;
  let unit = 1;
  let kind: QuantityKind = "count";
  if (token.kind === "number") {
    const plain = token.text.replaceAll(/,(?=\d)/g, "");
    value = Number(/\..*\./.test(plain) ? plain.replaceAll(".", "") : plain);
    const decimals = /\.(\d+)$/.exec(plain)?.[1]?.length ?? 0;
    unit = 10 ** -decimals;
    const next = tokens[at + 1];
    if (next !== undefined && !next.spaced && /^(?:st|nd|rd|th)$/.test(next.lower))
      return { to: at + 1, value, kind: "ordinal" as const, slack: 0 };
  } else if (SMALL.has(token.lower)) {
    // "One of them" counts nothing.
    if (token.lower === "one" && /^(?:of|another|day|who|that|in)$/.test(tokens[at + 1]?.lower ?? "")) return null;
    value = SMALL.get(token.lower)!;
    const next = tokens[at + 1];
    const afterDash = next?.text === "-" ? tokens[at + 2] : next;
    const ones = afterDash === undefined ? undefined : SMALL.get(afterDash.lower);
    if (value >= 20 && ones !== undefined && ones < 10) {
      value += ones;
      to = next!.text === "-" ? at + 2 : at + 1;
    }
  } else if (ORDINAL.has(token.lower)) {
    return { to: at, value: ORDINAL.get(token.lower)!, kind: "ordinal" as const, slack: 0 };
  } else if (token.lower === "no" && /^(?:death|case|recovery|goal)$/.test(tokens[at + 1]?.stem ?? "")) {
    return { to: at, value: 0, kind, slack: 0 };
  } else return null;
  if (!Number.isFinite(value)) return null;
  const half = [1, 2, 3].map((n) => tokens[to + n]?.lower);
  if (half[0] === "and" && (half[1] === "half" || (half[1] === "a" && half[2] === "half"))) {
    value += 0.5;
    to += half[1] === "half" ? 2 : 3;
  }
  for (let next = tokens[to + 1]; next !== undefined && MAGNITUDE.has(next.lower); next = tokens[to + 1]) {
    // A lone "m" is a metre, but not in "$5m".
    if (next.lower.length < 2 && (next.spaced || !CURRENCY.has(tokens[at - 1]?.text ?? ""))) break;
    const by = MAGNITUDE.get(next.lower)!;
    value *= by;
    unit *= by;
    to += 1;
  }
  // "82.5/100", "7.1 out of 10"
  const slash = tokens[to + 1]?.text === "/" && tokens[to + 2]?.kind === "number" && !taken.has(to + 2);
  const outOf = tokens[to + 1]?.lower === "out" && tokens[to + 2]?.lower === "of" && tokens[to + 3]?.kind === "number";
  if (slash || outOf) {
    to += slash ? 2 : 3;
    kind = "score";
  } else if (tokens[to + 1]?.text === "%" || /^percent/.test(tokens[to + 1]?.lower ?? "")) {
    to += 1;
    kind = "percent";
  } else if (CURRENCY.has(tokens[at - 1]?.text ?? "") || CURRENCY_WORD.has(tokens[to + 1]?.lower ?? "")) kind = "money";
  // Only what was written with a magnitude, or ends in zeros, was rounded.
  const zeros = /0{2,}$/.exec(token.text.replaceAll(",", ""))?.[0].length ?? 0;
  const slack = unit > 1 || token.text.includes(".") ? unit / 2 : zeros > 0 ? 10 ** zeros / 2 : 0;
  return { to, value, kind, slack };
}

function bounded(
  { from, to, value, kind, slack }: { from: number; to: number; value: number; kind: QuantityKind; slack: number },
  tokens: readonly Token[],
  numbers: ReadonlySet<number>,
  taken: ReadonlySet<number>,
): Quantity {
  const words: string[] = [];
  for (let i = from - 1; i >= 0 && i >= from - 6 && words.length < 5; i--) {
    const { lower } = tokens[i]!;
    if (numbers.has(i) || /^[.;,]$/.test(lower)) break;
    if (!CURRENCY.has(lower) && lower !== '"') words.unshift(lower);
  }
  const before = words.join(" ");
  const after = tokens
    .slice(to + 1, to + 4)
    .map(({ lower }) => lower)
    .join(" ");
  const far = Math.max(1, Math.abs(value));
  let [low, high, open, isBounded] = [value, value, false, true];
  if (LEAST.test(before) || /^(?:\+|or (?:more|higher|above|over))/.test(after)) high = Infinity;
  else if (MOST.test(before) || /^or (?:less|fewer|below|lower|under)/.test(after)) low = -Infinity;
  else if (MORE.test(before)) [high, open] = [Infinity, true];
  else if (LESS.test(before)) [low, open] = [-Infinity, true];
  else if (ALMOST.test(before)) [low, open] = [value - far * 0.1, true];
  else if (ABOUT.test(before)) [low, high] = [value - far * 0.1, value + far * 0.1];
  else isBounded = false;
  const near = new Map<string, number>();
  for (const step of [-1, 1]) {
    let distance = 0;
    for (let i = step < 0 ? from - 1 : to + 1; i >= 0 && i < tokens.length && distance < REACH; i += step) {
      const token = tokens[i]!;
      if (/^[.;]$/.test(token.text) && tokens[i + 1]?.sentence !== token.sentence) break;
      if (token.kind === "mark") {
        // A comma or bracket begins something else.
        if (/^[,;()]$/.test(token.text)) distance += 2;
        continue;
      }
      if (numbers.has(i)) distance += 1;
      if (token.kind !== "word" || token.empty || numbers.has(i) || taken.has(i) || BOUND_WORD.has(token.lower))
        continue;
      distance += 1;
      near.set(token.stem, Math.max(near.get(token.stem) ?? 0, 1 / (distance + (step < 0 ? 0.5 : 0))));
    }
  }
  return { kind, value, low, high, open, bounded: isBounded, slack, from, to, near };
}

/** Words that set a bound say nothing else. */
export const BOUND_WORD: ReadonlySet<string> = new Set(
  "more less fewer than over under above below least most higher lower greater about around approximately roughly nearly almost up exceeding exceeded exceeds exceed total".split(
    " ",
  ),
);

export type Held = "holds" | "differs";

/** Whether what the evidence says of an amount agrees with what the claim says of it. */
export function holds(claim: Quantity, told: Quantity): Held {
  const end = Math.max(1e-9, Math.abs(told.value) * 1e-9);
  if (claim.bounded) {
    // "Over 422" is 422 and a little more: nobody would say so of 800.
    const least = told.bounded && told.high === Infinity ? told.value + (told.open ? end : 0) : told.value;
    const value = told.bounded && told.low === -Infinity ? told.value - (told.open ? end : 0) : least;
    const isAbove = claim.open && claim.low !== -Infinity ? value > claim.low : value >= claim.low;
    const isBelow =
      claim.open && claim.high !== Infinity
        ? value < claim.high || (claim.low > -Infinity && value <= claim.high)
        : value <= claim.high;
    return isAbove && isBelow ? "holds" : "differs";
  }
  if (told.bounded && Number.isFinite(told.low) && Number.isFinite(told.high))
    return claim.value >= told.low && claim.value <= told.high ? "holds" : "differs";
  // What the one has rounded, the other may tell in full.
  const slack = Math.max(told.slack < claim.slack ? claim.slack : 0, claim.slack < told.slack ? told.slack : 0, end);
  return Math.abs(claim.value - told.value) <= slack ? "holds" : "differs";
}

export interface Compared {
  readonly quantity: Quantity;
  readonly told: Quantity | null;
  readonly held: Held | "missing";
  /** How sure it is that both count the same thing, 0 to 1. */
  readonly sure: number;
}

/** Each amount of the claim beside the one of the evidence that most likely counts the same; none is used twice. */
export function compareQuantities(claim: readonly Quantity[], evidence: readonly Quantity[]): Compared[] {
  const pairs = claim.flatMap((quantity, i) =>
    evidence.flatMap((told, j) => {
      const score = likeness(
        quantity,
        told,
        claim.length === 1 ? 0 : i / (claim.length - 1),
        evidence.length === 1 ? 0 : j / (evidence.length - 1),
      );
      return score === null ? [] : [{ i, j, score }];
    }),
  );
  pairs.sort((a, b) => b.score - a.score || a.i - b.i || a.j - b.j);
  const mates = new Map<number, { j: number; score: number }>();
  const used = new Set<number>();
  for (const { i, j, score } of pairs) {
    if (mates.has(i) || used.has(j)) continue;
    mates.set(i, { j, score });
    used.add(j);
  }
  return claim.map((quantity, i) => {
    const mate = mates.get(i);
    if (mate === undefined) return { quantity, told: null, held: "missing", sure: 0 };
    const told = evidence[mate.j]!;
    return { quantity, told, held: holds(quantity, told), sure: Math.min(1, context(quantity, told)) };
  });
}

function context(a: Quantity, b: Quantity): number {
  let shared = 0;
  for (const [stem, weight] of a.near) {
    const other = b.near.get(stem);
    if (other !== undefined) shared += Math.sqrt(weight * other);
  }
  return shared;
}

/** Null where they can't count the same. */
function likeness(claim: Quantity, told: Quantity, place: number, toldPlace: number): number | null {
  if (claim.kind !== told.kind) {
    const loose = new Set<QuantityKind>(["count", "money"]);
    const isScore =
      (claim.kind === "score" && told.kind === "count") || (claim.kind === "count" && told.kind === "score");
    if (!(loose.has(claim.kind) && loose.has(told.kind)) && !isScore) return null;
  }
  const ratio = Math.abs(Math.log((Math.abs(claim.value) + 1) / (Math.abs(told.value) + 1)));
  const close = 1 / (1 + ratio * 2);
  const exact = claim.value === told.value ? 0.3 : 0;
  return (
    1.2 * Math.min(1.5, context(claim, told)) +
    0.9 * close +
    exact +
    (claim.kind === told.kind ? 0.4 : 0) -
    0.2 * Math.abs(place - toldPlace)
  );
}
