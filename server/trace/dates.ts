import type { Token } from "./words.js";

/* The days, months and years of a text, and what is said of them: "before 2015", "as of 6 April". Parts may be missing. */

export interface Day {
  readonly year: number | null;
  readonly month: number | null;
  readonly day: number | null;
  readonly relation: "on" | "before" | "after" | "by";
  /** It says when a count was taken, or begins the sentence: another day is another count, not another fact. */
  readonly asOf: boolean;
  readonly from: number;
  readonly to: number;
}

const MONTHS = "january february march april may june july august september october november december".split(" ");
const SHORT = new Map([...MONTHS.map((name, i) => [name.slice(0, 3), i + 1] as const), ["sept", 9]]);
const monthOf = ({ kind, text, lower }: Token): number | null => {
  if (kind !== "word" || !/^\p{Lu}/u.test(text)) return null;
  const full = MONTHS.indexOf(lower);
  return full >= 0 ? full + 1 : (SHORT.get(lower) ?? null);
};

const isYear = (token: Token | undefined): boolean =>
  token?.kind === "number" && /^(?:1[0-9]|20)\d\d$/.test(token.text);
const isDay = (token: Token | undefined): boolean =>
  token?.kind === "number" && /^\d{1,2}$/.test(token.text) && Number(token.text) >= 1 && Number(token.text) <= 31;

/** Days of a text, with the tokens that they take. */
export function daysOf(tokens: readonly Token[]): { days: Day[]; taken: Set<number> } {
  const days: Day[] = [];
  const taken = new Set<number>();
  for (let i = 0; i < tokens.length; i++) {
    const read = readDay(tokens, i);
    if (read === null) continue;
    const { from, to } = read;
    for (let n = from; n <= to; n++) taken.add(n);
    days.push({ ...read, ...relationOf(tokens, from) });
    i = to;
  }
  return { days, taken };
}

type Bare = Omit<Day, "relation" | "asOf">;

function readDay(tokens: readonly Token[], at: number): Bare | null {
  const token = tokens[at]!;
  const suffix = (n: number) => (/^(?:st|nd|rd|th)$/.test(tokens[n]?.lower ?? "") && !tokens[n]!.spaced ? 1 : 0);
  // 2020-04-06
  if (
    isYear(token) &&
    tokens[at + 1]?.text === "-" &&
    isDay(tokens[at + 2]) &&
    tokens[at + 3]?.text === "-" &&
    isDay(tokens[at + 4])
  )
    return {
      year: Number(token.text),
      month: Number(tokens[at + 2]!.text),
      day: Number(tokens[at + 4]!.text),
      from: at,
      to: at + 4,
    };
  // 6 April 2020, 6th of April
  if (isDay(token)) {
    let n = at + 1 + suffix(at + 1);
    if (tokens[n]?.lower === "of") n += 1;
    const month = tokens[n] === undefined ? null : monthOf(tokens[n]!);
    if (month !== null) return withYear(tokens, { month, day: Number(token.text), from: at, to: n });
    return null;
  }
  const month = monthOf(token);
  if (month !== null) {
    // April 6, 2020 and April 2020
    if (isDay(tokens[at + 1])) {
      const to = at + 1 + suffix(at + 2);
      return withYear(tokens, { month, day: Number(tokens[at + 1]!.text), from: at, to });
    }
    if (isYear(tokens[at + 1])) return withYear(tokens, { month, day: null, from: at, to: at });
    // "May" and "March" alone are more than months.
    const before = tokens[at - 1]?.lower ?? "";
    if (/^(?:in|since|by|until|of|during|before|after|late|early|mid|-)$/.test(before))
      return { year: null, month, day: null, from: at, to: at };
    return null;
  }
  if (isYear(token)) {
    const next = tokens[at + 1];
    // An amount, not a year: "1,500 people" has a comma, "$1500" a sign, "1617 cases" a count.
    if (/^[$€£₹]$/.test(tokens[at - 1]?.text ?? "") || /^[%]$/.test(next?.text ?? "")) return null;
    const COUNTED =
      /^(?:case|people|person|review|population|death|recovery|point|goal|vote|home|house|employ|student|view|seat|km|mile|meter|metr|foot|feet|confirm|death|recovery|day|coronavirus|million|thousand|dollar|crore)/;
    if (next !== undefined && next.kind === "word" && COUNTED.test(next.stem)) return null;
    if (/^(?:than|over|under|reached|exactly|total|approximately)$/.test(tokens[at - 1]?.lower ?? "")) return null;
    return { year: Number(token.text), month: null, day: null, from: at, to: at };
  }
  return null;
}

function withYear(tokens: readonly Token[], bare: Omit<Bare, "year">): Bare {
  const next = tokens[bare.to + 1]?.text === "," ? bare.to + 2 : bare.to + 1;
  return isYear(tokens[next]) ? { ...bare, year: Number(tokens[next]!.text), to: next } : { ...bare, year: null };
}

function relationOf(tokens: readonly Token[], from: number): Pick<Day, "relation" | "asOf"> {
  const words = tokens.slice(Math.max(0, from - 4), from).map(({ lower }) => lower);
  const before = words.join(" ");
  const tail = "(?: (?:the|end|start|beginning|of|early|late|mid|middle|year|\\(|,))*$";
  const begins = from - words.length <= 0 || /(?:^|[.] )[a-z]+(?: of)?$/.test(before) || from <= 3;
  const asOf =
    new RegExp(`\\b(?:as of|as at|as on)${tail}`).test(before) ||
    (begins && new RegExp(`\\b(?:by|on|until)${tail}`).test(before));
  if (new RegExp(`\\b(?:before|prior to|earlier than|until)${tail}`).test(before)) return { relation: "before", asOf };
  if (new RegExp(`\\b(?:after|since|later than|following)${tail}`).test(before)) return { relation: "after", asOf };
  if (new RegExp(`\\b(?:by)${tail}`).test(before)) return { relation: "by", asOf };
  return { relation: "on", asOf };
}

/** Like a date as one number, as far as both sides know it: -1, 0 or 1; null where they share nothing. */
function order(told: Day, asked: Day): number | null {
  if (told.year !== null && asked.year !== null && told.year !== asked.year) return Math.sign(told.year - asked.year);
  if (told.year === null && asked.year === null && told.month === null) return null;
  if ((told.year === null) !== (asked.year === null) && (told.month === null || asked.month === null)) return null;
  if (told.month === null || asked.month === null) return 0;
  if (told.month !== asked.month) return Math.sign(told.month - asked.month);
  if (told.day === null || asked.day === null) return 0;
  return Math.sign(told.day - asked.day);
}

export type DayHeld = "holds" | "differs" | "missing";

/** Whether the evidence's days agree with one of the claim's: one that does is enough. */
export function dayHeld(asked: Day, told: readonly Day[]): DayHeld {
  let compared = false;
  for (const day of told) {
    const which = order(day, asked);
    if (which === null) continue;
    // "Released in 2016" says nothing against "on 19 June" of a year that isn't named.
    compared = true;
    if (
      asked.relation === "before"
        ? which < 0 || (which === 0 && isWider(asked, day))
        : asked.relation === "after"
          ? which > 0 || (which === 0 && isWider(asked, day))
          : asked.relation === "by" && !asked.asOf
            ? which <= 0
            : which === 0
    )
      return "holds";
  }
  return compared ? "differs" : "missing";
}

const isWider = (asked: Day, told: Day): boolean =>
  asked.relation === told.relation && asked.year === told.year && asked.month === told.month && asked.day === told.day;
