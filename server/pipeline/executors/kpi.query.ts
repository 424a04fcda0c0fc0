import { z } from "zod";
import { defineQuery, params } from "../../graph/query.js";

/** A channel's own weights; null for those that come along. */
export const topicWeightsOfChannel = defineQuery({
  name: "topicWeightsOfChannel",
  mode: "read",
  scope: "tenant",
  params: params<{ channelId: string }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $channelId})
RETURN c.topicWeights AS weights, c.topicWeightsVersion AS version`,
  row: z.object({ weights: z.array(z.number()).nullable(), version: z.number().nullable() }),
});

/** The newest episodes of a channel that have figures of a day from `since` on, each summed up over those days. */
export const figuresOfChannel = defineQuery({
  name: "figuresOfChannel",
  mode: "read",
  scope: "tenant",
  params: params<{ channelId: string; forever: number; since: string; most: number }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $channelId})<-[:ON {validTo: $forever}]-(e:Episode)
WITH e ORDER BY e.id DESC LIMIT toInteger($most)
CALL (e) {
  MATCH (e)<-[:MEASURES]-(k:KpiRecord)
  WHERE k.day >= $since
  RETURN count(k) AS days, sum(k.views) AS views, count(k.views) AS viewDays,
    sum(k.ctr * k.impressions) AS clicks, sum(CASE WHEN k.ctr IS NULL THEN 0 ELSE k.impressions END) AS clickImpressions,
    sum(k.avdSeconds * k.views) AS watchedSeconds, sum(CASE WHEN k.avdSeconds IS NULL THEN 0 ELSE k.views END) AS watchedViews,
    sum(CASE WHEN k.views IS NULL THEN 0 ELSE coalesce(k.revenue, k.rpm * k.views / 1000.0, 0) END) AS earned,
    sum(CASE WHEN k.revenue IS NULL AND k.rpm IS NULL THEN 0 ELSE k.views END) AS earnedViews
}
WITH e, days, views, viewDays, clicks, clickImpressions, watchedSeconds, watchedViews, earned, earnedViews
WHERE days > 0
CALL (e) {
  OPTIONAL MATCH (e)-[:ABOUT {validTo: $forever}]->(t:Topic)
  RETURN t.title AS topic LIMIT 1
}
RETURN e.id AS id, e.title AS title, topic,
  views, viewDays, clicks, clickImpressions, watchedSeconds, watchedViews, earned, earnedViews
ORDER BY id`,
  row: z.object({
    id: z.string(),
    title: z.string(),
    topic: z.string().nullable(),
    views: z.number(),
    viewDays: z.number(),
    clicks: z.number(),
    clickImpressions: z.number(),
    watchedSeconds: z.number(),
    watchedViews: z.number(),
    earned: z.number(),
    earnedViews: z.number(),
  }),
});

export const kpiExecutorQueries = [topicWeightsOfChannel, figuresOfChannel];
