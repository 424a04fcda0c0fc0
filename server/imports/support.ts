/*
 * Whether a newer text still carries a claim as well as the quote did that it stood on. What stands here looks at words
 * and numbers only: it may flag, with its reason, and never says that something is supported. A check that understands
 * takes its place by the same interface.
 */

export interface SupportCheck {
  /** Whether the support of the claim dropped from the quote to the newer text. The label of no file is known here. */
  dropped(claim: string, quote: string, newer: string): boolean;
}

/** Words that carry nothing by themselves. */
const EMPTY = new Set(
  "a an the of in on at to for by with and or as is are was were be been being has have had it its this that these those from which who whom whose he she they his her their there also into than then so such".split(
    " ",
  ),
);
const NEGATION = /\b(?:not|no|never|none|neither|nor|without|n't|cannot|fail(?:s|ed)? to|denie[sd])\b|n['’]t\b/giu;
const MORE = /\b(?:more than|over|above|at least|exceed(?:s|ed|ing)?|greater than|upwards of|after|since)\b/iu;
const LESS = /\b(?:less than|fewer than|under|below|at most|up to|no more than|almost|nearly|before|by)\b/iu;

const stem = (word: string): string =>
  word.length > 4 ? word.replace(/(?:ies|ied)$/u, "y").replace(/(?:ing|ed|es|s|ly)$/u, "") : word;

const wordsOf = (text: string): string[] =>
  (
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/\p{L}[\p{L}'’]*|\d+(?:[.,]\d+)*/gu) ?? []
  )
    .filter((word) => !EMPTY.has(word))
    .map((word) => (/\d/.test(word) ? word.replaceAll(/,(?=\d{3})/g, "") : stem(word)));

const isNumber = (word: string): boolean => /^\d/.test(word);

const DAY = /^(?:19|20)\d\d$/;

/** Amounts of a text: its numbers but for years, as numbers. */
const amountsOf = (words: readonly string[]): number[] =>
  words.filter((word) => isNumber(word) && !DAY.test(word)).map((word) => Number(word.replace(",", ".")));

/** Whether an amount that the text names satisfies what the claim asks of one; null when it asks nothing that can be told. */
function boundHolds(claim: string, text: readonly string[]): boolean | null {
  const asked = amountsOf(wordsOf(claim));
  if (asked.length !== 1) return null;
  const more = MORE.test(claim);
  const less = LESS.test(claim);
  if (more === less) return null;
  const told = amountsOf(text);
  if (told.length === 0) return null;
  // The amount that is meant is the nearest one: others of the sentence count something else.
  const bound = asked[0]!;
  const nearest = told.reduce((best, one) => (Math.abs(one - bound) < Math.abs(best - bound) ? one : best));
  return more ? nearest >= bound : nearest <= bound;
}

/** How well a text carries a claim, from words and numbers alone: the share of the claim's words that it has. */
export function overlap(claim: string, text: string): number {
  const asked = [...new Set(wordsOf(claim))];
  if (asked.length === 0) return 0;
  const words = wordsOf(text);
  const told = new Set(words);
  const bound = boundHolds(claim, words);
  let sum = 0;
  let most = 0;
  for (const word of asked) {
    // A number that differs says more than a word that does.
    const weight = isNumber(word) ? (bound === null ? 2 : 0) : 1;
    most += weight;
    if (told.has(word)) sum += weight;
  }
  const negations = (value: string): number => (value.match(NEGATION)?.length ?? 0) % 2;
  const agrees = negations(claim) === negations(text) ? 0 : 0.15;
  const bounds = bound === null ? 0 : bound ? 0.3 : -0.3;
  return (most === 0 ? 0 : sum / most) + bounds - agrees;
}

/** The passage of a text that carries the claim best: as many sentences as the quote had. */
export function bestPassage(claim: string, quote: string, text: string): string {
  if (text.length <= quote.length * 2) return text;
  const sentences = text.match(/[^\n.!?]+(?:[.!?]+|\n|$)/gu) ?? [text];
  const width = Math.max(1, quote.match(/[.!?](?:\s|$)/gu)?.length ?? 1);
  let best = "";
  let most = -Infinity;
  for (let i = 0; i < sentences.length; i++) {
    const passage = sentences.slice(i, i + width).join("");
    const carried = overlap(claim, passage);
    if (carried > most) [best, most] = [passage, carried];
  }
  return best;
}

/** By words: dropped when the best passage of the newer text has less of the claim than the quote had. */
export const byOverlap: SupportCheck = {
  dropped: (claim, quote, newer) => overlap(claim, bestPassage(claim, quote, newer)) < overlap(claim, quote),
};
