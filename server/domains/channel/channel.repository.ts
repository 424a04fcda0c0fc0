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

export const channelQueries = [channelsOfEpisodeQuery];

/** Public ids of the channels that an episode stands on. */
export async function channelsOfEpisode(reader: Reader, id: string): Promise<string[]> {
  const rows = await reader.run(channelsOfEpisodeQuery, { id, forever: FOREVER });
  return rows.map((row) => `Channel:${row.id}`);
}
