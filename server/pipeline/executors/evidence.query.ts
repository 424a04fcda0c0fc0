import { z } from "zod";
import { EPISODE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { RELIABILITIES, SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import { defineQuery, params } from "../../graph/query.js";

/* What the executors read: a run's subjects, sources with their newest snapshots, and what was quoted from them. */

export const runSubjects = defineQuery({
  name: "runSubjects",
  mode: "read",
  scope: "tenant",
  params: params<{ topicId: string; channelId: string }>(),
  cypher: `MATCH (t:Topic {tenantId: $tenantId, id: $topicId})
MATCH (c:Channel {tenantId: $tenantId, id: $channelId})
RETURN t.title AS topic, t.description AS description, c.title AS channel`,
  row: z.object({ topic: z.string(), description: z.string().nullable(), channel: z.string() }),
});

/** Topics that could be taken up in place of this one: the newest without an episode. */
export const rivalTopics = defineQuery({
  name: "rivalTopics",
  mode: "read",
  scope: "tenant",
  params: params<{ topicId: string; most: number }>(),
  cypher: `MATCH (t:Topic {tenantId: $tenantId})
WHERE t.id < "~" AND t.id <> $topicId AND NOT (t)<-[:ABOUT]-(:Episode)
WITH t ORDER BY t.tenantId DESC, t.id DESC LIMIT toInteger($most)
RETURN t.id AS id, t.title AS title`,
  row: z.object({ id: z.string(), title: z.string() }),
});

export const topicTitles = defineQuery({
  name: "topicTitles",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS wanted
MATCH (t:Topic {tenantId: $tenantId, id: wanted})
RETURN t.id AS id, t.title AS title`,
  row: z.object({ id: z.string(), title: z.string() }),
});

const heldSource = z.object({
  id: z.string(),
  url: z.string(),
  title: z.string(),
  publisher: z.string().nullable(),
  tier: z.number(),
  reliability: z.enum(RELIABILITIES),
  publishedAt: z.number().nullable(),
  retrievedAt: z.number(),
  independenceGroup: z.string(),
  status: z.enum(SOURCE_STATUSES),
});
const SOURCE =
  "s.id AS id, s.url AS url, s.title AS title, s.publisher AS publisher, s.tier AS tier, s.reliability AS reliability, s.publishedAt AS publishedAt, s.retrievedAt AS retrievedAt, s.independenceGroup AS independenceGroup, s.status AS status";

/** Sources by id, each with its newest snapshot; `snapshotId` is null where nothing was captured. */
export const sourcesWithSnapshots = defineQuery({
  name: "sourcesWithSnapshots",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS wanted
MATCH (s:Source {tenantId: $tenantId, id: wanted})
OPTIONAL MATCH (s)<-[:CAPTURED_FROM]-(n:Snapshot)
WITH s, n ORDER BY n.capturedAt DESC, n.id DESC
WITH s, head(collect(n)) AS n
RETURN ${SOURCE}, n.id AS snapshotId, n.key AS snapshotKey, n.sha256 AS sha256`,
  row: heldSource.extend({
    snapshotId: z.string().nullable(),
    snapshotKey: z.string().nullable(),
    sha256: z.string().nullable(),
  }),
});
export type HeldSource = z.infer<typeof heldSource> & {
  readonly snapshotId: string | null;
  readonly snapshotKey: string | null;
  readonly sha256: string | null;
};

/** The sources that facts were quoted from. */
export const sourcesOfFacts = defineQuery({
  name: "sourcesOfFacts",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: readonly string[] }>(),
  cypher: `UNWIND $ids AS wanted
MATCH (f:Fact {tenantId: $tenantId, id: wanted})-[:QUOTED_FROM]->(:Snapshot)-[:CAPTURED_FROM]->(s:Source)
RETURN s.id AS id, count(f) AS facts`,
  row: z.object({ id: z.string(), facts: z.number() }),
});

/** Sources as a research document cites them: by address and the hash of the text; `snapshotKey` and `text` are null where that text was never captured there. */
export const citedSources = defineQuery({
  name: "citedSources",
  mode: "read",
  scope: "tenant",
  params: params<{ cited: readonly { readonly ref: string; readonly url: string; readonly sha256: string }[] }>(),
  cypher: `UNWIND $cited AS row
MATCH (s:Source {tenantId: $tenantId, key: row.url})
OPTIONAL MATCH (s)<-[:CAPTURED_FROM]-(n:Snapshot {tenantId: $tenantId, sha256: row.sha256})-[:HAS_BODY]->(b:Body)
WITH row, s, n, b ORDER BY n.id
WITH row, s, head(collect(n)) AS n, head(collect(b)) AS b
RETURN row.ref AS ref, ${SOURCE}, n.id AS snapshotId, n.key AS snapshotKey, b.text AS text`,
  row: heldSource.extend({
    ref: z.string(),
    snapshotId: z.string().nullable(),
    snapshotKey: z.string().nullable(),
    text: z.string().nullable(),
  }),
});
export type CitedSource = z.infer<typeof citedSources.row>;

/** Facts by natural key, with the operation that took each. */
export const factsByKeys = defineQuery({
  name: "factsByKeys",
  mode: "read",
  scope: "tenant",
  params: params<{ keys: readonly string[] }>(),
  cypher: `UNWIND $keys AS wanted
MATCH (f:Fact {tenantId: $tenantId, key: wanted})-[r:QUOTED_FROM]->(:Snapshot)
RETURN f.key AS key, f.id AS id, r.openedBy AS openedBy`,
  row: z.object({ key: z.string(), id: z.string(), openedBy: z.string() }),
});

/** Episodes that the tries of a run have made about a topic, each with its scenes as [ordinal, title, narration, id]. */
export const episodesOfRun = defineQuery({
  name: "episodesOfRun",
  mode: "read",
  scope: "tenant",
  params: params<{ topicId: string; run: string; forever: number }>(),
  cypher: `MATCH (t:Topic {tenantId: $tenantId, id: $topicId})<-[r:ABOUT {validTo: $forever}]-(e:Episode)
WHERE r.openedBy STARTS WITH $run
OPTIONAL MATCH (e)-[h:HAS_SCENE {validTo: $forever}]->(s:Scene)
WITH e, collect(CASE WHEN s IS NOT NULL THEN [s.ordinal, s.title, s.narration, s.id] END) AS scenes ORDER BY e.id DESC
RETURN e.id AS id, e.title AS title, e.status AS status, scenes`,
  row: z.object({
    id: z.string(),
    title: z.string(),
    status: z.enum(EPISODE_STATUSES),
    scenes: z.array(z.tuple([z.number(), z.string(), z.string().nullable(), z.string()])),
  }),
});
export type EpisodeOfRun = z.infer<typeof episodesOfRun.row>;

export const executorQueries = [
  runSubjects,
  rivalTopics,
  topicTitles,
  sourcesWithSnapshots,
  sourcesOfFacts,
  citedSources,
  factsByKeys,
  episodesOfRun,
];
