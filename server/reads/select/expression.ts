import type { LineageStatus, Confidence, Freshness } from "../lineage/standing.js";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { Way } from "../lineage/walk.query.js";

/** A title as it is asked for: its parts between the wildcards, in lower case. One part alone stands anywhere in the title, as whole words. */
export type Pattern = readonly string[];

/** What a test asks of a node. Of several values one must hold. */
export type Asked =
  | { readonly field: "id"; readonly values: readonly string[] }
  | { readonly field: "label"; readonly values: readonly NodeLabel[] }
  | { readonly field: "title"; readonly values: readonly Pattern[] }
  | { readonly field: "tier"; readonly values: readonly number[] }
  | { readonly field: "status"; readonly values: readonly LineageStatus[] }
  | { readonly field: "freshness"; readonly values: readonly Freshness[] }
  | { readonly field: "confidence"; readonly values: readonly Confidence[] }
  /** A text is the id of the one that is meant. */
  | { readonly field: "owner" | "channel" | "topic"; readonly values: readonly (Pattern | string)[] }
  | { readonly field: "links"; readonly values: readonly { readonly min: number; readonly max: number }[] };

export type Field = Asked["field"];
export type Test = { readonly kind: "test"; readonly at: number } & Asked;

/** An expression as it is read. `at`: characters before where it begins, for whoever must name it. */
export type Expression =
  | Test
  | { readonly kind: "and" | "or"; readonly at: number; readonly of: readonly Expression[] }
  | { readonly kind: "not"; readonly at: number; readonly of: Expression }
  /** All that `of` selects, and what lies within so many hops of it; null is any number. */
  | {
      readonly kind: "reach";
      readonly at: number;
      readonly way: Way;
      readonly hops: number | null;
      readonly of: Expression;
    };

/** What an expression means, wherever its words stand: equal for two spellings of one question. */
export const meaningOf = (expression: Expression): string =>
  JSON.stringify(expression, (key, value: unknown) => (key === "at" ? undefined : value));

const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}\p{M}]/u.test(char);

/** One form for titles and what is looked for in them. */
export const folded = (text: string): string => text.normalize("NFC").toLowerCase();

/** `*` stands for any text; with a backslash before it for itself. */
export function patternOf(text: string): Pattern {
  const parts = [""];
  for (const [piece] of text.matchAll(/\\[*\\"]|\*+|[^\\*]+|\\/g)) {
    if (piece.startsWith("*")) parts.push("");
    else parts[parts.length - 1] += /^\\./.test(piece) ? piece.slice(1) : piece;
  }
  return parts.map(folded);
}

export const isAnything = (pattern: Pattern): boolean => pattern.length > 1 && pattern.every((part) => part === "");

/** Whether the words stand in the title as a whole: `who` is in `WHO guideline`, not in `whole`. */
function hasWords(title: string, words: string): boolean {
  for (let i = title.indexOf(words); i >= 0; i = title.indexOf(words, i + 1)) {
    const before = isWord(words.at(0)) && isWord(title[i - 1]);
    const after = isWord(words.at(-1)) && isWord(title[i + words.length]);
    if (!before && !after) return true;
  }
  return false;
}

/** Whether the title, folded, is as the pattern says. Each part is looked for once, so no pattern takes long. */
export function matches(title: string, pattern: Pattern): boolean {
  if (pattern.length === 1) return hasWords(title, pattern[0]!);
  const [head, ...rest] = pattern as [string, ...string[]];
  const tail = rest.pop()!;
  if (title.length < head.length + tail.length || !title.startsWith(head) || !title.endsWith(tail)) return false;
  let from = head.length;
  const end = title.length - tail.length;
  for (const part of rest) {
    const found = title.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
