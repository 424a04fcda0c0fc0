import type { Graph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { testGraph } from "./graph.js";
import type { TestTenant } from "./tenant.js";

const seal = defineQuery({
  name: "testSeal",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (a:Unsealed {tenantId: $tenantId}) WHERE a.id > "" REMOVE a:Unsealed`,
  row: noRow,
});

/** Takes the audit of a tenant for sealed. */
export const sealTenant = (tenantId: string, graph: Graph = testGraph()) =>
  graph.write({ tenantId }, (tx) => tx.run(seal, {}));

/** The same of a test's tenant and its twin: on a busy machine a long test would else be refused for its lag. */
export async function sealed(t: TestTenant): Promise<void> {
  for (const id of [t.id, t.twinId]) await sealTenant(id);
}
