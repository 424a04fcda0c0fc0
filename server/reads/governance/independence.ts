import { createHash } from "node:crypto";
import { sameness } from "../../trace/sameness.js";
import { DEFAULT_SETTINGS } from "./settings.js";

/* Which sources count as one: those of one owner, and those whose texts are copies of each other. */

const WIDTH = 5;
/** Of the shorter text's shingles, the share that the other must have for them to be one, where nobody set another. */
const COPY = DEFAULT_SETTINGS.copyShare;
/** Above this many words only a part of the shingles is kept: those whose hash is divisible by a power of two. */
const MANY = 4_000;

interface Shingles {
  readonly every: number;
  readonly hashes: ReadonlySet<number>;
}

const kept = new Map<string, Shingles>();
const KEPT = 128;

/** Hashes of a text's runs of five words. `sha256` is the text's. */
function shinglesOf(sha256: string, text: string): Shingles {
  const known = kept.get(sha256);
  if (known !== undefined) return known;
  const words = sameness(text).split(" ");
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(words.length / MANY)));
  const hashes = new Set<number>();
  for (let i = 0; i + WIDTH <= words.length; i++) {
    const shingle = words.slice(i, i + WIDTH).join(" ");
    const hash = createHash("md5").update(shingle).digest().readUInt32LE();
    if (hash % every === 0) hashes.add(hash);
  }
  const shingles = { every, hashes };
  kept.set(sha256, shingles);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return shingles;
}

export interface Text {
  readonly independenceGroup: string;
  readonly sha256: string;
  readonly text: string;
}

/** A name for each source's group: sources with one name count as one. */
export function groupsOf(sources: readonly Text[], copyShare: number = COPY): string[] {
  const names = sources.map(({ independenceGroup }) => independenceGroup);
  const join = (a: string, b: string) => {
    const [first, other] = a < b ? [a, b] : [b, a];
    names.forEach((name, i) => void (name === other && (names[i] = first)));
  };
  sources.forEach((one, i) =>
    sources.slice(i + 1).forEach((other, j) => {
      const [a, b] = [names[i]!, names[i + 1 + j]!];
      if (a !== b && areCopies(one, other, copyShare)) join(a, b);
    }),
  );
  return names;
}

export function areCopies(
  one: Omit<Text, "independenceGroup">,
  other: Omit<Text, "independenceGroup">,
  copyShare: number = COPY,
): boolean {
  if (one.sha256 === other.sha256) return true;
  const [a, b] = [shinglesOf(one.sha256, one.text), shinglesOf(other.sha256, other.text)];
  // Both by the coarser measure.
  const every = Math.max(a.every, b.every);
  const [x, y] = [a, b].map(({ hashes }) => [...hashes].filter((hash) => hash % every === 0));
  const [short, long] = x!.length <= y!.length ? [x!, b.hashes] : [y!, a.hashes];
  if (short.length === 0) return false;
  return short.filter((hash) => long.has(hash)).length >= copyShare * short.length;
}
