import { z } from "zod";
import { defineQuery, noRow, params } from "../../graph/query.js";

export const claimByKey = defineQuery({
  name: "claimByWords",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string }>(),
  cypher: `MATCH (c:Claim {tenantId: $tenantId, key: $key}) RETURN c.id AS id`,
  row: z.object({ id: z.string() }),
});

export const setClaimKey = defineQuery({
  name: "setClaimKey",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; key: string }>(),
  cypher: `MATCH (c:Claim {tenantId: $tenantId, id: $id}) SET c.key = $key`,
  row: noRow,
});

interface Pair {
  readonly one: string;
  readonly other: string;
  readonly forever: number;
}

/** The open conflict of two claims, whichever way its arrow leads. */
export const openConflict = defineQuery({
  name: "openConflict",
  mode: "write",
  scope: "tenant",
  params: params<Pair>(),
  cypher: `MATCH (a:Claim {tenantId: $tenantId, id: $one})-[r:CONFLICTS_WITH {validTo: $forever}]-(b:Claim {tenantId: $tenantId, id: $other})
RETURN startNode(r).id AS from LIMIT 1`,
  row: z.object({ from: z.string() }),
});

export const claimQueries = [claimByKey, setClaimKey, openConflict];
