import { stemOf } from "./words.js";

/* Of a text that is longer than a few sentences, the part that bears on a claim: found by words alone, in one pass. */

/** Evidence up to this length is looked at whole. */
const WHOLE = 1_500;
/** Sentences of a passage: what "it" means is often said in the one before. */
const WIDTH = 3;

const WORD = /\p{L}[\p{L}\p{M}]*|\d+(?:[.,]\d+)*/gu;

const keysOf = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(WORD) ?? []).map(stemOf).filter((stem) => stem.length > 2 || /\d/.test(stem)));

/** The text itself where it is short, else the neighbouring sentences that have most of the claim's words, the first of equals. */
export function passageOf(claim: string, text: string): string {
  if (text.length <= WHOLE) return text;
  const asked = keysOf(claim);
  const sentences = [...text.matchAll(/[^\n]*?(?:[.!?]{1,8}["”')\]]{0,4}(?=\s|$|\p{Lu})|\n|$)/gu)].filter(
    ([part]) => part.trim() !== "",
  );
  const has = sentences.map(([part]) => [...keysOf(part.slice(0, 4 * WHOLE))].filter((key) => asked.has(key)));
  let [best, most] = [0, -1];
  for (let i = 0; i < has.length; i++) {
    const found = new Set(has.slice(i, i + WIDTH).flat());
    // Words of one sentence say more together than the same words of three.
    const score = found.size + 0.5 * has[i]!.length;
    if (score > most) [best, most] = [i, score];
  }
  const passage = sentences
    .slice(best, best + WIDTH)
    .map(([part]) => part)
    .join("");
  return passage.slice(0, 4 * WHOLE);
}
