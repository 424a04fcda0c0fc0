import { z } from "zod";
import { EVIDENCE_EDGES } from "../../../graph-schema/catalog.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { nodeRow, nodeRowSchema } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/** As deep as lineage goes, so that what is approved is what can be looked at. */
const DEPTH = 12;
const TYPES = EVIDENCE_EDGES.join("|");

const evidenceQuery = defineQuery({
  name: "evidenceOfEpisode",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number; most: number }>(),
  // One traversal, like lineage's, of what holds now; each node with the open edges that leave it.
  cypher: `MATCH (root:Episode {tenantId: $tenantId, id: $id})
MATCH (root)-[path:${TYPES}*0..${DEPTH}]->(n)
WHERE all(r IN path WHERE r.validTo = $forever)
WITH n, min(size(path)) AS level LIMIT $most
OPTIONAL MATCH (n)-[r:${TYPES}|ON]->(m)
WHERE r.validTo = $forever
WITH n, collect(CASE WHEN r IS NOT NULL THEN [type(r), labels(m)[0] + ":" + m.id, r.basis] END) AS edges
RETURN ${nodeRow("n", "n")} AS node, edges`,
  row: z.object({
    node: nodeRowSchema,
    edges: z.array(z.tuple([z.string(), z.string(), z.string().nullable()])),
  }),
});

export const episodeQueries = [evidenceQuery];

/** The episode and all the evidence that it stands on now, at most this many nodes. */
export const readEvidence = (reader: Reader, id: string, most: number) =>
  reader.run(evidenceQuery, { id, most, forever: FOREVER });
