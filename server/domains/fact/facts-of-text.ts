import { findQuote, type Quote } from "./quote.js";

/*
 * Which sentences of a text become facts. The rule is arithmetic, so that the same text gives the same facts:
 * a sentence of 30 to 400 characters that names a number, a day, or somebody or something by name. Numbers count 2, a date 2,
 * a name 1, and at most 3 names; the sentences with the highest sum are taken, earlier ones first among equals.
 */

/** Most facts of one page, and of one excerpt. */
export const MAX_FACTS = { FULL: 50, EXCERPT: 5 } as const;

const LENGTH = { min: 30, max: 400 };
/** Characters before and after a quote that tell it from its twins. */
const CONTEXT = 32;

/** A number in square brackets is a reference's mark. */
const NUMBER = /(?<![\p{L}\d[])\d+(?:[.,]\d+)*/gu;
/** Marks of references that a sentence's end leaves to it or to the next one: `[10]`, or a part of it. */
const MARKS_BEFORE = /^\s*(?:\[?\d{1,3}\]\s*)+/u;
const MARKS_AFTER = /(?:\s*\[(?:\d{1,3}\]?)?)+\s*$/u;
const MONTH =
  "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec";
const DATE = new RegExp(
  `\\b(?:\\d{1,2} )?(?:${MONTH})\\.? (?:\\d{1,2},? )?\\d{4}\\b|\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b(?:in|since|by|until) (?:1[5-9]|20)\\d{2}\\b`,
  "iu",
);
/** Words that begin with a capital, but for the first of the sentence. */
const NAME = /(?<=[\p{L}\d,;:)"”’] )(?:\p{Lu}[\p{L}'’-]+)(?: \p{Lu}[\p{L}'’-]+)*/gu;
const UNIT =
  /^\s?(%|percent|per cent|million|billion|trillion|km|kg|metres|meters|miles|people|years|euros?|dollars?)(?!\p{L})/iu;

export interface QuotedFact {
  readonly quote: Quote;
  readonly statement: string;
  readonly kind: "KEY_FACT" | "DATA_POINT";
  readonly value: number | null;
  readonly unit: string | null;
}

export interface Sentence {
  readonly start: number;
  readonly text: string;
}

/** Sentences, none of which runs over a line: a heading is no part of what follows it. */
export function* sentencesOf(text: string): Generator<Sentence> {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  for (const { 0: line, index } of text.matchAll(/[^\n]+/gu)) {
    for (const part of segmenter.segment(line)) {
      const before = MARKS_BEFORE.exec(part.segment)?.[0].length ?? 0;
      const trimmed = part.segment.slice(before).replace(MARKS_AFTER, "").trim();
      if (trimmed === "") continue;
      yield { start: index + part.index + part.segment.indexOf(trimmed, before), text: trimmed };
    }
  }
}

const bare = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim();

/** Whether words are a whole sentence of a quote, or all of it: a part of a sentence may say what the whole denies. */
export function saysVerbatim(words: string, quote: string): boolean {
  const wanted = bare(words);
  return (
    wanted !== "" && [quote, ...[...sentencesOf(quote)].map(({ text }) => text)].some((one) => bare(one) === wanted)
  );
}

export function weigh(sentence: string): number {
  const numbers = sentence.match(NUMBER)?.length ?? 0;
  const names = sentence.match(NAME)?.length ?? 0;
  return (numbers > 0 ? 2 : 0) + (DATE.test(sentence) ? 2 : 0) + Math.min(names, 3);
}

/** The facts of a text, in its order, each with a quote that stands in it exactly and is found at its place. */
export function factsOf(text: string, most: number): QuotedFact[] {
  const seen = new Set<string>();
  return [...sentencesOf(text)]
    .map((sentence) => ({ ...sentence, weight: weigh(sentence.text) }))
    .filter(({ text: { length }, weight }) => weight > 0 && length >= LENGTH.min && length <= LENGTH.max)
    .filter((sentence) => !seen.has(sentence.text) && seen.add(sentence.text))
    .sort((a, b) => b.weight - a.weight || a.start - b.start)
    .slice(0, most)
    .sort((a, b) => a.start - b.start)
    .map(({ start, text: exact }) => factAt(text, start, exact))
    .filter((fact) => findQuote(text, fact.quote) !== -1);
}

function factAt(text: string, start: number, exact: string): QuotedFact {
  return { quote: quoteAt(text, start, exact), statement: exact, ...measureOf(exact) };
}

/** The quote at a place of a text, with what stands around it. */
export function quoteAt(text: string, start: number, exact: string): Quote {
  const end = start + exact.length;
  return {
    prefix: wholeFrom(text.slice(Math.max(0, start - CONTEXT), start)),
    exact,
    suffix: wholeTo(text.slice(end, end + CONTEXT)),
  };
}

// Half of a surrogate pair at a cut would be damage.
const wholeFrom = (context: string): string => context.replace(/^[\uDC00-\uDFFF]/, "");
const wholeTo = (context: string): string => context.replace(/[\uD800-\uDBFF]$/, "");

/** A sentence with one number that has a unit is a data point; with more numbers nobody can say which is meant. */
export function measureOf(sentence: string): Pick<QuotedFact, "kind" | "value" | "unit"> {
  const numbers = [...sentence.matchAll(NUMBER)];
  const [only] = numbers;
  const none = { kind: "KEY_FACT", value: null, unit: null } as const;
  if (only === undefined || numbers.length > 1) return none;
  const unit = UNIT.exec(sentence.slice(only.index + only[0].length))?.[1];
  const value = Number(only[0].replaceAll(/,(?=\d{3})/g, ""));
  return unit === undefined || !Number.isFinite(value) ? none : { kind: "DATA_POINT", value, unit: unit.toLowerCase() };
}
