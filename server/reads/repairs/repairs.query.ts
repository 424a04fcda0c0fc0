import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { holdsAt, nodeRow, nodeRowOf, versionAt } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/** Quotes of one claim that are linked already and looked at. */
export const MOST_LINKED = 20;

/** Claims as they are, how many scenes of the episode state each, and facts that are linked to them already. */
export const claimsToRepair = defineQuery({
  name: "claimsToRepair",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; episodeId: string; asOf: Instant; most: number }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})
CALL (c) {
  MATCH (c)<-[st:STATES]-(s:Scene)<-[hs:HAS_SCENE]-(e:Episode)
  WHERE e.tenantId = $tenantId AND e.id = $episodeId AND ${holdsAt("st")} AND ${holdsAt("hs")}
  RETURN count(DISTINCT s) AS scenes
}
CALL (c) {
  MATCH (c)-[r:SUPPORTED_BY|CONSIDERED]->(f:Fact) WHERE ${holdsAt("r")}
  WITH DISTINCT f ORDER BY f.id LIMIT $most
  RETURN collect(f.id) AS linked
}
WITH c, scenes, linked, ${versionAt("c")} AS v
RETURN ${nodeRow("c", "v", ["Claim"])} AS claim, scenes, linked`,
  row: z.object({ claim: nodeRowOf("Claim"), scenes: z.number(), linked: z.array(z.string()) }),
});

/** Facts with the source that each was quoted from, where the quote stands in what was read there last. */
export const quotesThatStand = defineQuery({
  name: "quotesThatStand",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; asOf: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (f:Fact {tenantId: $tenantId, id: id})-[q:QUOTED_FROM]->(n:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
WHERE ${holdsAt("q")} AND ${holdsAt("t")}
  AND NOT EXISTS { MATCH (s)<-[newer:CAPTURED_FROM]-(:Snapshot {kind: "FULL"}) WHERE ${holdsAt("newer")} AND newer.validFrom > t.validFrom }
WITH f, s, ${versionAt("f")} AS fv, ${versionAt("s")} AS sv
WHERE sv.status = "ACTIVE"
RETURN ${nodeRow("f", "fv", ["Fact"])} AS fact, ${nodeRow("s", "sv", ["Source"])} AS source`,
  row: z.object({ fact: nodeRowOf("Fact"), source: nodeRowOf("Source") }),
});
export type StandingQuote = z.infer<typeof quotesThatStand.row>;

/** The source that took a source's place, if one did and can be relied on. */
export const successorOfSource = defineQuery({
  name: "successorToRepairWith",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})-[r:SUPERSEDED_BY]->(b:Source)
WHERE ${holdsAt("r")}
WITH b, ${versionAt("b")} AS v
WHERE v.status = "ACTIVE"
RETURN ${nodeRow("b", "v", ["Source"])} AS source`,
  row: z.object({ source: nodeRowOf("Source") }),
});

export const repairsQueries = [claimsToRepair, quotesThatStand, successorOfSource];
