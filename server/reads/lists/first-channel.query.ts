import { z } from "zod";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

export const firstChannelQuery = defineQuery({
  name: "firstChannel",
  mode: "read",
  scope: "tenant",
  params: params<object>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId}) WHERE c.id > ""
WITH c ORDER BY c.tenantId, c.id LIMIT 1
RETURN c.id AS id`,
  row: z.object({ id: z.string() }),
});

/** The public id of a tenant's first channel; null where it has none. */
export async function readFirstChannel(graph: Graph, scope: Scope): Promise<string | null> {
  const [found] = await graph.read(scope, firstChannelQuery, {});
  return found === undefined ? null : `Channel:${found.id}`;
}
