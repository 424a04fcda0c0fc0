import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { defineQuery, params } from "../../graph/query.js";

/** Tries of a channel's runs that could have been taken from the cache, by flow and stage. */
export const cacheUseQuery = defineQuery({
  name: "cacheUse",
  mode: "read",
  scope: "tenant",
  params: params<{ channelId: string; since: Instant; asOf: Instant }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $channelId})<-[:ON]-(r:PipelineRun)<-[:PART_OF]-(s:StageRun)
WHERE s.cacheKey IS NOT NULL AND s.startedAt >= $since AND s.startedAt <= $asOf
RETURN r.flow AS flow, s.stage AS stage, count(s) AS lookups, sum(CASE WHEN s.cacheHit THEN 1 ELSE 0 END) AS hits
ORDER BY flow, stage`,
  row: z.object({ flow: z.string(), stage: z.string(), lookups: z.number(), hits: z.number() }),
});

export const readCacheUse = (
  graph: Graph,
  scope: Scope,
  wanted: { readonly channelId: string; readonly since: Instant; readonly asOf: Instant },
) => graph.read(scope, cacheUseQuery, wanted);
