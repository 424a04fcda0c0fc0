import { featuresOf } from "../trace/features.js";
import { judge } from "../trace/model.js";
import { COEFFICIENTS } from "../trace/coefficients.js";

/*
 * Whether a newer text still carries a claim as well as the quote did that it stood on. The claim check tells, by words,
 * numbers, dates and names: it may flag, with its reason, and never says that something is supported. A check that
 * understands takes its place by the same interface.
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
/** A number with what is asked of it: "more than 31", "before 2015". */
const BOUND =
  /\b(?<more>more than|over|above|exceed(?:s|ed|ing)?|greater than|higher than|after|since)\s+\D{0,12}?(?<least>\d[\d.,]*)|\b(?<less>less than|fewer than|under|below|lower than|before)\s+\D{0,12}?(?<most>\d[\d.,]*)|\b(?:at least|a minimum of)\s+(?<from>\d[\d.,]*)|\b(?:at most|up to|a maximum of|no more than)\s+(?<to>\d[\d.,]*)/giu;

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

const YEAR = /^(?:1[5-9]|20)\d\d$/;

const numberOf = (word: string): number => Number(word.replace(/[.,]+$/, "").replaceAll(/,(?=\d{3})/g, ""));

/** What a text says of the bounds that the claim sets: how many hold, less those that don't, of those that it tells anything of. */
function boundsHold(claim: string, told: readonly string[]): number | null {
  let held = 0;
  let asked = 0;
  for (const { groups } of claim.matchAll(BOUND)) {
    const { least, most, from, to } = groups!;
    const written = (least ?? most ?? from ?? to)!;
    const bound = numberOf(written);
    // A year is held against years, an amount against amounts; the nearest one is meant: others count something else.
    const isYear = YEAR.test(written.replace(/[.,]+$/, ""));
    const candidates = told.filter((word) => isNumber(word) && YEAR.test(word) === isYear).map(numberOf);
    if (candidates.length === 0) continue;
    const nearest = candidates.reduce((best, one) => (Math.abs(one - bound) < Math.abs(best - bound) ? one : best));
    const holds =
      least !== undefined
        ? nearest > bound
        : most !== undefined
          ? nearest < bound
          : from !== undefined
            ? nearest >= bound
            : nearest <= bound;
    asked += 1;
    held += holds ? 1 : -1;
  }
  return asked === 0 ? null : held / asked;
}

/** How well a text carries a claim, from words and numbers alone: the share of the claim's words that it has. */
export function overlap(claim: string, text: string): number {
  const asked = [...new Set(wordsOf(claim))];
  if (asked.length === 0) return 0;
  const words = wordsOf(text);
  const told = new Set(words);
  const bound = boundsHold(claim, words);
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
  const bounds = (bound ?? 0) * 0.3;
  return (most === 0 ? 0 : sum / most) + bounds - agrees;
}

/** The passage of a text that carries the claim best: as many sentences as the quote had. */
export function bestPassage(claim: string, quote: string, text: string): string {
  if (text.length <= quote.length * 2) return text;
  const sentences = text.match(/(?:[^\n.!?]|[.!?](?=\d))+(?:[.!?]+|\n|$)/gu) ?? [text];
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

/** How much lower the claim check must rank the newer text: less is what other words for the same make. */
const DROP = 0.2;

/** By the claim check: dropped when the best passage of the newer text ranks lower than the quote did. */
export const byClaimCheck: SupportCheck = {
  dropped: (claim, quote, newer) => {
    const rank = (evidence: string) => judge(featuresOf({ claim, evidence, title: "" }), COEFFICIENTS).rank;
    return rank(bestPassage(claim, quote, newer)) < rank(quote) - DROP;
  },
};
