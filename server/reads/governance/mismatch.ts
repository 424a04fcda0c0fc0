import { sentencesOf } from "../../domains/fact/facts-of-text.js";
import { checkClaim, type Reason } from "../../trace/claim-check.js";
import { sameness } from "../../trace/sameness.js";

/** What of a claim its evidence doesn't bear. */
const WRONG: readonly Reason[] = [
  "NUMBER_DIFFERS",
  "NUMBER_MISSING",
  "DATE_DIFFERS",
  "DATE_MISSING",
  "NAME_MISSING",
  "NAME_DIFFERS",
  "NEGATION",
  "OPPOSITE",
  "SCOPE_WIDER",
  "LOW_OVERLAP",
];

/** Why a quote doesn't bear the words; empty where nothing speaks against it, which isn't to say that it supports them. */
export function mismatchOf(words: string, exact: string, title: string): Reason[] {
  // A part of a sentence may say what the whole denies, so only whole ones are taken as they are.
  const wanted = sameness(words);
  if (sameness(exact) === wanted || [...sentencesOf(exact)].some(({ text }) => sameness(text) === wanted)) return [];
  const { verdict, reasons } = checkClaim({ claim: words, evidence: exact, title });
  const wrong = reasons.filter((reason) => WRONG.includes(reason));
  return wrong.length > 0 ? wrong : verdict === "REFUTES" ? ["WORD_DIFFERS"] : [];
}
