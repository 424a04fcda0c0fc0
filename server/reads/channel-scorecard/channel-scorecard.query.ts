import { z } from "zod";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

/* What a scorecard is computed from, each as it was known at the instant asked for. */

/** Public ids that a figure names at most. */
export const MOST_NAMED = 20;

const statuses = (list: readonly string[]): string => `[${list.map((one) => `"${one}"`).join(", ")}]`;

const channelQuery = defineQuery({
  name: "scorecardChannel",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})
WHERE ${holdsAt("c")}
WITH c, ${versionAt("c")} AS v
RETURN c.validFrom AS since, v.title AS title, v.config AS config`,
  row: z.object({ since: z.number(), title: z.string(), config: z.string().nullable() }),
});

/** Episodes of the channel that were published, newest first; those that were retracted since are no longer live. */
const publishedQuery = defineQuery({
  name: "scorecardPublished",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; since: Instant; named: number }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})<-[r:ON]-(e:Episode)
WHERE ${holdsAt("r")} AND ${holdsAt("e")}
WITH e, ${versionAt("e")} AS v
WHERE v.publishedAt <= $asOf AND v.status IN ${statuses([...LIVE_STATUSES, "RETRACTED"])}
WITH e.id AS id, v.publishedAt AS at, v.status IN ${statuses(LIVE_STATUSES)} AS live
ORDER BY at DESC, id DESC
WITH collect({id: id, at: at, live: live}) AS all
RETURN size([one IN all WHERE one.live]) AS live,
  [one IN all WHERE one.at > $since | one.at] AS recent,
  reduce(first = null, one IN all | one.at) AS first,
  [one IN [one IN all WHERE one.live][0..toInteger($named)] | "Episode:" + one.id] AS liveIds,
  [one IN [one IN all WHERE one.at > $since][0..toInteger($named)] | "Episode:" + one.id] AS recentIds`,
  row: z.object({
    live: z.number(),
    recent: z.array(z.number()),
    first: z.number().nullable(),
    liveIds: z.array(z.string()),
    recentIds: z.array(z.string()),
  }),
});

/** Tries that were begun in the window: of the cache, and of calls to providers of models. */
const triesQuery = defineQuery({
  name: "scorecardTries",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; since: Instant }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})<-[:ON]-(:PipelineRun)<-[:PART_OF]-(s:StageRun)
WHERE s.startedAt > $since AND s.startedAt <= $asOf
RETURN count(s.cacheKey) AS lookups, sum(CASE WHEN s.cacheHit THEN 1 ELSE 0 END) AS hits,
  sum(CASE WHEN s.finishedAt <= $asOf THEN coalesce(s.providerCalls, 0) ELSE 0 END) AS calls,
  sum(CASE WHEN s.finishedAt <= $asOf THEN coalesce(s.rateLimited, 0) ELSE 0 END) AS limited`,
  row: z.object({ lookups: z.number(), hits: z.number(), calls: z.number(), limited: z.number() }),
});

/** Runs of the flow that makes episodes, ended in the window, with their rounds. */
const roundsQuery = defineQuery({
  name: "scorecardRounds",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; since: Instant; flow: string }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})<-[:ON]-(r:PipelineRun {flow: $flow})
WITH r, ${versionAt("r")} AS v
WHERE v.finishedAt > $since AND v.finishedAt <= $asOf AND v.status IN ["DONE", "BLOCKED", "FAILED"]
RETURN "PipelineRun:" + r.id AS id, v.finishedAt AS at, v.round AS round
ORDER BY at DESC, id DESC LIMIT 10000`,
  row: z.object({ id: z.string(), at: z.number(), round: z.number() }),
});

const sums = `sum(k.views) AS views, count(k.views) AS viewDays,
  sum(k.ctr * k.impressions) AS clicks, sum(CASE WHEN k.ctr IS NULL THEN 0 ELSE k.impressions END) AS clickImpressions,
  sum(k.avdSeconds * k.views) AS watchedSeconds, sum(CASE WHEN k.avdSeconds IS NULL THEN 0 ELSE k.views END) AS watchedViews,
  sum(CASE WHEN k.views IS NULL THEN 0 ELSE coalesce(k.revenue, k.rpm * k.views / 1000.0, 0) END) AS earnedOnViews,
  sum(CASE WHEN k.revenue IS NULL AND k.rpm IS NULL THEN 0 ELSE k.views END) AS earnedViews`;

