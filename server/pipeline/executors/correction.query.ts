import { z } from "zod";
import type { EpisodeStatus } from "../../../graph-schema/nodes/episode.js";
import { SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, params } from "../../graph/query.js";

/* What the correction of what stands on a source reads: the source, and claims with what they stand on and where they are said. */

/** Facts that are computed from others, and sources that cite others, are followed so far: as far as a fall does. */
const FAR = 8;
const open = (path: string) => `all(r IN ${path} WHERE r.validTo = $forever)`;

/**
 * Whether what a fact rests on fell with the source `root`: quotes of it, of sources that cite it, or of what the fact was computed
 * from. Of a source that is in order itself only what it doesn't say any more has fallen: quotes of an older reading than its last whole one.
 */
const fellOf = (fact: string) => `EXISTS {
    MATCH (${fact})-[way:DERIVED_FROM*0..${FAR}]->(:Fact)-[:QUOTED_FROM {validTo: $forever}]->(:Snapshot)-[read:CAPTURED_FROM {validTo: $forever}]->(origin:Source)-[cites:CITES*0..${FAR}]->(last:Source)
    WHERE last.tenantId = $tenantId AND last.id = $sourceId AND ${open("way")} AND ${open("cites")} AND (root.status <> "ACTIVE" OR (origin = root AND EXISTS {
      MATCH (root)<-[newer:CAPTURED_FROM {validTo: $forever}]-(:Snapshot {kind: "FULL"}) WHERE newer.validFrom > read.validFrom
    }))
  }`;

/** A source, and the claims that stand on it, on sources that cite it, or on facts computed from either, at most so many. */
export const claimsOnSource = defineQuery({
  name: "claimsOnSource",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: Instant; most: number }>(),
  cypher: `MATCH (root:Source {tenantId: $tenantId, id: $id})
CALL (root) {
  MATCH (root)<-[cites:CITES*0..${FAR}]-(s:Source)
  WHERE ${open("cites")}
  WITH DISTINCT s
  MATCH (s)<-[:CAPTURED_FROM {validTo: $forever}]-(:Snapshot)<-[:QUOTED_FROM {validTo: $forever}]-(f:Fact)
  WITH DISTINCT f
  MATCH (f)<-[way:DERIVED_FROM*0..${FAR}]-(g:Fact)
  WHERE ${open("way")}
  WITH DISTINCT g
  MATCH (g)<-[:SUPPORTED_BY {validTo: $forever}]-(c:Claim)
  WITH DISTINCT c.id AS id ORDER BY id LIMIT toInteger($most)
  RETURN collect(id) AS claims
}
RETURN root.title AS title, root.status AS status, claims`,
  row: z.object({ title: z.string(), status: z.enum(SOURCE_STATUSES), claims: z.array(z.string()) }),
});

/**
 * Claims that need a recheck and stood on the source just before tasks were opened that go on. A fall may close links itself, and then
 * nothing but its tasks leads to what it found.
 */
export const claimsOfFall = defineQuery({
  name: "claimsOfFall",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; sourceId: string; going: readonly string[]; forever: Instant; most: number }>(),
  cypher: `MATCH (root:Source {tenantId: $tenantId, id: $id})<-[:AFFECTS {validTo: $forever}]-(i:Incident)
WHERE i.status = "OPEN" AND i.sourceId = $sourceId
MATCH (i)<-[:PART_OF {validTo: $forever}]-(t:CorrectionTask)-[:CORRECTS {validTo: $forever}]->(e:Episode)
WHERE t.state IN $going
MATCH (e)-[:HAS_SCENE {validTo: $forever}]->(:Scene)-[:STATES {validTo: $forever}]->(c:Claim)
WHERE c.status = "NEEDS_RECHECK"
WITH DISTINCT c, t.openedAt - 1 AS before
MATCH (c)-[path:SUPPORTED_BY|DERIVED_FROM*1..${FAR + 1}]->(f:Fact)
WHERE all(r IN path WHERE r.validFrom <= before AND r.validTo > before)
MATCH (f)-[q:QUOTED_FROM]->(:Snapshot)-[read:CAPTURED_FROM]->(s:Source)
WHERE q.validFrom <= before AND q.validTo > before AND read.validFrom <= before AND read.validTo > before
WITH DISTINCT c, before, s
MATCH (s)-[cites:CITES*0..${FAR}]->(last:Source)
WHERE last.tenantId = $tenantId AND last.id = $id AND all(r IN cites WHERE r.validFrom <= before AND r.validTo > before)
WITH DISTINCT c.id AS id ORDER BY id LIMIT toInteger($most)
RETURN id`,
  row: z.object({ id: z.string() }),
});

/** Claims with the facts that support them, each with the state of its source and whether it fell with the source; and the live episodes that say them. */
export const standingOfClaims = defineQuery({
  name: "claimsUnderRepair",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; sourceId: string; live: readonly EpisodeStatus[]; forever: Instant }>(),
  cypher: `MATCH (root:Source {tenantId: $tenantId, id: $sourceId})
UNWIND $ids AS wanted
MATCH (c:Claim {tenantId: $tenantId, id: wanted})
RETURN c.id AS id, c.title AS title,
  COLLECT {
    MATCH (c)-[:SUPPORTED_BY {validTo: $forever}]->(f:Fact)
    OPTIONAL MATCH (f)-[:QUOTED_FROM {validTo: $forever}]->(:Snapshot)-[:CAPTURED_FROM {validTo: $forever}]->(s:Source)
    WITH DISTINCT f, s
    RETURN {factId: f.id, sourceId: s.id, source: s.title, status: s.status, fell: ${fellOf("f")}} AS one ORDER BY one.factId, one.sourceId
  } AS supports,
  COLLECT {
    MATCH (c)<-[:STATES {validTo: $forever}]-(:Scene)<-[:HAS_SCENE {validTo: $forever}]-(e:Episode) WHERE e.status IN $live
    RETURN DISTINCT e.id AS id ORDER BY id
  } AS episodes`,
  row: z.object({
    id: z.string(),
    title: z.string(),
    supports: z.array(
      z.object({
        factId: z.string(),
        /** Null of a fact that was computed and is quoted from nowhere. */
        sourceId: z.string().nullable(),
        source: z.string().nullable(),
        status: z.enum(SOURCE_STATUSES).nullable(),
        fell: z.boolean(),
      }),
    ),
    episodes: z.array(z.string()),
  }),
});
export type ClaimStanding = z.infer<typeof standingOfClaims.row>;

/** Facts by id, with the state of the sources that they are quoted from, and whether they fell with the source. */
export const statesOfFacts = defineQuery({
  name: "statesOfFacts",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; sourceId: string; forever: Instant }>(),
  cypher: `MATCH (root:Source {tenantId: $tenantId, id: $sourceId})
UNWIND $ids AS wanted
MATCH (f:Fact {tenantId: $tenantId, id: wanted})-[:QUOTED_FROM {validTo: $forever}]->(:Snapshot)-[:CAPTURED_FROM {validTo: $forever}]->(s:Source)
WITH DISTINCT root, f, s
RETURN f.id AS id, f.quoteExact AS exact, s.title AS source, s.status AS status, ${fellOf("f")} AS fell`,
  row: z.object({
    id: z.string(),
    exact: z.string(),
    source: z.string(),
    status: z.enum(SOURCE_STATUSES),
    fell: z.boolean(),
  }),
});

export const correctionFlowQueries = [claimsOnSource, claimsOfFall, standingOfClaims, statesOfFacts];
