import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";

/** Claims of an episode are counted exactly up to here. */
const EXACT_CLAIMS = 10_000;

interface ClaimsParams {
  id: string;
  asOf: Instant;
  /** The last claim of the page before, an id without label; empty for the first page. */
  behind: string;
  limit: number;
}
const STATED = `MATCH (e:Episode {tenantId: $tenantId, id: $id})-[hs:HAS_SCENE]->(:Scene)-[st:STATES]->(c:Claim)
WHERE ${holdsAt("hs")} AND ${holdsAt("st")} AND c.id > $behind
WITH DISTINCT c.id AS id`;

const claimsOfEpisode = defineQuery({
  name: "claimsOfEpisode",
  mode: "read",
  scope: "tenant",
  params: params<ClaimsParams>(),
  cypher: `${STATED} ORDER BY id LIMIT $limit
RETURN id`,
  row: z.object({ id: z.string() }),
});

const claimCountOfEpisode = defineQuery({
  name: "claimCountOfEpisode",
  mode: "read",
  scope: "tenant",
  params: params<ClaimsParams>(),
  cypher: `${STATED} LIMIT $limit
RETURN count(id) AS count`,
  row: z.object({ count: z.number() }),
});

export const episodeClaimsQueries: readonly AnyQuery[] = [claimsOfEpisode, claimCountOfEpisode];

/** Ids of the claims that an episode states, each once, in order; one more than `first` where there is more. */
export async function readClaimsOfEpisode(
  graph: Graph,
  scope: Scope,
  asked: { readonly id: string; readonly asOf: Instant; readonly behind: string; readonly first: number },
): Promise<{ ids: string[]; more: boolean }> {
  const { first, ...rest } = asked;
  const ids = (await graph.read(scope, claimsOfEpisode, { ...rest, limit: first + 1 })).map(({ id }) => id);
  return { ids: ids.slice(0, first), more: ids.length > first };
}

export async function countClaimsOfEpisode(
  graph: Graph,
  scope: Scope,
  asked: { readonly id: string; readonly asOf: Instant },
): Promise<{ count: number; exact: boolean }> {
  const [row] = await graph.read(scope, claimCountOfEpisode, { ...asked, behind: "", limit: EXACT_CLAIMS + 1 });
  const count = row?.count ?? 0;
  return { count: Math.min(count, EXACT_CLAIMS), exact: count <= EXACT_CLAIMS };
}
