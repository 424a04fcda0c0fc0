import { z } from "zod";
import type { Graph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";

const narrowQuery = defineQuery({
  name: "testAllowedRegions",
  mode: "write",
  scope: "tenant",
  params: params<{ regions: readonly string[] }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t.allowedRegions = $regions`,
  row: noRow,
});

const denialsQuery = defineQuery({
  name: "testDenials",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (a:AuditEntry {tenantId: $tenantId}) WHERE a.id > "" AND a.outcome = "REFUSED"
RETURN a.command AS command, a.denied AS denied`,
  row: z.object({ command: z.string(), denied: z.array(z.string()) }),
});

/** A tenant's regions and denials, in whatever database. */
export const auditOf = {
  narrow: async (graph: Graph, tenantId: string, regions: readonly string[]): Promise<void> => {
    await graph.write({ tenantId }, (tx) => tx.run(narrowQuery, { regions }));
  },
  denials: (graph: Graph, tenantId: string) => graph.read({ tenantId }, denialsQuery, {}),
};
