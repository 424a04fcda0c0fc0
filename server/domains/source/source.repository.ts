import { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import type { WriteTx } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/** Longest chain of sources that took each other's place. */
const MOST_SUCCESSORS = 100;

const successorsQuery = defineQuery({
  name: "successorsOfSource",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})
MATCH (s)-[way:SUPERSEDED_BY*1..${MOST_SUCCESSORS}]->(b:Source)
WHERE all(r IN way WHERE r.validTo = $forever)
WITH b, min(size(way)) AS steps ORDER BY steps
RETURN b.id AS id`,
  row: z.object({ id: z.string() }),
});

export const sourceQueries = [successorsQuery];

/** Ids of the sources that took its place, one after the other; the first is its own successor. */
export const successorsOf = async (tx: WriteTx, id: string): Promise<string[]> =>
  (await tx.run(successorsQuery, { id, forever: FOREVER })).map((row) => row.id);
