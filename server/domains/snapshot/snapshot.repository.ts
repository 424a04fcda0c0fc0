import { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import type { WriteTx } from "../../graph/graph.js";
import type { Stamp } from "../../graph/life.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

const attachBodyQuery = defineQuery({
  name: "attachBody",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; sha256: string; text: string; forever: number; at: number; operationId: string }>(),
  cypher: `MATCH (s:Snapshot {tenantId: $tenantId, id: $id})
MERGE (b:Body {tenantId: $tenantId, sha256: $sha256})
ON CREATE SET b.text = $text
MERGE (s)-[r:HAS_BODY {validTo: $forever}]->(b)
ON CREATE SET r.validFrom = $at, r.openedBy = $operationId`,
  row: noRow,
});

const presentTextQuery = defineQuery({
  name: "presentSnapshotText",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (s:Snapshot {tenantId: $tenantId, id: $id})-[:HAS_BODY]->(b:Body)
RETURN s.key AS key, b.text AS text`,
  row: z.object({ key: z.string(), text: z.string() }),
});

export const snapshotQueries = [attachBodyQuery, presentTextQuery];

/** Hangs the text on the snapshot; snapshots with equal text share one Body. */
export async function attachBody(
  tx: WriteTx,
  body: { id: string; sha256: string; text: string },
  stamp: Stamp,
): Promise<void> {
  await tx.run(attachBodyQuery, { ...body, ...stamp, forever: FOREVER });
}

/** The snapshot's natural key and text. */
export async function presentText(tx: WriteTx, id: string): Promise<{ key: string; text: string } | undefined> {
  return (await tx.run(presentTextQuery, { id }))[0];
}
