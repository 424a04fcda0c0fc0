import { alignWords, contentOf, coverageOf, inOrder, neighbours, replaced } from "./alignment.js";
import { dayHeld, daysOf } from "./dates.js";
import { negated, oppositesOf, widened } from "./opposites.js";
import { BOUND_WORD, compareQuantities, quantitiesOf } from "./quantities.js";
import { tokensOf } from "./words.js";

/* What the check looks at: each a number from about 0 to 1 with a meaning that a person can follow. */

export interface Checked {
  readonly claim: string;
  readonly evidence: string;
  /** What the source is called: evidence often says "it" of what its title names. */
  readonly title: string;
}

export const FEATURES = [
  "words",
  "wordsWithTitle",
  "wordsOfSentence",
  "everyWord",
  "oneWordMissing",
  "missingWords",
  "fewWords",
  "order",
  "neighbours",
  "namesMissing",
  "aNameMissing",
  "nameReplaced",
  "wordReplaced",
  "titleInClaim",
  "brevity",
  "claimLength",
  "hasNumber",
  "hasBound",
  "numbersHold",
  "numberDiffers",
  "numbersDiffer",
  "numberDiffersSurely",
  "numberMissing",
  "boundHolds",
  "boundFails",
  "exactDiffers",
  "hasDate",
  "dateHolds",
  "dateDiffers",
  "asOfDiffers",
  "dateMissing",
  "negation",
  "opposite",
  "widened",
  "wordsAndNumbersHold",
  "wordsButNumberDiffers",
  "differsOnOtherDay",
  "cleanWords",
  "noNumberToHold",
] as const;
export type Feature = (typeof FEATURES)[number];
export type Features = Readonly<Record<Feature, number>>;

/** Of the claim's words, the share that a sentence must have for its "not" to be about the claim. */
const SAME = 0.7;

const flag = (value: boolean): number => (value ? 1 : 0);

export function featuresOf({ claim, evidence, title }: Checked): Features {
  const asked = tokensOf(claim);
  const told = tokensOf(evidence);
  const named = tokensOf(title);
  const days = daysOf(asked);
  const daysTold = daysOf(told);
  const numbers = quantitiesOf(asked, days.taken);
  const numbersTold = quantitiesOf(told, daysTold.taken);
  const taken = spans(days.taken, numbers);
  const takenTold = spans(daysTold.taken, numbersTold);
  // "Over" bounds a number only where there is one.
  if (numbers.some(({ bounded }) => bounded))
    for (const [i, { lower }] of asked.entries()) if (BOUND_WORD.has(lower)) taken.add(i);
  const aligned = alignWords(asked, contentOf(asked, taken), told, named);
  const coverage = coverageOf(aligned, told);
  const other = replaced(aligned, told, takenTold);
  const count = Math.max(1, aligned.length);

  const compared = compareQuantities(numbers, numbersTold);
  const holding = compared.filter(({ held }) => held === "holds");
  const differing = compared.filter(({ held }) => held === "differs");
  const missing = compared.filter(({ held }) => held === "missing");
  const all = Math.max(1, compared.length);

  const dayFates = days.days.map((day) => ({ day, held: dayHeld(day, daysTold.days) }));
  const dateDiffers = dayFates.some(({ held, day }) => held === "differs" && !day.asOf);
  const asOfDiffers = dayFates.some(({ held, day }) => held === "differs" && day.asOf);

  const best = told.filter(({ sentence }) => sentence === coverage.best);
  // Of a sentence that says something else nothing is denied.
  const negation = coverage.sentence >= SAME && negated(asked, best, taken);
  const opposite = oppositesOf(asked, told, taken, takenTold);
  const words = coverage.title;
  const clean = opposite === 0 && !negation && other.names === 0 && other.words === 0;
  return {
    words: coverage.evidence,
    wordsWithTitle: words,
    wordsOfSentence: coverage.sentence,
    everyWord: flag(coverage.missing === 0),
    oneWordMissing: flag(coverage.missing === 1),
    missingWords: Math.min(coverage.missing, 5) / 5,
    fewWords: flag(words < 0.5),
    order: inOrder(aligned) / count,
    neighbours: neighbours(aligned) / Math.max(1, aligned.length - 1),
    namesMissing: 1 - coverage.names,
    aNameMissing: flag(coverage.missingNames > 0),
    nameReplaced: flag(other.names > 0),
    wordReplaced: Math.min(1, other.words),
    titleInClaim: named.length === 0 ? 0 : aligned.filter(({ inTitle }) => inTitle).length / count,
    brevity: 1 / (1 + Math.max(0, told.length - asked.length) / 20),
    claimLength: Math.min(1, aligned.length / 12),
    hasNumber: flag(numbers.length > 0),
    hasBound: flag(numbers.some(({ bounded }) => bounded)),
    numbersHold: holding.length / all,
    numberDiffers: flag(differing.length > 0),
    numbersDiffer: differing.length / all,
    numberDiffersSurely: Math.max(0, ...differing.map(({ sure }) => sure)),
    numberMissing: missing.length / all,
    boundHolds: flag(holding.some(({ quantity }) => quantity.bounded) && differing.length === 0),
    boundFails: flag(differing.some(({ quantity }) => quantity.bounded)),
    exactDiffers: flag(differing.some(({ quantity }) => !quantity.bounded)),
    hasDate: flag(dayFates.length > 0),
    dateHolds: flag(dayFates.length > 0 && dayFates.every(({ held }) => held === "holds")),
    dateDiffers: flag(dateDiffers),
    asOfDiffers: flag(asOfDiffers),
    dateMissing: flag(dayFates.some(({ held }) => held === "missing")),
    negation: flag(negation),
    opposite: Math.min(2, opposite) / 2,
    widened: flag(widened(asked, told, taken) > 0),
    wordsAndNumbersHold: flag(differing.length === 0 && missing.length === 0 && !dateDiffers && !asOfDiffers) * words,
    wordsButNumberDiffers: flag(differing.length > 0) * words,
    differsOnOtherDay: flag(differing.length > 0 && asOfDiffers),
    cleanWords: flag(clean) * words * words,
    noNumberToHold: flag(numbers.length > 0 && numbersTold.length === 0),
  };
}

function spans(days: ReadonlySet<number>, quantities: readonly { from: number; to: number }[]): Set<number> {
  const taken = new Set(days);
  for (const { from, to } of quantities) for (let i = from; i <= to; i++) taken.add(i);
  return taken;
}
