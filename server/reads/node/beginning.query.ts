import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

export const beginningQuery = defineQuery({
  name: "beginningOfRecord",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
RETURN t.validFrom AS begins`,
  row: z.object({ begins: z.number() }),
});

/** When the studio's record begins; null for a tenant without a node of its own. */
export async function readBeginning(graph: Graph, scope: Scope): Promise<Instant | null> {
  const [row] = await graph.read(scope, beginningQuery, {});
  return row?.begins ?? null;
}
