import { z } from "zod";
import { GOING_STATES } from "../../../graph-schema/nodes/correction-task.js";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/**
 * The newest source that quotes of the newest live episode are from, of those that aren't retracted. It begins at the episodes, newest
 * first, and ends with the first one that has such a source: how many sources there are, and on how many nothing live stands, is no matter.
 */
const retractableSource = defineQuery({
  name: "retractableSource",
  mode: "read",
  scope: "tenant",
  params: params<{ live: readonly string[]; forever: Instant }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId})
WHERE e.id > "" AND e.status IN $live
WITH e ORDER BY e.tenantId DESC, e.id DESC
CALL (e) {
  MATCH (e)-[:HAS_SCENE {validTo: $forever}]->(:Scene)-[:STATES {validTo: $forever}]->(:Claim)-[:SUPPORTED_BY {validTo: $forever}]->(:Fact)-[:QUOTED_FROM {validTo: $forever}]->(:Snapshot)-[:CAPTURED_FROM {validTo: $forever}]->(s:Source)
  WHERE s.status <> "RETRACTED"
  RETURN s.id AS id ORDER BY id DESC LIMIT 1
}
RETURN id LIMIT 1`,
  row: z.object({ id: z.string() }),
});

/** The newest incident of a source's fall, and its tasks that are of the same fall or went on through it. */
const fallenSource = defineQuery({
  name: "incidentOfFallenSource",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; sourceId: string; going: readonly string[]; forever: Instant }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})<-[:AFFECTS {validTo: $forever}]-(i:Incident)
WHERE i.sourceId = $sourceId
WITH i ORDER BY i.validFrom DESC, i.id DESC LIMIT 1
OPTIONAL MATCH (i)<-[:PART_OF {validTo: $forever}]-(t:CorrectionTask)
WHERE t.state IN $going
WITH i, t ORDER BY t.id
RETURN i.id AS incidentId, collect(t.id) AS taskIds`,
  row: z.object({ incidentId: z.string(), taskIds: z.array(z.string()) }),
});

export const retractableQueries = [retractableSource, fallenSource];

/** A source that could be retracted and that something live stands on, the newest of the newest such episode; null where there is none. */
export async function readRetractable(graph: Graph, scope: Scope): Promise<string | null> {
  const [found] = await graph.read(scope, retractableSource, { live: LIVE_STATUSES, forever: FOREVER });
  return found === undefined ? null : formatNodeId("Source", found.id);
}

/** What a source's fall opened and goes on. */
export async function readFallen(
  graph: Graph,
  scope: Scope,
  id: string,
): Promise<{ incidentId: string | null; taskIds: string[] }> {
  const sourceId = formatNodeId("Source", id);
  const [row] = await graph.read(scope, fallenSource, { id, sourceId, going: GOING_STATES, forever: FOREVER });
  if (row === undefined) return { incidentId: null, taskIds: [] };
  return {
    incidentId: formatNodeId("Incident", row.incidentId),
    taskIds: row.taskIds.map((task) => formatNodeId("CorrectionTask", task)),
  };
}
