import { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const ordinalTakenQuery = defineQuery({
  name: "sceneOrdinalTaken",
  mode: "write",
  scope: "tenant",
  params: params<{ episodeId: string; ordinal: number; forever: number }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $episodeId})
RETURN EXISTS { (e)-[:HAS_SCENE {validTo: $forever}]->(s:Scene) WHERE s.ordinal = $ordinal } AS taken`,
  row: z.object({ taken: z.boolean() }),
});

export const sceneQueries = [ordinalTakenQuery];

/** Whether the episode, which the caller has locked, has a scene in this place. */
export async function ordinalTaken(tx: WriteTx, episodeId: string, ordinal: number): Promise<boolean> {
  return (await tx.run(ordinalTakenQuery, { episodeId, ordinal, forever: FOREVER })).some((row) => row.taken);
}
