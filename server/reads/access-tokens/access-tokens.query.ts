import { z } from "zod";
import { ROLES } from "../../../graph-schema/nodes/principal.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/** What the graph keeps of a token: everything but the token. */
const shape = z.object({
  id: z.string(),
  actor: z.string(),
  actorName: z.string(),
  principalId: z.string(),
  ownerId: z.string(),
  onBehalfOf: z.string().nullable(),
  onBehalfOfId: z.string().nullable(),
  scopes: z.array(z.string()),
  roles: z.array(z.enum(ROLES)),
  issuedBy: z.string(),
  issuedAt: z.number(),
  expiresAt: z.number(),
  revokedAt: z.number().nullable(),
  revokedBy: z.string().nullable(),
});
export type AccessTokenRow = z.infer<typeof shape>;

const ROW = `t {${Object.keys(shape.shape)
  .map((column) => `.${column}`)
  .join(", ")}} AS token`;
const row = z.object({ token: shape });

const byId = defineQuery({
  name: "accessTokenById",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (t:AccessToken {tenantId: $tenantId, id: $id}) RETURN ${ROW}`,
  row,
});

const page = defineQuery({
  name: "accessTokensPage",
  mode: "read",
  scope: "tenant",
  params: params<{ after: string; limit: number }>(),
  cypher: `MATCH (t:AccessToken {tenantId: $tenantId}) WHERE t.id > $after
WITH t ORDER BY t.tenantId, t.id LIMIT $limit
RETURN ${ROW}`,
  row,
});

const count = defineQuery({
  name: "accessTokensCount",
  mode: "read",
  scope: "tenant",
  params: params<{ limit: number }>(),
  cypher: `MATCH (t:AccessToken {tenantId: $tenantId}) WHERE t.id > ""
WITH t LIMIT $limit
RETURN count(t) AS count`,
  row: z.object({ count: z.number() }),
});

export const accessTokenReads = [byId, page, count];

export async function readAccessToken(graph: Graph, scope: Scope, id: string): Promise<AccessTokenRow | null> {
  return (await graph.read(scope, byId, { id }))[0]?.token ?? null;
}

/** One page in order of issue, and whether there is more. */
export async function readAccessTokens(
  graph: Graph,
  scope: Scope,
  { after, first }: { readonly after: string; readonly first: number },
): Promise<{ tokens: AccessTokenRow[]; more: boolean }> {
  const rows = await graph.read(scope, page, { after, limit: first + 1 });
  return { tokens: rows.slice(0, first).map(({ token }) => token), more: rows.length > first };
}

export async function countAccessTokens(graph: Graph, scope: Scope, most: number): Promise<number> {
  return (await graph.read(scope, count, { limit: most }))[0]?.count ?? 0;
}
