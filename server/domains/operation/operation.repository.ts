import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, WriteTx } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const countOldResultsQuery = defineQuery({
  name: "countOldResults",
  mode: "read",
  scope: "tenant",
  params: params<{ before: Instant; most: number }>(),
  cypher: `MATCH (o:Operation {tenantId: $tenantId})
WHERE o.at < $before
WITH o LIMIT $most
RETURN count(o) AS count`,
  row: z.object({ count: z.number() }),
});

const dropOldResultsQuery = defineQuery({
  name: "dropOldResults",
  mode: "write",
  scope: "tenant",
  params: params<{ before: Instant; most: number }>(),
  // Under another name the instant leaves the index, so that what was dropped is never looked at again.
  cypher: `MATCH (o:Operation {tenantId: $tenantId})
WHERE o.at < $before
WITH o ORDER BY o.tenantId, o.at LIMIT $most
SET o.result = null, o.doneAt = o.at, o.at = null
RETURN count(o) AS count`,
  row: z.object({ count: z.number() }),
});

export const operationQueries = [countOldResultsQuery, dropOldResultsQuery];

export async function dropOldest(tx: WriteTx, before: Instant, most: number): Promise<number> {
  return (await tx.run(dropOldResultsQuery, { before, most }))[0]?.count ?? 0;
}

export async function countOlder(graph: Graph, tenantId: string, before: Instant, most: number): Promise<number> {
  return (await graph.read({ tenantId }, countOldResultsQuery, { before, most }))[0]?.count ?? 0;
}
