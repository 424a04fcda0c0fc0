import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

/** Facts that are computed from others, and sources that cite others, are followed so far. */
const FAR = 8;

const idRow = z.object({ id: z.string() });

/** What stands on a source: its claims, those on sources that cite it, and those on facts computed from any of them, in order of id. */
export const claimsUnder = defineQuery({
  name: "claimsUnderFallenSource",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; after: string; most: number; forever: Instant }>(),
  cypher: `MATCH (root:Source {tenantId: $tenantId, id: $id})
MATCH (root)<-[cites:CITES*0..${FAR}]-(s:Source)
WHERE all(r IN cites WHERE r.validTo = $forever)
WITH DISTINCT s
MATCH (s)<-[:CAPTURED_FROM {validTo: $forever}]-(:Snapshot)<-[:QUOTED_FROM {validTo: $forever}]-(f:Fact)
WITH DISTINCT f
MATCH (f)<-[way:DERIVED_FROM*0..${FAR}]-(g:Fact)
WHERE all(r IN way WHERE r.validTo = $forever)
WITH DISTINCT g
MATCH (g)<-[:SUPPORTED_BY {validTo: $forever}]-(c:Claim)
WHERE c.id > $after
WITH DISTINCT c ORDER BY c.id LIMIT $most
RETURN c.id AS id`,
  row: idRow,
});

export const scenesOfClaims = defineQuery({
  name: "countScenesOfClaims",
  mode: "write",
  scope: "tenant",
  params: params<{ ids: readonly string[]; forever: Instant }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})<-[:STATES {validTo: $forever}]-(s:Scene)
RETURN count(DISTINCT s) AS count`,
  row: z.object({ count: z.number() }),
});

/** Live episodes that state one of these claims, in order of id, with who answers for them: their owners, else their channels'. */
export const liveEpisodesOfClaims = defineQuery({
  name: "liveEpisodesOfClaims",
  mode: "write",
  scope: "tenant",
  params: params<{
    ids: readonly string[];
    after: string;
    most: number;
    live: readonly string[];
    forever: Instant;
  }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Claim {tenantId: $tenantId, id: id})<-[:STATES {validTo: $forever}]-(:Scene)<-[:HAS_SCENE {validTo: $forever}]-(e:Episode)
WHERE e.status IN $live AND e.id > $after
WITH DISTINCT e ORDER BY e.id LIMIT $most
OPTIONAL MATCH (e)-[:OWNED_BY {validTo: $forever}]->(mine:Principal)
WITH e, collect(DISTINCT mine.id) AS own
OPTIONAL MATCH (e)-[:ON {validTo: $forever}]->(:Channel)-[:OWNED_BY {validTo: $forever}]->(theirs:Principal)
WITH e, own, collect(DISTINCT theirs.id) AS channels
RETURN e.id AS id, e.title AS title, CASE WHEN size(own) > 0 THEN own ELSE channels END AS owners ORDER BY id`,
  row: z.object({ id: z.string(), title: z.string(), owners: z.array(z.string()) }),
});
export type LiveEpisode = z.infer<typeof liveEpisodesOfClaims.row>;

/** The incident of a source's fall that is still open, if there is one. */
export const openIncidentOf = defineQuery({
  name: "openIncidentOfFallenSource",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; sourceId: string; forever: Instant }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})<-[:AFFECTS {validTo: $forever}]-(i:Incident)
WHERE i.status = "OPEN" AND i.sourceId = $sourceId
RETURN i.id AS id ORDER BY id LIMIT 1`,
  row: idRow,
});

/** Episodes that have a task of the incident which goes on, or which was closed after as grave a cause. */
export const episodesWithTask = defineQuery({
  name: "episodesWithCorrectionTask",
  mode: "write",
  scope: "tenant",
  params: params<{
    incidentId: string;
    ids: readonly string[];
    going: readonly string[];
    graver: readonly string[];
    forever: Instant;
  }>(),
  cypher: `MATCH (i:Incident {tenantId: $tenantId, id: $incidentId})<-[:PART_OF {validTo: $forever}]-(t:CorrectionTask)-[:CORRECTS {validTo: $forever}]->(e:Episode)
