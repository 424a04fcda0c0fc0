import { EXACT_COUNT } from "../reads/lists/list.query.js";
import { callerOf, type Context } from "./context.js";
import { formatCursor, parseCursor } from "./cursor.js";
import { LIMITS, within } from "./limits.js";
import { pageInfo, type Connection } from "./pagination.js";

/** Where pages of rows that are no nodes come from: in order of `id`, which is a ULID. */
export interface RowSource<R extends { readonly id: string }> {
  read(after: string, first: number): Promise<{ rows: readonly R[]; more: boolean }>;
  /** How many there are, counted no further than `most`. */
  count(most: number): Promise<number>;
}

/** A page of rows without a history: they are as they are now. `question` is what the cursor belongs to. */
export async function connectRows<R extends { readonly id: string }>(
  context: Context,
  page: { readonly first: number; readonly after?: string | null | undefined },
  question: unknown,
  source: RowSource<R>,
): Promise<Connection<R>> {
  callerOf(context);
  const first = within("first", page.first, LIMITS.first);
  const cursor = page.after ? parseCursor(context, page.after, question, null) : null;
  const asOf = cursor?.asOf ?? context.now;
  const { rows, more } = await source.read(String(cursor?.position ?? ""), first);
  const edges = rows.map((node) => ({ cursor: formatCursor({ asOf, position: node.id }, question), node }));
  return {
    edges,
    pageInfo: pageInfo(edges, more, page.after),
    asOf,
    count: async () => {
      const count = await source.count(EXACT_COUNT + 1);
      return { count: Math.min(count, EXACT_COUNT), exact: count <= EXACT_COUNT };
    },
  };
}
