import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { configFrom, type ChannelConfigState } from "../../domains/channel/channel-config.js";
import { defineQuery, params } from "../../graph/query.js";

/** Each config that a channel has had, with the instant and the operation that it came with, newest first. */
const configsQuery = defineQuery({
  name: "channelConfigs",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; most: number }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})
CALL (c) {
  UNWIND [c] AS v
  RETURN v.config AS config, v.versionFrom AS at, v.versionBy AS operationId
  UNION ALL
  MATCH (v:Revision)-[:REVISION_OF]->(c)
  RETURN v.config AS config, v.validFrom AS at, v.by AS operationId
}
WITH config, at, operationId
WHERE config IS NOT NULL AND at <= $asOf
ORDER BY at
WITH config, head(collect({at: at, operationId: operationId})) AS first
RETURN config, first.at AS at, first.operationId AS operationId
ORDER BY at DESC LIMIT toInteger($most)`,
  row: z.object({ config: z.string(), at: z.number(), operationId: z.string().nullable() }),
});

export const channelConfigQueries = [configsQuery];

/** Versions that are told at most. */
export const MOST_CONFIGS = 500;

export interface KeptConfig {
  readonly config: ChannelConfigState;
  readonly at: Instant;
  readonly operationId: string | null;
}

/** The configs that a channel has had up to an instant, newest first; none where it has the defaults. */
export const readConfigs = async (reader: Reader, id: string, asOf: Instant): Promise<KeptConfig[]> =>
  (await reader.run(configsQuery, { id, asOf, most: MOST_CONFIGS })).map(({ config, ...told }) => ({
    config: configFrom(config),
    ...told,
  }));
