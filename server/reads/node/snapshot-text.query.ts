import { z } from "zod";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

export const snapshotTextsQuery = defineQuery({
  name: "snapshotTexts",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (s:Snapshot {tenantId: $tenantId, id: id})-[:HAS_BODY]->(b:Body)
RETURN id, b.text AS text`,
  row: z.object({ id: z.string(), text: z.string() }),
});

/** The texts by the snapshots' ids (without label). A snapshot's text never changes. */
export async function snapshotTexts(graph: Graph, scope: Scope, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await graph.read(scope, snapshotTextsQuery, { ids: [...new Set(ids)] });
  return new Map(rows.map((row) => [row.id, row.text]));
}
