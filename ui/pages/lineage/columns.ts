import type { NodeLabel } from "../../gql/graphql.js";
import type { Placed } from "./layout.js";

/** Left to right along the arrows; every edge type of the catalog leads to a later column or stays in one. */
const COLUMNS: readonly (readonly NodeLabel[])[] = [
  ["TENANT", "PRINCIPAL"],
  ["DECISION"],
  ["INCIDENT"],
  ["CHANNEL"],
  ["EPISODE"],
  ["SCENE", "TOPIC"],
  ["CLAIM"],
  ["FACT"],
  ["SNAPSHOT"],
  ["SOURCE"],
];

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const columnOf = new Map(COLUMNS.flatMap((labels, column) => labels.map((label) => [label, column] as const)));

/** How many links of its own column lead to each node, at most; in a circle, as far as one gets before it closes. */
function chainLengths(column: ReadonlyMap<string, number>, edges: readonly Arrow[]): Map<string, number> {
  const inside = edges.filter(({ from, to }) => from !== to && column.has(from) && column.get(from) === column.get(to));
  const after = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  for (const { from, to } of inside) {
    after.set(from, [...(after.get(from) ?? []), to]);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const length = new Map<string, number>([...column.keys()].map((id) => [id, 0]));
  const ready = [...after.keys()].filter((id) => !waiting.has(id));
  // Grows while it is walked: what no link leads to any more comes next.
  for (const id of ready) {
    for (const next of after.get(id) ?? []) {
      length.set(next, Math.max(length.get(next) ?? 0, (length.get(id) ?? 0) + 1));
      const left = (waiting.get(next) ?? 1) - 1;
      waiting.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return length;
}

/**
 * The column that each node stands in, from 0 on without gaps: one for each label, so that facts stand under facts however long the
 * ways that lead to them. Links within a label (CITES, DERIVED_FROM) spread it over as many columns as their longest chain has nodes.
 */
export function columnsOf(nodes: readonly Placed[], edges: readonly Arrow[]): Map<string, number> {
  const column = new Map(nodes.map(({ id, label }) => [id, columnOf.get(label) ?? 0]));
  const chain = chainLengths(column, edges);
  const width = COLUMNS.map(() => 0);
  for (const [id, at] of column) width[at] = Math.max(width[at] ?? 0, (chain.get(id) ?? 0) + 1);
  const start = width.map((_, at) => width.slice(0, at).reduce((sum, wide) => sum + wide, 0));
  return new Map([...column].map(([id, at]) => [id, (start[at] ?? 0) + (chain.get(id) ?? 0)]));
}
