import { z } from "zod";
import { TENANT_STATUSES } from "../../../graph-schema/nodes/tenant.js";
import type { Graph, WriteTx } from "../../graph/graph.js";
import { SYSTEM_TENANT } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

const tenantExistsQuery = defineQuery({
  name: "tenantExists",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `RETURN EXISTS { (t:Tenant {tenantId: $tenantId, id: $tenantId}) } AS there`,
  row: z.object({ there: z.boolean() }),
});

const tenantsQuery = defineQuery({
  name: "tenants",
  mode: "read",
  scope: "platform",
  params: params<Record<string, never>>(),
  cypher: `MATCH (t:Tenant)
RETURN t.id AS id, t.title AS name, t.region AS region, t.status AS status
ORDER BY id`,
  row: z.object({ id: z.string(), name: z.string(), region: z.string(), status: z.enum(TENANT_STATUSES) }),
});

export const tenantQueries = [tenantExistsQuery, tenantsQuery];

/** Whether the transaction's own tenant is there. */
export async function tenantExists(tx: WriteTx): Promise<boolean> {
  return (await tx.run(tenantExistsQuery, {})).some((row) => row.there);
}

/** Every tenant of this database: for whoever runs the platform, never for a tenant. */
export const readTenants = (graph: Graph) => graph.read({ tenantId: SYSTEM_TENANT }, tenantsQuery, {});
