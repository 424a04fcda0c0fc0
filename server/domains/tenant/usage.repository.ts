import { z } from "zod";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

/*
 * What a tenant used of its day: a node for each process and day, which holds that process's own count. Nobody else writes
 * it, so replicas wait for none of each other's locks, and a write that is done twice counts once.
 */

const put = defineQuery({
  name: "putUsage",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; day: string; requests: number }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
MERGE (u:Usage {tenantId: $tenantId, id: $id})
SET u.day = $day, u.requests = $requests`,
  row: noRow,
});

const ofDay = defineQuery({
  name: "usageOfDay",
  mode: "read",
  scope: "tenant",
  params: params<{ day: string }>(),
  cypher: `MATCH (u:Usage {tenantId: $tenantId}) WHERE u.id STARTS WITH $day
RETURN sum(u.requests) AS requests`,
  row: z.object({ requests: z.number() }),
});

export const usageQueries = [put, ofDay];

/** Of a tenant that is there; for any other nothing is written. */
export const putUsage = (tx: WriteTx, day: string, process: string, requests: number) =>
  tx.run(put, { id: `${day}/${process}`, day, requests });

/** Of all processes together. */
export async function usageOfDay(tx: WriteTx, day: string): Promise<number> {
  const [row] = await tx.run(ofDay, { day });
  return row?.requests ?? 0;
}