/** What was measured of the channel's episodes on the days of the window. */
const figuresQuery = defineQuery({
  name: "scorecardFigures",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant; fromDay: string; toDay: string }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})<-[r:ON]-(e:Episode)<-[:MEASURES]-(n:KpiRecord)
WHERE ${holdsAt("r")} AND n.day >= $fromDay AND n.day < $toDay AND ${holdsAt("n")}
WITH ${versionAt("n")} AS k
RETURN ${sums}`,
  row: z.object({
    views: z.number(),
    viewDays: z.number(),
    clicks: z.number(),
    clickImpressions: z.number(),
    watchedSeconds: z.number(),
    watchedViews: z.number(),
    earnedOnViews: z.number(),
    earnedViews: z.number(),
  }),
});

const earnedOn = (name: string, path: string, holding: string) =>
  defineQuery({
    name,
    mode: "read",
    scope: "tenant",
    params: params<{ id: string; asOf: Instant; fromDay: string; toDay: string; named: number }>(),
    cypher: `MATCH ${path}
WHERE ${holding}n.day >= $fromDay AND n.day < $toDay AND ${holdsAt("n")}
WITH n, ${versionAt("n")} AS k
WITH n.id AS id, n.day AS day, k.currency AS currency, coalesce(k.revenue, k.rpm * k.views / 1000.0) AS earned
WHERE earned IS NOT NULL
WITH id, day, currency, earned ORDER BY day DESC, id DESC
RETURN day, currency, sum(earned) AS earned, collect("KpiRecord:" + id)[0..toInteger($named)] AS ids
ORDER BY day, currency`,
    row: z.object({ day: z.string(), currency: z.string().nullable(), earned: z.number(), ids: z.array(z.string()) }),
  });

const channelRevenueQuery = earnedOn(
  "scorecardRevenueOfChannel",
  "(c:Channel {tenantId: $tenantId, id: $id})<-[:MEASURES]-(n:KpiRecord)",
  "",
);
const episodeRevenueQuery = earnedOn(
  "scorecardRevenueOfEpisodes",
  "(c:Channel {tenantId: $tenantId, id: $id})<-[r:ON]-(:Episode)<-[:MEASURES]-(n:KpiRecord)",
  `${holdsAt("r")} AND `,
);

export const scorecardQueries = [
  channelQuery,
  publishedQuery,
  triesQuery,
  roundsQuery,
  figuresQuery,
  channelRevenueQuery,
  episodeRevenueQuery,
];

export type Published = z.infer<typeof publishedQuery.row>;
export type Tries = z.infer<typeof triesQuery.row>;
export type Round = z.infer<typeof roundsQuery.row>;
export type Figures = z.infer<typeof figuresQuery.row>;
/** What one day brought in one currency. */
export type Earned = z.infer<typeof channelRevenueQuery.row>;

/** The flow that makes episodes; its repairs are what is counted as rewrites. */
const EPISODE_FLOW = "episode";

export const readScorecardChannel = async (reader: Reader, id: string, asOf: Instant) =>
  (await reader.run(channelQuery, { id, asOf }))[0];

export interface Days {
  readonly fromDay: string;
  readonly toDay: string;
}

export interface ScorecardFacts {
  readonly published: Published;
  readonly tries: Tries;
  readonly rounds: readonly Round[];
  readonly figures: Figures;
  /** By day: by the channel's own figures, and by those of its episodes together. */
  readonly ofChannel: readonly Earned[];
  readonly ofEpisodes: readonly Earned[];
}

export async function readScorecard(
  reader: Reader,
  id: string,
  asOf: Instant,
  window: { readonly since: Instant; readonly before: Instant; readonly days: Days; readonly months: Days },
): Promise<ScorecardFacts> {
  const { since, before, days, months } = window;
  const named = MOST_NAMED;
  const [[published], [tries], rounds, [figures], ofChannel, ofEpisodes] = await Promise.all([
    reader.run(publishedQuery, { id, asOf, since, named }),
    reader.run(triesQuery, { id, asOf, since }),
    reader.run(roundsQuery, { id, asOf, since: before, flow: EPISODE_FLOW }),
    reader.run(figuresQuery, { id, asOf, ...days }),
    reader.run(channelRevenueQuery, { id, asOf, ...months, named }),
    reader.run(episodeRevenueQuery, { id, asOf, ...months, named }),
  ]);
  return { published: published!, tries: tries!, rounds, figures: figures!, ofChannel, ofEpisodes };
}
