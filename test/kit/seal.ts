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

/** Takes the audit for sealed in the tenant and its twin: on a busy machine a long test would else be refused for its lag. */
export async function sealed(t: TestTenant): Promise<void> {
  for (const scope of [t.scope, t.twinScope]) await testGraph().write(scope, (tx) => tx.run(seal, {}));
}
