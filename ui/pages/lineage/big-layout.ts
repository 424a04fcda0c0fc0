import { columnsOf } from "./columns.js";
import { NODE_HEIGHT, NODE_WIDTH, type Placed, type Point } from "./layout.js";
import type { LinkLike } from "./merge.js";

const ROW = NODE_HEIGHT + 16;
const BETWEEN = 150;
const INSIDE = 22;
const MARGIN = 24;
/** A column of up to this many nodes stays one; a longer one is folded, so that the whole has the shape of a window. */
const FOLD_ABOVE = 30;
const SHAPE = 1.7;
const SWEEPS = 4;

/** Where a node should stand among those of its column; the least is on top. */
export type Order = ReadonlyMap<string, number>;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Each node beside its neighbours, by the mean of their places, swept forth and back: few crossings, in a few milliseconds. */
function orderByNeighbours(columns: readonly (readonly string[])[], around: ReadonlyMap<string, readonly string[]>) {
  const place = new Map<string, number>();
  const settle = (column: readonly string[]) =>
    column.forEach((id, index) => place.set(id, (index + 0.5) / column.length));
  const order = columns.map((column) => [...column]);
  for (const column of order) settle(column);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const turns = sweep % 2 === 0 ? order : order.toReversed();
    const passed = new Set<string>();
    for (const column of turns) {
      const wish = new Map(
        column.map((id) => {
          const known = (around.get(id) ?? []).filter((other) => passed.has(other));
          return [id, known.length === 0 ? (place.get(id) ?? 0) : mean(known.map((other) => place.get(other) ?? 0))];
        }),
      );
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || (place.get(a) ?? 0) - (place.get(b) ?? 0));
      settle(column);
      for (const id of column) passed.add(id);
    }
  }
  return place;
}

const widthOf = (sizes: readonly number[], rows: number): number =>
  sizes.reduce((sum, size) => {
    const folds = Math.max(1, Math.ceil(size / rows));
    return sum + folds * NODE_WIDTH + (folds - 1) * INSIDE + BETWEEN;
  }, 0);

/** How long a column may be before it is folded. */
function rowsFor(sizes: readonly number[]): number {
  const longest = Math.max(0, ...sizes);
  let rows = Math.min(longest, FOLD_ABOVE);
  while (rows < longest && widthOf(sizes, rows) > SHAPE * rows * ROW) rows = Math.ceil(rows * 1.1);
  return Math.max(1, rows);
}

/**
 * Top left corners for thousands of nodes: the same columns as the small layout, the long ones folded into blocks that are read
 * downwards and then to the right. Without an order the nodes are ordered by their neighbours. 5,000 take some tens of milliseconds.
 */
export function layOutMany(nodes: readonly Placed[], edges: readonly LinkLike[], given?: Order): Map<string, Point> {
  const column = columnsOf(nodes, edges);
  const columns: string[][] = [];
  for (const { id } of nodes) (columns[column.get(id) ?? 0] ??= []).push(id);
  const filled = columns.filter((ids) => ids !== undefined && ids.length > 0);
  const around = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    if (column.get(from) === column.get(to)) continue;
    around.get(from)?.push(to);
    around.get(to)?.push(from);
  }
  const order = given ?? orderByNeighbours(filled, around);
  const rows = rowsFor(filled.map((ids) => ids.length));
  const positions = new Map<string, Point>();
  let x = MARGIN;
  for (const ids of filled) {
    const sorted = ids.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const folds = Math.max(1, Math.ceil(sorted.length / rows));
    const long = Math.ceil(sorted.length / folds);
    const top = MARGIN + ((rows - long) * ROW) / 2;
    sorted.forEach((id, index) => {
      const fold = Math.floor(index / long);
      positions.set(id, { x: x + fold * (NODE_WIDTH + INSIDE), y: top + (index % long) * ROW });
    });
    x += folds * NODE_WIDTH + (folds - 1) * INSIDE + BETWEEN;
  }
  return positions;
}
