import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";

/** What a studio set its rules of governance to, one after the other: the Tenant node's history has each. */
const governanceVersions = defineQuery({
  name: "governanceVersions",
  mode: "read",
  scope: "tenant",
  params: params<{ asOf: Instant; before: Instant; limit: number }>(),
  // The tenant has other versions too, such as by a change of its name: the first of those with the same settings set them.
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId})
CALL (t) {
  UNWIND [t] AS v
  WITH v WHERE v.versionFrom <= $asOf AND v.governance IS NOT NULL
  RETURN v.versionFrom AS at, v.versionBy AS by, v.governance AS settings
  UNION ALL
  MATCH (v:Revision)-[:REVISION_OF]->(t)
  WHERE v.validFrom <= $asOf AND v.governance IS NOT NULL
  RETURN v.validFrom AS at, v.by AS by, v.governance AS settings
}
WITH t, at, by, settings ORDER BY at
WITH t, settings, collect([at, by])[0] AS set
WHERE set[0] < $before
WITH t, settings, set[0] AS at, set[1] AS by ORDER BY at DESC LIMIT $limit
OPTIONAL MATCH (t)<-[:PROPOSES]-(p:Proposal)
WHERE p.action = "setGovernance" AND p.status = "DONE" AND p.versionBy = by
RETURN settings, at, by AS operationId, collect(p.id)[0] AS proposal`,
  row: z.object({
    settings: z.string(),
    at: z.number(),
    operationId: z.string().nullable(),
    proposal: z.string().nullable(),
  }),
});

export const governanceVersionQueries: readonly AnyQuery[] = [governanceVersions];

/** The newest first. `proposal`, an id without label, is what was approved. */
export const readGovernanceVersions = (
  graph: Graph,
  scope: Scope,
  asked: { readonly asOf: Instant; readonly before: Instant; readonly limit: number },
) => graph.read(scope, governanceVersions, asked);
