import { z } from "zod";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/** The newest sources whose quotes live episodes stand on, of those that aren't retracted. */
const retractableSources = defineQuery({
  name: "retractableSources",
  mode: "read",
  scope: "tenant",
  params: params<{ most: number; live: readonly string[]; forever: Instant }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId})
WHERE s.id > "" AND s.status <> "RETRACTED"
WITH s ORDER BY s.tenantId DESC, s.id DESC LIMIT $most
WHERE EXISTS {
  MATCH (s)<-[:CAPTURED_FROM {validTo: $forever}]-(:Snapshot)<-[:QUOTED_FROM {validTo: $forever}]-(:Fact)<-[:SUPPORTED_BY {validTo: $forever}]-(:Claim)<-[:STATES {validTo: $forever}]-(:Scene)<-[:HAS_SCENE {validTo: $forever}]-(e:Episode)
  WHERE e.status IN $live
}
RETURN s.id AS id LIMIT 1`,
  row: z.object({ id: z.string() }),
});

/** The newest incident of a source's fall, and its tasks that are of the same fall or went on through it. */
const fallenSource = defineQuery({
  name: "incidentOfFallenSource",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; sourceId: string; forever: Instant }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})<-[:AFFECTS {validTo: $forever}]-(i:Incident)
WHERE i.sourceId = $sourceId
WITH i ORDER BY i.validFrom DESC, i.id DESC LIMIT 1
OPTIONAL MATCH (i)<-[:PART_OF {validTo: $forever}]-(t:CorrectionTask)
WHERE t.state IN ["OPEN", "IN_PROGRESS"]
WITH i, t ORDER BY t.id
RETURN i.id AS incidentId, collect(t.id) AS taskIds`,
  row: z.object({ incidentId: z.string(), taskIds: z.array(z.string()) }),
});

export const retractableQueries = [retractableSources, fallenSource];

/** The newest source that could be retracted and that something live stands on; none where there is none. */
export const readRetractable = async (graph: Graph, scope: Scope, most: number): Promise<string[]> =>
  (await graph.read(scope, retractableSources, { most, live: LIVE_STATUSES, forever: FOREVER })).map(({ id }) =>
    formatNodeId("Source", id),
  );

/** What a source's fall opened and goes on. */
export async function readFallen(
  graph: Graph,
  scope: Scope,
  id: string,
): Promise<{ incidentId: string | null; taskIds: string[] }> {
  const sourceId = formatNodeId("Source", id);
  const [row] = await graph.read(scope, fallenSource, { id, sourceId, forever: FOREVER });
  if (row === undefined) return { incidentId: null, taskIds: [] };
  return {
    incidentId: formatNodeId("Incident", row.incidentId),
    taskIds: row.taskIds.map((task) => formatNodeId("CorrectionTask", task)),
  };
}
