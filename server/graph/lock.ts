import { z } from "zod";
import { NODE_LABELS, type NodeLabel } from "../../graph-schema/catalog.js";
import { formatNodeId, type NodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import type { WriteTx } from "./graph.js";
import { defineQuery, params, type Query } from "./query.js";

interface Locked {
  readonly found: string[];
  readonly newest: number | null;
  readonly now: number;
}

/** Cypher for the newest instant that node `n` knows of: its version's, or when an edge from it closed. */
export const newestOf = (n: string): string =>
  `CASE WHEN ${n}._closedAt > ${n}.versionFrom THEN ${n}._closedAt ELSE ${n}.versionFrom END`;

const lockQuery = (label: NodeLabel): Query<{ ids: string[] }, Locked> =>
  defineQuery({
    name: `lock${label}`,
    mode: "write",
    scope: "tenant",
    params: params<{ ids: string[] }>(),
    // The properties are read after the lock is held, so `newest` is what the last holder committed.
    cypher: `UNWIND $ids AS id
MATCH (n:${label} {tenantId: $tenantId, id: id})
SET n._lock = true
WITH collect(n) AS locked
RETURN [n IN locked | n.id] AS found,
  reduce(newest = 0, at IN [n IN locked | ${newestOf("n")}] | CASE WHEN at > newest THEN at ELSE newest END) AS newest,
  datetime.realtime().epochMillis AS now`,
    row: z.object({ found: z.array(z.string()), newest: z.number().nullable(), now: z.number() }),
  });

export const lockQueries = Object.fromEntries(NODE_LABELS.map((label) => [label, lockQuery(label)])) as Record<
  NodeLabel,
  ReturnType<typeof lockQuery>
>;

export const databaseInstant = defineQuery({
  name: "databaseInstant",
  mode: "write",
  scope: "platform",
  params: params<Record<string, never>>(),
  cypher: `RETURN datetime.realtime().epochMillis AS now`,
  row: z.object({ now: z.number() }),
});

export interface Lock {
  /** Public ids of the nodes that are there and now locked. */
  readonly found: ReadonlySet<string>;
  /** This transaction's instant: the database's clock after the locks, and later than what the nodes know of, whatever that clock did. */
  readonly at: Instant;
}

/**
 * Locks the nodes that a write decides on or changes, in order of label and id, so that two writers can't block each
 * other for good. Neo4j reads committed data without read locks: read what you decide on after this, never before.
 */
export async function lock(tx: WriteTx, nodes: readonly NodeId[]): Promise<Lock> {
  const found = new Set<string>();
  let at = 0;
  for (const label of [...NODE_LABELS].sort()) {
    const ids = [...new Set(nodes.filter((node) => node.label === label).map((node) => node.id))].sort();
    if (ids.length === 0) continue;
    const [row] = await tx.run(lockQueries[label], { ids });
    if (row === undefined) throw new Error("a lock answers one row");
    for (const id of row.found) found.add(formatNodeId(label, id));
    at = Math.max(at, row.now, (row.newest ?? 0) + 1);
  }
  if (at === 0) at = (await tx.run(databaseInstant, {}))[0]!.now;
  return { found, at };
}
