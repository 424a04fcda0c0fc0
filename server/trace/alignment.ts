import { alike, type Token } from "./words.js";

/* Where the words of a claim stand in its evidence, and what stands in the place of those that don't. */

/** Places of a word that are looked at: a word that comes more often says nothing of where, and each pair of places is held against the other. */
const MOST_PLACES = 64;

export interface Aligned {
  readonly token: Token;
  /** Places in the evidence, ascending; none when it isn't there. */
  readonly places: readonly number[];
  readonly inTitle: boolean;
}

/** The words of a text that carry something: no numbers, dates, bounds or empty words. */
export const contentOf = (tokens: readonly Token[], taken: ReadonlySet<number>): number[] =>
  tokens.flatMap((token, i) => (token.kind === "word" && !token.empty && !taken.has(i) ? [i] : []));

export function alignWords(
  claim: readonly Token[],
  content: readonly number[],
  evidence: readonly Token[],
  title: readonly Token[],
): Aligned[] {
  const places = new Map<string, number[]>();
  for (const [i, token] of evidence.entries()) {
    if (token.kind !== "word" || token.empty) continue;
    const there = places.get(token.stem);
    if (there === undefined) places.set(token.stem, [i]);
    else if (there.length < MOST_PLACES) there.push(i);
  }
  const stems = [...places.keys()];
  const ofTitle = title.filter(({ kind, empty }) => kind === "word" && !empty).map(({ stem }) => stem);
  return content.map((at) => {
    const token = claim[at]!;
    const exact = places.get(token.stem);
    const near = exact ?? stems.filter((stem) => alike(stem, token.stem)).flatMap((stem) => places.get(stem)!);
    return {
      token,
      places: exact ?? near.sort((a, b) => a - b).slice(0, MOST_PLACES),
      inTitle: ofTitle.some((stem) => alike(stem, token.stem)),
    };
  });
}

/** Length of the longest run of the claim's words that the evidence has in the same order, gaps allowed. */
export function inOrder(aligned: readonly Aligned[]): number {
  // The smallest last place of a run of each length.
  const ends: number[] = [];
  for (const { places } of aligned) {
    for (const place of [...places].reverse()) {
      let low = 0;
      let high = ends.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle]! < place) low = middle + 1;
        else high = middle;
      }
      ends[low] = place;
    }
  }
  return ends.length;
}

/** Neighbours in the claim that are near each other in the evidence, in that order. */
export function neighbours(aligned: readonly Aligned[]): number {
  let kept = 0;
  for (let i = 1; i < aligned.length; i++) {
    const [one, other] = [aligned[i - 1]!.places, aligned[i]!.places];
    if (one.some((place) => other.some((next) => next > place && next - place <= 4))) kept += 1;
  }
  return kept;
}

export interface Replaced {
  /** A name of the claim that has another name in its place. */
  readonly names: number;
  readonly words: number;
}

const GAP = 5;

/** Words of the claim that are missing while something else stands between the neighbours that are there. */
export function replaced(
  aligned: readonly Aligned[],
  evidence: readonly Token[],
  taken: ReadonlySet<number>,
): Replaced {
  const known = new Set(aligned.flatMap(({ places }) => places));
  const stands = (i: number): Token | null => {
    const token = evidence[i];
    return token !== undefined && token.kind === "word" && !token.empty && !known.has(i) && !taken.has(i)
      ? token
      : null;
  };
  let [names, words] = [0, 0];
  for (const [i, { token, places, inTitle }] of aligned.entries()) {
    if (places.length > 0 || inTitle) continue;
    const before = aligned[i - 1]?.places ?? [];
    const after = aligned[i + 1]?.places ?? [];
    const others: Token[] = [];
    for (const place of before)
      for (let n = place + 1; n <= place + 3; n++) others.push(...[stands(n)].filter((one) => one !== null));
    for (const place of after)
      for (let n = place - 3; n < place; n++) others.push(...[stands(n)].filter((one) => one !== null));
    const isBetween = before.some((place) => after.some((next) => next > place + 1 && next - place <= GAP));
    const isOther = others.some((other) => other.name === token.name);
    if (token.name && isOther) names += 1;
    else if (isBetween && isOther) words += 1;
    else if (!token.name && isOther) words += 0.5;
  }
  return { names, words };
}

export interface Coverage {
  /** Of the claim's words, the share that the evidence has; with the title's help; and that one sentence or two neighbours have. */
  readonly evidence: number;
  readonly title: number;
  readonly sentence: number;
  readonly names: number;
  readonly missing: number;
  readonly missingNames: number;
  /** The sentence that has most of the claim, the first of equals. */
  readonly best: number;
}

const weightOf = ({ name, lower }: Token): number => (name ? 1.4 : Math.min(1.2, 0.6 + 0.08 * lower.length));

export function coverageOf(aligned: readonly Aligned[], evidence: readonly Token[]): Coverage {
  const perSentence = new Map<number, number>();
  let [all, told, titled, names, namesTold, missing, missingNames] = [0, 0, 0, 0, 0, 0, 0];
  for (const { token, places, inTitle } of aligned) {
    const weight = weightOf(token);
    all += weight;
    if (places.length > 0) told += weight;
    if (places.length > 0 || inTitle) titled += weight;
    else missing += 1;
    if (token.name) {
      names += 1;
      if (places.length > 0 || inTitle) namesTold += 1;
      else missingNames += 1;
    }
    for (const sentence of new Set(places.map((place) => evidence[place]!.sentence)))
      perSentence.set(sentence, (perSentence.get(sentence) ?? 0) + weight);
  }
  let [best, most] = [0, 0];
  for (const [sentence, weight] of perSentence) if (weight > most) [best, most] = [sentence, weight];
  const share = (part: number) => (all === 0 ? 0 : part / all);
  return {
    evidence: share(told),
    title: share(titled),
    sentence: share(most),
    names: names === 0 ? 1 : namesTold / names,
    missing,
    missingNames,
    best,
  };
}
