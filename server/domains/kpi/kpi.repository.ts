import { z } from "zod";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { WriteTx } from "../../graph/graph.js";
import { newborn, type Stamp } from "../../graph/life.js";
import { nodeRow, nodeRowOf, type NodeOf } from "../../graph/projection.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

const videosQuery = defineQuery({
  name: "episodesByVideoId",
  mode: "read",
  scope: "tenant",
  params: params<{ videoIds: string[] }>(),
  cypher: `UNWIND $videoIds AS videoId
MATCH (v:VideoId {tenantId: $tenantId, key: videoId})
RETURN videoId, v.episodeId AS episodeId`,
  row: z.object({ videoId: z.string(), episodeId: z.string() }),
});

/** Episodes that are there, each with its channel; null where it is on none. */
const episodesQuery = defineQuery({
  name: "measuredEpisodes",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[]; forever: number }>(),
  cypher: `UNWIND $ids AS id
MATCH (e:Episode {tenantId: $tenantId, id: id})
CALL (e) {
  OPTIONAL MATCH (e)-[:ON {validTo: $forever}]->(c:Channel)
  RETURN c.id AS channelId ORDER BY channelId LIMIT 1
}
RETURN id, channelId`,
  row: z.object({ id: z.string(), channelId: z.string().nullable() }),
});

/** The currency that figures of a channel, or of its episodes, are told in; any of them says it, since they have one. */
const channelsQuery = defineQuery({
  name: "currencyOfChannels",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (c:Channel {tenantId: $tenantId, id: id})
CALL (c) {
  OPTIONAL MATCH (c)<-[:MEASURES]-(k:KpiRecord) WHERE k.currency IS NOT NULL
  RETURN k.currency AS own LIMIT 1
}
CALL (c) {
  OPTIONAL MATCH (c)<-[:ON]-(:Episode)<-[:MEASURES]-(k:KpiRecord) WHERE k.currency IS NOT NULL
  RETURN k.currency AS ofEpisodes LIMIT 1
}
RETURN id, coalesce(own, ofEpisodes) AS currency`,
  row: z.object({ id: z.string(), currency: z.string().nullable() }),
});

const currencyOfEpisodesQuery = defineQuery({
  name: "currencyOfEpisodes",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (e:Episode {tenantId: $tenantId, id: id})
CALL (e) {
  OPTIONAL MATCH (e)<-[:MEASURES]-(k:KpiRecord) WHERE k.currency IS NOT NULL
  RETURN k.currency AS currency LIMIT 1
}
RETURN id, currency`,
  row: z.object({ id: z.string(), currency: z.string().nullable() }),
});

const standingQuery = defineQuery({
  name: "kpiRecordsByKey",
  mode: "read",
  scope: "tenant",
  params: params<{ keys: string[] }>(),
  cypher: `UNWIND $keys AS key
MATCH (k:KpiRecord {tenantId: $tenantId, key: key})
RETURN key, k.versionBy AS versionBy, ${nodeRow("k", "k", ["KpiRecord"])} AS node`,
  row: z.object({ key: z.string(), versionBy: z.string().nullable(), node: nodeRowOf("KpiRecord") }),
});

type Creation = Stamp & {
  forever: number;
  records: { id: string; key: string; subject: string; properties: object }[];
};

const createOf = (label: "Episode" | "Channel") =>
  defineQuery({
    name: `recordKpisOf${label}`,
    mode: "write",
    scope: "tenant",
    params: params<Creation>(),
    cypher: `UNWIND $records AS row
MATCH (s:${label} {tenantId: $tenantId, id: row.subject})
MERGE (k:KpiRecord {tenantId: $tenantId, key: row.key})
ON CREATE SET k.id = row.id, k += row.properties
WITH k, s, row WHERE k.id = row.id
CREATE (k)-[:MEASURES {validFrom: $at, validTo: $forever, openedBy: $operationId}]->(s)`,
    row: noRow,
  });
const createQueries = { Episode: createOf("Episode"), Channel: createOf("Channel") } as const;

/** What a platform's id of a video means stays what it meant first. */
const keepVideosQuery = defineQuery({
  name: "keepVideoIds",
  mode: "write",
  scope: "tenant",
  params: params<{ videos: { videoId: string; episodeId: string }[]; at: Instant }>(),
  cypher: `UNWIND $videos AS video
MERGE (v:VideoId {tenantId: $tenantId, key: video.videoId})
ON CREATE SET v.episodeId = video.episodeId, v.at = $at
RETURN v.key AS videoId, v.episodeId AS episodeId`,
  row: z.object({ videoId: z.string(), episodeId: z.string() }),
});

export const kpiQueries = [
  videosQuery,
  episodesQuery,
  channelsQuery,
  currencyOfEpisodesQuery,
  standingQuery,
  createQueries.Episode,
  createQueries.Channel,
  keepVideosQuery,
];

/** Episodes, without label, by a platform's ids of their videos. */
export const episodesByVideo = async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  ids.length === 0
    ? new Map()
    : new Map(
        (await reader.run(videosQuery, { videoIds: [...new Set(ids)] })).map((row) => [row.videoId, row.episodeId]),
      );

/** The episodes of these that are there, with the channel of each; ids without label. */
export const channelsByEpisode = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> =>
  ids.length === 0
    ? new Map()
    : new Map(
        (await reader.run(episodesQuery, { ids: [...new Set(ids)], forever: FOREVER })).map((row) => [
          row.id,
          row.channelId,
        ]),
      );

/** The channels, or episodes, of these that are there, with the currency of what was measured; ids without label. */
export const currencies = async (
  reader: Reader,
  label: "Channel" | "Episode",
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> => {
  if (ids.length === 0) return new Map();
  const query = label === "Channel" ? channelsQuery : currencyOfEpisodesQuery;
  return new Map((await reader.run(query, { ids: [...new Set(ids)] })).map((row) => [row.id, row.currency]));
};

export interface StandingKpis {
  readonly key: string;
  readonly node: NodeOf<"KpiRecord">;
  /** The operation that wrote it last. */
  readonly versionBy: string | null;
}

export const standingKpis = async (
  reader: Reader,
  keys: readonly string[],
): Promise<ReadonlyMap<string, StandingKpis>> =>
  new Map((await reader.run(standingQuery, { keys: [...keys] })).map((row) => [row.key, row]));

/** Writes records that there are none of yet, with their edges; whoever calls has locked their subjects. */
export async function createKpis(
  tx: WriteTx,
  label: "Episode" | "Channel",
  records: readonly { id: string; key: string; subject: string; properties: object }[],
  stamp: Stamp,
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map((one) => ({ ...one, properties: newborn(tx, "KpiRecord", one.properties, stamp) }));
  await tx.run(createQueries[label], { ...stamp, forever: FOREVER, records: rows });
}

/** Remembers which episodes these ids of videos mean; answers what each means, which may be what it meant before. */
export const keepVideoIds = async (
  tx: WriteTx,
  videos: readonly { readonly videoId: string; readonly episodeId: string }[],
  at: Instant,
): Promise<ReadonlyMap<string, string>> =>
  videos.length === 0
    ? new Map()
    : new Map((await tx.run(keepVideosQuery, { videos: [...videos], at })).map((row) => [row.videoId, row.episodeId]));
