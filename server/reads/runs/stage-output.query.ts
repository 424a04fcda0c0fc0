import { z } from "zod";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

export const stageOutputsQuery = defineQuery({
  name: "stageOutputs",
  mode: "read",
  scope: "tenant",
  params: params<{ hashes: string[] }>(),
  cypher: `UNWIND $hashes AS sha256
MATCH (b:Body {tenantId: $tenantId, sha256: sha256})
RETURN sha256, b.text AS text`,
  row: z.object({ sha256: z.string(), text: z.string() }),
});

/** What stages answered with, as canonical JSON, by its hash. It never changes. */
export async function stageOutputs(
  graph: Graph,
  scope: Scope,
  hashes: readonly string[],
): Promise<Map<string, string>> {
  const rows = await graph.read(scope, stageOutputsQuery, { hashes: [...new Set(hashes)] });
  return new Map(rows.map((row) => [row.sha256, row.text]));
}
