import { COEFFICIENTS } from "./coefficients.js";
import { FEATURES, featuresOf, type Checked, type Features } from "./features.js";
import { judge, type Judged } from "./model.js";
import { passageOf } from "./passage.js";

/*
 * Holds a claim against a piece of evidence by words, numbers, dates and names alone. What comes out is a prediction with its
 * reasons: it may rank, flag and suggest, and never makes a claim supported. No network, no clock, no chance: the same
 * input gives the same answer.
 */

/** Why a verdict is what it is, for and against. Each is a fact about the two texts; the codes are a contract. */
export const REASONS = {
  WORDS_FOUND: "nearly all words of the claim stand in the evidence or its title",
  PARTIAL_OVERLAP: "a part of the claim's words stands there",
  LOW_OVERLAP: "few of the claim's words stand there",
  NUMBER_HOLDS: "every number of the claim agrees with one of the evidence",
  NUMBER_DIFFERS: "the evidence has another number for the same thing, or one outside the claim's bound",
  NUMBER_MISSING: "the evidence has no number that could be meant",
  DATE_HOLDS: "every date of the claim agrees with one of the evidence",
  DATE_DIFFERS: "the evidence has another date",
  DATE_MISSING: "the evidence has no date that could be meant",
  NAME_MISSING: "a name of the claim stands neither in the evidence nor in its title",
  NAME_DIFFERS: "another name stands in its place",
  WORD_DIFFERS: "another word stands in the place of one of the claim's",
  NEGATION: "one of the two denies what the other says",
  OPPOSITE: "the evidence has a word that excludes one of the claim's",
  SCOPE_WIDER: "the claim says all, only, never or the like, and the evidence doesn't",
} as const;
export type Reason = keyof typeof REASONS;

export interface ClaimCheck extends Judged {
  /** At least one; in the order of REASONS. */
  readonly reasons: readonly Reason[];
}

/** Checks a claim against evidence of any length: of a long one the passage counts that has most of the claim. */
export function checkClaim({ claim, evidence, title }: Checked): ClaimCheck {
  const features = featuresOf({ claim, evidence: passageOf(claim, evidence), title });
  return { ...judge(features, COEFFICIENTS), reasons: reasonsOf(features) };
}

const FOUND = 0.8;
const LOW = 0.5;

export function reasonsOf(features: Features): Reason[] {
  const { wordsWithTitle: words, hasNumber, numbersHold, hasDate, dateHolds } = features;
  const told: Readonly<Record<Reason, boolean>> = {
    WORDS_FOUND: words >= FOUND,
    PARTIAL_OVERLAP: words >= LOW && words < FOUND,
    LOW_OVERLAP: words < LOW,
    NUMBER_HOLDS: hasNumber > 0 && numbersHold === 1,
    NUMBER_DIFFERS: features.numberDiffers > 0,
    NUMBER_MISSING: features.numberMissing > 0,
    DATE_HOLDS: hasDate > 0 && dateHolds > 0,
    DATE_DIFFERS: features.dateDiffers > 0 || features.asOfDiffers > 0,
    DATE_MISSING: features.dateMissing > 0,
    NAME_MISSING: features.aNameMissing > 0,
    NAME_DIFFERS: features.nameReplaced > 0,
    WORD_DIFFERS: features.wordReplaced >= 1,
    NEGATION: features.negation > 0,
    OPPOSITE: features.opposite > 0,
    SCOPE_WIDER: features.widened > 0,
  };
  return (Object.keys(REASONS) as Reason[]).filter((reason) => told[reason]);
}

/** How many numbers were fitted. */
export const coefficientCount = (): number => 2 * (FEATURES.length + 1);
