import { z } from "zod";
import { EDGE_TYPES, EDGES, type EdgeType, type Label } from "../../graph-schema/catalog.js";
import type { EdgeProperties } from "../../graph-schema/edges.js";
import type { NodeId } from "../../graph-schema/node-id.js";
import { FOREVER } from "../../graph-schema/time.js";
import type { WriteTx } from "./graph.js";
import type { Stamp } from "./life.js";
import { defineQuery, params, type AnyQuery } from "./query.js";

type EdgeParams = { from: string; to: string; forever: number; at: number; operationId: string; properties: object };

const ends = (from: Label, to: Label) =>
  `MATCH (a:${from} {tenantId: $tenantId, id: $from}), (b:${to} {tenantId: $tenantId, id: $to})`;

function openQuery(type: EdgeType, from: Label, to: Label) {
  return defineQuery({
    name: `open${type}From${from}To${to}`,
    mode: "write",
    scope: "tenant",
    params: params<EdgeParams>(),
    // MERGE locks both ends, so that only one such edge is ever open.
    cypher: `${ends(from, to)}
MERGE (a)-[r:${type} {validTo: $forever}]->(b)
ON CREATE SET r.validFrom = $at, r.openedBy = $operationId, r += $properties
RETURN r.openedBy = $operationId AS opened`,
    row: z.object({ opened: z.boolean() }),
  });
}

function closeQuery(type: EdgeType, from: Label, to: Label) {
  return defineQuery({
    name: `close${type}From${from}To${to}`,
    mode: "write",
    scope: "tenant",
    params: params<Omit<EdgeParams, "properties">>(),
    // An interval is never empty or backwards, whatever the clock did; the next one begins behind it (see lock.ts).
    cypher: `${ends(from, to)}
MATCH (a)-[r:${type} {validTo: $forever}]->(b)
SET r.validTo = CASE WHEN r.validFrom < $at THEN $at ELSE r.validFrom + 1 END, r.closedBy = $operationId, a._closedAt = r.validTo
RETURN type(r) AS type`,
    row: z.object({ type: z.string() }),
  });
}

const key = (type: EdgeType, from: Label, to: Label) => `${type} ${from} ${to}`;
const contentEndpoints = EDGE_TYPES.flatMap((type) =>
  EDGES[type].endpoints
    .map(([from, to]) => [type, from, to] as const)
    .filter(([, from, to]) => from !== "Revision" && to !== "Body"),
);
const openQueries = new Map(
  contentEndpoints.map(([type, from, to]) => [key(type, from, to), openQuery(type, from, to)]),
);
const closeQueries = new Map(
  contentEndpoints.map(([type, from, to]) => [key(type, from, to), closeQuery(type, from, to)]),
);
export const edgeQueries: readonly AnyQuery[] = [...openQueries.values(), ...closeQueries.values()];

export interface Ends<T extends EdgeType = EdgeType> {
  readonly type: T;
  readonly from: NodeId;
  readonly to: NodeId;
}

function pick<Q>(queries: ReadonlyMap<string, Q>, { type, from, to }: Ends): Q {
  const query = queries.get(key(type, from.label, to.label));
  if (query === undefined) throw new Error(`the catalog has no ${type} from ${from.label} to ${to.label}`);
  return query;
}

/** Opens the edge between two nodes of this tenant unless it is open. Answers whether this call opened it. */
export async function openEdge<T extends EdgeType>(
  tx: WriteTx,
  edge: Ends<T>,
  stamp: Stamp,
  ...[properties]: keyof EdgeProperties<T> extends never ? [] : [EdgeProperties<T>]
): Promise<boolean> {
  const rows = await tx.run(pick(openQueries, edge), {
    from: edge.from.id,
    to: edge.to.id,
    forever: FOREVER,
    properties: properties ?? {},
    ...stamp,
  });
  if (rows.length === 0) throw new Error(`an end of ${edge.type} isn't there: lock both before`);
  return rows[0]!.opened;
}

/** Closes the open edge, if there is one. Answers whether there was. */
export async function closeEdge(tx: WriteTx, edge: Ends, stamp: Stamp): Promise<boolean> {
  const rows = await tx.run(pick(closeQueries, edge), {
    from: edge.from.id,
    to: edge.to.id,
    forever: FOREVER,
    ...stamp,
  });
  return rows.length > 0;
}
