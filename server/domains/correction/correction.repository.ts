import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/** What makes a claim stand: its status, and the states of the sources that quotes which support it come from. */
export const standingOfTaskClaims = defineQuery({
  name: "standingOfTaskClaims",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[]; asOf: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})
OPTIONAL MATCH (c)-[r:SUPPORTED_BY]->(:Fact)-[q:QUOTED_FROM]->(:Snapshot)-[t:CAPTURED_FROM]->(s:Source)
WHERE ${holdsAt("r")} AND ${holdsAt("q")} AND ${holdsAt("t")}
WITH c, collect(DISTINCT s) AS sources
WITH c, ${versionAt("c")} AS cv, [s IN sources | ${versionAt("s")}.status] AS states
RETURN c.id AS id, cv.title AS title, cv.status AS status, states ORDER BY id`,
  row: z.object({ id: z.string(), title: z.string(), status: z.string(), states: z.array(z.string()) }),
});
export type ClaimStanding = z.infer<typeof standingOfTaskClaims.row>;

/** How often the episode was corrected or retracted since. */
export const correctedSince = defineQuery({
  name: "episodeCorrectedSince",
  mode: "read",
  scope: "tenant",
  params: params<{ episodeId: string; since: Instant; actions: readonly string[]; forever: Instant }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $episodeId})<-[:PROPOSES {validTo: $forever}]-(p:Proposal)
WHERE p.status = "DONE" AND p.action IN $actions AND p.versionFrom >= $since
RETURN count(p) AS count`,
  row: z.object({ count: z.number() }),
});

/** How many tasks of an incident go on. */
export const countGoing = defineQuery({
  name: "countGoingCorrectionTasks",
  mode: "read",
  scope: "tenant",
  params: params<{ incidentId: string; going: readonly string[]; forever: Instant }>(),
  cypher: `MATCH (i:Incident {tenantId: $tenantId, id: $incidentId})<-[:PART_OF {validTo: $forever}]-(t:CorrectionTask)
WHERE t.state IN $going
RETURN count(t) AS count`,
  row: z.object({ count: z.number() }),
});

/** The episode that a task is about, of an edge that never changes. */
export const episodeOfTask = defineQuery({
  name: "episodeOfCorrectionTask",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (t:CorrectionTask {tenantId: $tenantId, id: $id})-[:CORRECTS]->(e:Episode)
RETURN e.id AS id ORDER BY id`,
  row: z.object({ id: z.string() }),
});

export const correctionQueries = [standingOfTaskClaims, correctedSince, countGoing, episodeOfTask];