WHERE e.id IN $ids AND (t.state IN $going OR t.cause IN $graver)
RETURN DISTINCT e.id AS id`,
  row: idRow,
});

export const createTasks = defineQuery({
  name: "createCorrectionTasks",
  mode: "write",
  scope: "tenant",
  params: params<{
    incidentId: string;
    rows: readonly { id: string; episodeId: string; owners: readonly string[]; properties: object }[];
    forever: Instant;
    at: Instant;
    operationId: string;
  }>(),
  cypher: `UNWIND $rows AS row
MATCH (e:Episode {tenantId: $tenantId, id: row.episodeId}), (i:Incident {tenantId: $tenantId, id: $incidentId})
CREATE (t:CorrectionTask {tenantId: $tenantId, id: row.id}) SET t += row.properties
CREATE (t)-[:CORRECTS {validFrom: $at, validTo: $forever, openedBy: $operationId}]->(e)
CREATE (t)-[:PART_OF {validFrom: $at, validTo: $forever, openedBy: $operationId}]->(i)
MERGE (i)-[r:AFFECTS {validTo: $forever}]->(e)
ON CREATE SET r.validFrom = $at, r.openedBy = $operationId
WITH t, row
UNWIND row.owners AS ownerId
MATCH (p:Principal {tenantId: $tenantId, id: ownerId})
CREATE (t)-[:OWNED_BY {validFrom: $at, validTo: $forever, openedBy: $operationId}]->(p)`,
  row: noRow,
});

/** Tasks of an incident that go on, in order of id. */
export const goingTasks = defineQuery({
  name: "goingCorrectionTasks",
  mode: "write",
  scope: "tenant",
  params: params<{ incidentId: string; going: readonly string[]; most: number; forever: Instant }>(),
  cypher: `MATCH (i:Incident {tenantId: $tenantId, id: $incidentId})<-[:PART_OF {validTo: $forever}]-(t:CorrectionTask)
WHERE t.state IN $going
RETURN t.id AS id ORDER BY id LIMIT $most`,
  row: idRow,
});

/** What is left of a fall when one transaction may not open all tasks. It stands beside the rests of rechecks, in a state of its own. */
const fallRest = z.object({
  id: z.string(),
  sourceId: z.string(),
  incidentId: z.string(),
  cause: z.string(),
  because: z.string(),
  /** Only these claims fall; empty where all that stand on the source do. */
  claimIds: z.array(z.string()),
  /** Claims up to this id are done. */
  after: z.string(),
  /** Of the claims behind them, episodes up to this id. */
  episode: z.string(),
});
export type FallRest = z.infer<typeof fallRest>;

export const keepFall = defineQuery({
  name: "keepFall",
  mode: "write",
  scope: "tenant",
  params: params<{ rest: FallRest }>(),
  cypher: `MERGE (r:Recheck {tenantId: $tenantId, id: $rest.id}) SET r += $rest, r.status = "TASKS"`,
  row: noRow,
});

/** One rest, locked; others wait for it. */
export const takeFall = defineQuery({
  name: "takeFall",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, status: "TASKS"})
WITH r ORDER BY r.id LIMIT 1
SET r._lock = true
WITH r WHERE r.status = "TASKS"
RETURN r.id AS id, r.sourceId AS sourceId, r.incidentId AS incidentId, r.cause AS cause, r.because AS because, r.claimIds AS claimIds, r.after AS after, r.episode AS episode`,
  row: fallRest,
});

export const endFall = defineQuery({
  name: "endFall",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, id: $id}) SET r.status = "DONE"`,
  row: noRow,
});

export const countFalls = defineQuery({
  name: "countFalls",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, status: "TASKS"}) RETURN count(r) AS count`,
  row: z.object({ count: z.number() }),
});

/** Parts of a source's fall whose tasks aren't open yet. */
export const countFallsOfSource = defineQuery({
  name: "countFallsOfSource",
  mode: "read",
  scope: "tenant",
  params: params<{ sourceId: string }>(),
  cypher: `MATCH (r:Recheck {tenantId: $tenantId, status: "TASKS"}) WHERE r.sourceId = $sourceId RETURN count(r) AS count`,
  row: z.object({ count: z.number() }),
});

export const fallQueries = [
  claimsUnder,
  scenesOfClaims,
  liveEpisodesOfClaims,
  openIncidentOf,
  episodesWithTask,
  createTasks,
  goingTasks,
  keepFall,
  takeFall,
  endFall,
  countFalls,
  countFallsOfSource,
];
