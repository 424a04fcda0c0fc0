/** A message of the subscription. */
export interface Told {
  readonly ready: boolean;
  readonly total: number;
  readonly changes: readonly { readonly operationId: string; readonly by: string; readonly why: string }[];
}

/** All that was heard since listening began; it only grows. */
export interface Heard {
  /** Operations that were told of: none counts twice. */
  readonly seen: ReadonlySet<string>;
  readonly changes: number;
  /** How often listening began; each time but the first the connection was lost before. */
  readonly beginnings: number;
  readonly last: { readonly by: string; readonly why: string } | null;
}

export const NOTHING_HEARD: Heard = { seen: new Set(), changes: 0, beginnings: 0, last: null };

/**
 * No clock decides what is news: a change is recorded at the instant at which it held its locks, which may lie before the one
 * that is shown though it was committed behind it. What the page itself did is none.
 */
export function hear(before: Heard, { ready, total, changes }: Told, own: ReadonlySet<string>): Heard {
  if (ready) return { ...before, beginnings: before.beginnings + 1 };
  const fresh = changes.filter(({ operationId }) => !before.seen.has(operationId) && !own.has(operationId));
  const [last] = fresh;
  if (last === undefined) return before;
  return {
    ...before,
    seen: new Set([...before.seen, ...fresh.map(({ operationId }) => operationId)]),
    // Beyond those that are listed they are only counted.
    changes: before.changes + fresh.length + Math.max(0, total - changes.length),
    last,
  };
}

/** What to say of all that was heard beyond what is on screen; null when that is nothing. */
export function newsOf(heard: Heard, onScreen: Heard): string | null {
  const changes = heard.changes - onScreen.changes;
  const lost = heard.beginnings > Math.max(1, onScreen.beginnings);
  if (changes <= 0) return lost ? "The connection was lost for a while: what is shown may be out of date" : null;
  const count = `${changes.toLocaleString("en")} ${changes === 1 ? "change" : "changes"} since`;
  const why = heard.last?.why ? `, “${heard.last.why}”` : "";
  return `${count}, the last by ${heard.last?.by ?? "somebody"}${why}${lost ? "; there may be more, the connection was lost for a while" : ""}`;
}
