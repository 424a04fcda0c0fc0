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

/** Facts that a fact was computed from are followed so far. */
const DERIVATIONS = 8;

const sourcesQuery = defineQuery({
  name: "sourcesOfFact",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (f:Fact {tenantId: $tenantId, id: $id})
MATCH (f)-[way:DERIVED_FROM*0..${DERIVATIONS}]->(g:Fact)
WHERE all(r IN way WHERE r.validTo = $forever)
WITH DISTINCT g
MATCH (g)-[:QUOTED_FROM {validTo: $forever}]->(:Snapshot)-[:CAPTURED_FROM {validTo: $forever}]->(s:Source)
RETURN DISTINCT s.id AS id`,
  row: z.object({ id: z.string() }),
});

const fallenQuery = defineQuery({
  name: "fallenSources",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[]; forever: number }>(),
  cypher: `UNWIND $ids AS id
MATCH (s:Source {tenantId: $tenantId, id: id})
OPTIONAL MATCH (s)-[:SUPERSEDED_BY {validTo: $forever}]->(by:Source)
WITH s, by WHERE s.status = "RETRACTED" OR by IS NOT NULL
RETURN s.title AS title, s.status = "RETRACTED" AS retracted, by.title AS by ORDER BY s.id`,
  row: z.object({ title: z.string(), retracted: z.boolean(), by: z.string().nullable() }),
});

export const evidenceQueries = [...Object.values(openQueries), sourcesQuery, fallenQuery];

/** Ids of the sources that a fact comes from, those of the facts that it was computed from included. */
export const sourcesOfFact = async (tx: WriteTx, id: string): Promise<string[]> =>
  (await tx.run(sourcesQuery, { id, forever: FOREVER })).map((row) => row.id);

/** Those of the locked sources that nothing should stand on any more. */
export const fallenSources = (tx: WriteTx, ids: readonly string[]) => tx.run(fallenQuery, { ids, forever: FOREVER });

/** What the open edge between a claim and a fact says of itself; both are locked by the caller. */
export async function openEvidence(
  tx: WriteTx,
  type: EvidenceEdge,
  claimId: string,
  factId: string,
): Promise<Properties | undefined> {
  return (await tx.run(openQueries[type], { claimId, factId, forever: FOREVER }))[0];
}
