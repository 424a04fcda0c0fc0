import { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const inForce = defineQuery({
  name: "decisionOfConflict",
  mode: "write",
  scope: "tenant",
  params: params<{ picked: string; other: string; forever: number }>(),
  cypher: `MATCH (a:Claim {tenantId: $tenantId, id: $picked})<-[:PICKS {validTo: $forever}]-(d:Decision)-[:ABOUT {validTo: $forever}]->(b:Claim {tenantId: $tenantId, id: $other})
RETURN d.id AS id ORDER BY id`,
  row: z.object({ id: z.string() }),
});

export const decisionQueries = [inForce];

/** The decisions that hold to one of two locked claims against the other: one at most, and which it holds to. */
export async function decisionsInForce(
  tx: WriteTx,
  one: string,
  other: string,
): Promise<{ readonly id: string; readonly picked: string }[]> {
  const toOne = await tx.run(inForce, { picked: one, other, forever: FOREVER });
  const toOther = await tx.run(inForce, { picked: other, other: one, forever: FOREVER });
  return [...toOne.map(({ id }) => ({ id, picked: one })), ...toOther.map(({ id }) => ({ id, picked: other }))];
}
