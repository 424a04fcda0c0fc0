import { sentencesOf, weigh, type Sentence } from "../../domains/fact/facts-of-text.js";
import { sameness } from "../../trace/sameness.js";
import { tokensOf } from "../../trace/words.js";

/*
 * The sentences of a page that can be said by themselves: whole, about somebody or something that they name, with a number, a
 * date or a name in them. What comes out depends on the text alone, so it is kept by the text's hash.
 */

export interface Statement extends Sentence {
  /** Of the numbers, dates and names in it: 1 to 7. */
  readonly weight: number;
  /** Stems of the words that carry something. */
  readonly stems: ReadonlySet<string>;
  /** What the same sentence has elsewhere, whatever its marks and spaces. */
  readonly same: string;
}

const LENGTH = { least: 25, most: 320 };
const LEAST_WORDS = 5;
/** Letters among all signs but spaces: tables and formulas have fewer. */
const LEAST_LETTERS = 0.6;

/** What leans on the sentence before: nobody knows who "he" is where it stands alone. */
const LEANS =
  /^["“']?(?:he|she|it|its|they|their|his|her|this|that|these|those|there|here|such|both|also|and|but|or|so|yet|however|thus|hence|therefore|moreover|furthermore|additionally|otherwise|instead|then|nevertheless|conversely|similarly|likewise|specifically|alternatively|note that|proof|for example|for instance|in addition|in contrast|as a result|the (?:former|latter|same|following|above))\b/iu;
/** Somebody's own voice. A claim of the episode can't be said in it. */
const OWN_VOICE = /\b(?:I|[Ww]e|[Oo]urs?|us|[Mm](?:y|ine|e)|[Yy]ours?|[Yy]ou)\b/u;
/** What a page says of itself and to its reader. */
const OF_THE_PAGE =
  /https?:|www\.|@\w|©|\bcookies?\b|\bsubscrib|\bnewsletter\b|\bclick\b|\bsign (?:up|in)\b|\blog ?in\b|\bretrieved\b|\bISBN\b|\bdoi\b|\barchived\b|\ball rights reserved\b|\bsee also\b|\bedit(?:ed)? on\b|\^/iu;

/** Whether a sentence can be said by itself. */
export function standsAlone(text: string): boolean {
  if (text.length < LENGTH.least || text.length > LENGTH.most) return false;
  if (!/^["“']?[\p{Lu}\d]/u.test(text) || !/[.!]["”')\]]{0,2}$/u.test(text)) return false;
  // Cut at an abbreviation or an initial.
  if (/(?:\b(?:e\.g|i\.e|etc|cf|vs|Mr|Mrs|Dr|St|No)|(?<![\p{L}.])\p{Lu})\.$/u.test(text)) return false;
  // A reference's mark, or what an editor asks for.
  if (/\[[^\]]{1,30}\]|\((?:see|cf)\b/u.test(text)) return false;
  // Something stood there that is no text, such as a formula or a link.
  if (/\s[,.;:!?)]|\(\s|,\s*,/u.test(text)) return false;
  if (LEANS.test(text) || OWN_VOICE.test(text) || OF_THE_PAGE.test(text)) return false;
  if (!isBalanced(text)) return false;
  const signs = text.replaceAll(/\s/gu, "");
  return (signs.match(/\p{L}/gu)?.length ?? 0) >= LEAST_LETTERS * signs.length;
}

const isBalanced = (text: string): boolean =>
  [
    ["(", ")"],
    ["[", "]"],
    ["“", "”"],
    ["{", "}"],
  ].every(([open, close]) => text.split(open!).length === text.split(close!).length) &&
  text.split('"').length % 2 === 1;

export const stemsOf = (text: string): Set<string> =>
  new Set(tokensOf(text).flatMap(({ kind, empty, stem }) => (kind === "mark" || empty ? [] : [stem])));

function readStatements(text: string): Statement[] {
  const seen = new Set<string>();
  const found: Statement[] = [];
  for (const { start, text: sentence } of sentencesOf(text)) {
    if (!standsAlone(sentence)) continue;
    const weight = weigh(sentence);
    const same = sameness(sentence);
    if (weight === 0 || seen.has(same) || same.split(" ").length < LEAST_WORDS) continue;
    seen.add(same);
    found.push({ start, text: sentence, weight, stems: stemsOf(sentence), same });
  }
  return found;
}

/** Texts whose statements are kept at hand. */
const KEPT = 64;
const kept = new Map<string, readonly Statement[]>();

/** The statements of a text in its order. `sha256` is the text's. */
export function statementsOf(sha256: string, text: string): readonly Statement[] {
  const known = kept.get(sha256);
  kept.delete(sha256);
  const found = known ?? readStatements(text);
  kept.set(sha256, found);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return found;
}
