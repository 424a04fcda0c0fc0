import { z } from "zod";
import type { EpisodeStatus } from "../../../graph-schema/nodes/episode.js";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, params } from "../../graph/query.js";

/* What the correction of what stands on a source reads: the source, and claims with what they stand on and where they are said. */

/** A source, and the claims that are supported by it, at most so many. */
export const claimsOnSource = defineQuery({
  name: "claimsOnSource",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: Instant; most: number }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})
CALL (s) {
  MATCH (s)<-[:CAPTURED_FROM]-(:Snapshot)<-[:QUOTED_FROM]-(:Fact)<-[:SUPPORTED_BY {validTo: $forever}]-(c:Claim)
  WITH DISTINCT c.id AS id ORDER BY id LIMIT toInteger($most)
  RETURN collect(id) AS claims
}
RETURN s.title AS title, s.status AS status, claims`,
  row: z.object({ title: z.string(), status: z.enum(SOURCE_STATUSES), claims: z.array(z.string()) }),
});

/** Claims with the facts that support them, each with the state of its source, and the live episodes that say them. */
export const standingOfClaims = defineQuery({
  name: "claimsUnderRepair",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; live: readonly EpisodeStatus[]; forever: Instant }>(),
  cypher: `UNWIND $ids AS wanted
MATCH (c:Claim {tenantId: $tenantId, id: wanted})
RETURN c.id AS id, c.title AS title,
  COLLECT {
    MATCH (c)-[:SUPPORTED_BY {validTo: $forever}]->(f:Fact)-[:QUOTED_FROM]->(:Snapshot)-[:CAPTURED_FROM]->(s:Source)
    RETURN DISTINCT {factId: f.id, sourceId: s.id, source: s.title, status: s.status} AS one ORDER BY one.factId, one.sourceId
  } AS supports,
  COLLECT {
    MATCH (c)<-[:STATES {validTo: $forever}]-(:Scene)<-[:HAS_SCENE {validTo: $forever}]-(e:Episode) WHERE e.status IN $live
    RETURN DISTINCT e.id AS id ORDER BY id
  } AS episodes`,
  row: z.object({
    id: z.string(),
    title: z.string(),
    supports: z.array(
      z.object({ factId: z.string(), sourceId: z.string(), source: z.string(), status: z.enum(SOURCE_STATUSES) }),
    ),
    episodes: z.array(z.string()),
  }),
});
export type ClaimStanding = z.infer<typeof standingOfClaims.row>;

/** Facts by id, with the state of the sources that they are quoted from. */
export const statesOfFacts = defineQuery({
  name: "statesOfFacts",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS wanted
MATCH (f:Fact {tenantId: $tenantId, id: wanted})-[:QUOTED_FROM]->(:Snapshot)-[:CAPTURED_FROM]->(s:Source)
RETURN f.id AS id, f.quoteExact AS exact, s.id AS sourceId, s.title AS source, s.status AS status`,
  row: z.object({
    id: z.string(),
    exact: z.string(),
    sourceId: z.string(),
    source: z.string(),
    status: z.enum(SOURCE_STATUSES),
  }),
});

export const correctionFlowQueries = [claimsOnSource, standingOfClaims, statesOfFacts];
