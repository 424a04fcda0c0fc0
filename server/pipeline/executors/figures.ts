import { measureOf } from "../../domains/fact/facts-of-text.js";
import type { ClaimKind } from "../../../graph-schema/nodes/claim.js";
import { daysOf } from "../../trace/dates.js";
import { tokensOf } from "../../trace/words.js";

/* What a sentence counts, of which day, and what kind of claim it makes. */

export interface Figure {
  readonly value: number;
  readonly unit: string;
  /** The day that the sentence names, YYYY-MM-DD; null when it names none. */
  readonly day: string | null;
}

/** The one number of a sentence that has a unit; null for none, or for several of which nobody can say which is meant. */
export function figureOf(sentence: string): Figure | null {
  const { value, unit } = measureOf(withoutDates(sentence));
  return value === null || unit === null ? null : { value, unit, day: dayOf(sentence) };
}

/** The only day that a sentence names; of a month or a year its last. */
export function dayOf(sentence: string): string | null {
  const days = daysOf(tokensOf(sentence)).days.filter(({ year }) => year !== null);
  const [only] = days;
  if (only === undefined || days.length > 1) return null;
  const { year, month, day } = only;
  const last = new Date(Date.UTC(year!, month ?? 12, 0));
  const named = day === null ? last : new Date(Date.UTC(year!, month! - 1, day));
  return named.toISOString().slice(0, 10);
}

const MONTH =
  "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec";
const DATE = new RegExp(
  `\\b(?:\\d{1,2} (?:${MONTH})\\.?(?: \\d{4})?|(?:${MONTH})\\.? \\d{1,2}(?:, ?\\d{4})?|(?:${MONTH})\\.? \\d{4}|(?:in|since|by|until|from|of) (?:1[5-9]|20)\\d{2}|\\d{4}-\\d{2}-\\d{2})\\b`,
  "gu",
);
const withoutDates = (sentence: string): string => sentence.replace(DATE, " ");

/** Words by which a sentence tells what kind of claim it makes; the first line that fits counts. What changes soonest stands first. */
const KINDS: readonly (readonly [ClaimKind, RegExp])[] = [
  [
    "PRICE",
    /[$€£¥]\s?\d|\b\d[\d.,]*\s?(?:dollars?|euros?|pounds?|yen|USD|EUR|GBP)\b|\b(?:prices?|priced|costs?)\b.*\d/iu,
  ],
  [
    "OFFICE_HOLDER",
    /\b(?:is|are|serves? as|heads?|leads?)\b.*\b(?:president|minister|chancellor|mayor|governor|chair(?:man|woman)?|director|CEO|chief executive|head of|secretary)\b/iu,
  ],
  ["LAW", /\b(?:laws?|legal|illegal|statutes?|regulations?|directive|court|ruled|ruling)\b/iu],
  ["COUNT", /\b(?:is|are|has|have|employs?|owns?|counts?|consists?|contains?|holds?)\b.*\d/iu],
  [
    "SCIENCE",
    /\b(?:theorem|theory|study|studies|researchers?|scientists?|matri(?:x|ces)|physics|quantum|measured|experiments?|species)\b/iu,
  ],
  ["HISTORY", /\b(?:1\d|20)\d{2}\b|\b(?:was|were|had)\b/u],
  ["PRODUCT", /\b(?:versions?|releases?|released|features?|browsers?|software|devices?|apps?)\b/iu],
  ["COUNT", /\d/u],
];

/** Decides how long the claim keeps before somebody checks it again. */
export const kindOf = (sentence: string): ClaimKind =>
  KINDS.find(([, pattern]) => pattern.test(withoutDates(sentence)))?.[0] ?? (/\d/.test(sentence) ? "HISTORY" : "OTHER");
