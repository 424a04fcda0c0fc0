/** Where a quote stands in a text: `start` inclusive, `end` exclusive. */
export interface QuoteSpan {
  readonly start: number;
  readonly end: number;
  /** False when the exact words stand more than once and prefix and suffix don't tell which is meant. */
  readonly certain: boolean;
}

export interface Selector {
  readonly prefix: string;
  readonly exact: string;
  readonly suffix: string;
}

const allAt = (text: string, part: string): number[] => {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
};

/** Of two neighbouring texts, how many characters agree, counted from where they meet. */
const agreement = (a: string, b: string, fromEnd: boolean): number => {
  const limit = Math.min(a.length, b.length);
  let n = 0;
  while (n < limit && (fromEnd ? a[a.length - 1 - n] === b[b.length - 1 - n] : a[n] === b[n])) n++;
  return n;
};

/** Finds a W3C TextQuoteSelector in its text: the occurrence whose surroundings agree best. Null when the words don't stand there. */
export function findQuote(text: string, { prefix, exact, suffix }: Selector): QuoteSpan | null {
  if (exact === "") return null;
  const places = allAt(text, exact).map((start) => {
    const end = start + exact.length;
    const before = agreement(text.slice(Math.max(0, start - prefix.length), start), prefix, true);
    const after = agreement(text.slice(end, end + suffix.length), suffix, false);
    return { start, end, score: before + after };
  });
  const best = places.reduce<(typeof places)[number] | null>(
    (top, place) => (top === null || place.score > top.score ? place : top),
    null,
  );
  if (best === null) return null;
  return {
    start: best.start,
    end: best.end,
    certain: places.filter((place) => place.score === best.score).length === 1,
  };
}

/** The part of a text around a span that is shown at first, ending between words where there are any. */
export function windowAround(
  text: string,
  span: QuoteSpan,
  reach: number,
): { readonly from: number; readonly to: number } {
  let from = Math.max(0, span.start - reach);
  let to = Math.min(text.length, span.end + reach);
  if (from > 0) {
    const gap = text.indexOf(" ", from);
    if (gap >= 0 && gap < span.start) from = gap + 1;
  }
  if (to < text.length) {
    const gap = text.lastIndexOf(" ", to);
    if (gap > span.end) to = gap;
  }
  return { from, to };
}
