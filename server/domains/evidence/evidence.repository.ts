import { z } from "zod";
import { EDGE_PROPERTIES } from "../../../graph-schema/edges.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, params, type Query } from "../../graph/query.js";

type EvidenceEdge = keyof typeof EDGE_PROPERTIES;
type Properties = z.infer<(typeof EDGE_PROPERTIES)[EvidenceEdge]>;
type Params = { claimId: string; factId: string; forever: number };

const openQueries = Object.fromEntries(
  (Object.keys(EDGE_PROPERTIES) as EvidenceEdge[]).map((type) => [
    type,
    defineQuery({
      name: `open${type}`,
      mode: "write",
      scope: "tenant",
      params: params<Params>(),
      cypher: `MATCH (c:Claim {tenantId: $tenantId, id: $claimId})-[r:${type} {validTo: $forever}]->(f:Fact {tenantId: $tenantId, id: $factId})
RETURN r.basis AS basis, r.assertingRows AS assertingRows`,
      row: EDGE_PROPERTIES[type],
    }),
  ]),
) as Record<EvidenceEdge, Query<Params, Properties>>;

export const evidenceQueries = Object.values(openQueries);

/** What the open edge between a claim and a fact says of itself; both are locked by the caller. */
export async function openEvidence(
  tx: WriteTx,
  type: EvidenceEdge,
  claimId: string,
  factId: string,
): Promise<Properties | undefined> {
  return (await tx.run(openQueries[type], { claimId, factId, forever: FOREVER }))[0];
}
