import { KPI_FIGURES, type KpiFigure } from "../../../graph-schema/nodes/kpi-record.js";
import type { KnownRow } from "./judge-rows.js";

/** What is known of a subject and a day. */
export type KnownFigures = { readonly [F in KpiFigure]?: number | null } & { readonly currency?: string | null };

/** What a row changes of what is known: what it doesn't tell stays. */
export function changesOf(row: Pick<KnownRow, "figures" | "currency">, known: KnownFigures): KnownFigures {
  const figures = KPI_FIGURES.flatMap((figure) => {
    const given = row.figures[figure];
    return given === undefined || given === (known[figure] ?? null) ? [] : [[figure, given] as const];
  });
  const other = row.currency !== null && row.currency !== (known.currency ?? null);
  return { ...Object.fromEntries(figures), ...(other ? { currency: row.currency } : {}) };
}

export interface Sorted<R> {
  readonly created: readonly R[];
  readonly updated: readonly { readonly row: R; readonly changes: KnownFigures }[];
  readonly skipped: number;
}

/** How rows stand to what is known, by key. No two of them have one key. */
export function sortRows<R extends Pick<KnownRow, "key" | "figures" | "currency">>(
  rows: readonly R[],
  known: ReadonlyMap<string, KnownFigures>,
): Sorted<R> {
  const created = rows.filter(({ key }) => !known.has(key));
  const updated = rows.flatMap((row) => {
    const standing = known.get(row.key);
    if (standing === undefined) return [];
    const changes = changesOf(row, standing);
    return Object.keys(changes).length === 0 ? [] : [{ row, changes }];
  });
  return { created, updated, skipped: rows.length - created.length - updated.length };
}
