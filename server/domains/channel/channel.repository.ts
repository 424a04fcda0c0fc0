import { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { defineQuery, params } from "../../graph/query.js";

const channelsOfEpisodeQuery = defineQuery({
  name: "channelsOfEpisode",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $id})-[:ON {validTo: $forever}]->(c:Channel)
RETURN c.id AS id ORDER BY id`,
  row: z.object({ id: z.string() }),
});

/** Channels whose config has the word, in whatever place: who asks reads where. */
const configsNamingQuery = defineQuery({
  name: "channelConfigsNaming",
  mode: "read",
  scope: "tenant",
  params: params<{ word: string }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId})
WHERE c.id > "" AND c.config CONTAINS $word
RETURN c.id AS id, c.config AS config ORDER BY id`,
  row: z.object({ id: z.string(), config: z.string() }),
});

export const channelQueries = [channelsOfEpisodeQuery, configsNamingQuery];

/** Channels, by public id, whose config has this text in some place, with that config. */
export const configsNaming = async (reader: Reader, text: string): Promise<{ id: string; config: string }[]> =>
  (await reader.run(configsNamingQuery, { word: JSON.stringify(text) })).map(({ id, config }) => ({
    ...{ id: `Channel:${id}`, config },
  }));

/** Public ids of the channels that an episode stands on. */
export async function channelsOfEpisode(reader: Reader, id: string): Promise<string[]> {
  const rows = await reader.run(channelsOfEpisodeQuery, { id, forever: FOREVER });
  return rows.map((row) => `Channel:${row.id}`);
}
