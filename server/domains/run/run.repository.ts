import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { WriteTx } from "../../graph/graph.js";
import { nodeRow, nodeRowOf, type NodeOf } from "../../graph/projection.js";
import { bodiesByHash, keepBody } from "../../graph/body.query.js";
import { defineQuery, noRow, params } from "../../graph/query.js";

const stateQuery = defineQuery({
  name: "runState",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (r:PipelineRun {tenantId: $tenantId, id: $id})
RETURN ${nodeRow("r", "r", ["PipelineRun"])} AS run,
  COLLECT { MATCH (r)<-[:PART_OF]-(s:StageRun) RETURN ${nodeRow("s", "s", ["StageRun"])} ORDER BY s.id } AS stages,
  COLLECT { MATCH (r)-[:ON]->(c:Channel) RETURN "Channel:" + c.id } AS channels,
  COLLECT { MATCH (r)-[:ABOUT]->(t:Topic) RETURN "Topic:" + t.id } AS topics,
  datetime.realtime().epochMillis AS now`,
  row: z.object({
    run: nodeRowOf("PipelineRun"),
    stages: z.array(nodeRowOf("StageRun")),
    channels: z.array(z.string()),
    topics: z.array(z.string()),
    now: z.number(),
  }),
});

/** Runs that something can be done for just now, the oldest first. */
const dueQuery = defineQuery({
  name: "dueRuns",
  mode: "read",
  scope: "tenant",
  params: params<{ most: number; at: Instant }>(),
  cypher: `CALL () {
  MATCH (r:PipelineRun {tenantId: $tenantId, status: "RUNNING"}) RETURN r.id AS id
  UNION
  MATCH (r:PipelineRun {tenantId: $tenantId, status: "WAITING"})
  WHERE r.wakeAt <= CASE WHEN $at > 0 THEN $at ELSE datetime.realtime().epochMillis END RETURN r.id AS id
}
RETURN id ORDER BY id LIMIT $most`,
  row: z.object({ id: z.string() }),
});

const channelsQuery = defineQuery({
  name: "channelsOfRun",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (r:PipelineRun {tenantId: $tenantId, id: $id})-[:ON]->(c:Channel)
RETURN "Channel:" + c.id AS id`,
  row: z.object({ id: z.string() }),
});

/** Channels without a run of the flow that is open or began at `since` or later, the oldest first. */
const channelsWithoutRunQuery = defineQuery({
  name: "channelsWithoutRun",
  mode: "read",
  scope: "tenant",
  params: params<{ flow: string; since: Instant; most: number; only: string | null }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId})
WHERE c.id >= coalesce($only, "") AND c.id <= coalesce($only, "~") AND NOT EXISTS {
  MATCH (c)<-[:ON]-(r:PipelineRun {flow: $flow}) WHERE r.startedAt >= $since OR r.status IN ["RUNNING", "WAITING"]
}
RETURN c.id AS id ORDER BY c.tenantId, c.id LIMIT toInteger($most)`,
  row: z.object({ id: z.string() }),
});

const stageByKeyQuery = defineQuery({
  name: "stageRunByKey",
  mode: "read",
  scope: "tenant",
  params: params<{ key: string }>(),
  cypher: `MATCH (s:StageRun {tenantId: $tenantId, key: $key}) RETURN s.id AS id`,
  row: z.object({ id: z.string() }),
});

const hitQuery = defineQuery({
  name: "hitCachedOutput",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string; at: Instant }>(),
  cypher: `MATCH (c:CachedOutput {tenantId: $tenantId, key: $key})
SET c._lock = true
WITH c WHERE c.until > $at
SET c.hits = c.hits + 1
RETURN c.outputHash AS outputHash, c.stageRunId AS stageRunId, c.provider AS provider`,
  row: z.object({ outputHash: z.string(), stageRunId: z.string(), provider: z.string().nullable() }),
});

const keepCachedQuery = defineQuery({
  name: "keepCachedOutput",
  mode: "write",
  scope: "tenant",
  params: params<{ key: string; id: string; properties: object }>(),
  cypher: `MERGE (c:CachedOutput {tenantId: $tenantId, key: $key})
ON CREATE SET c.id = $id, c.hits = 0
SET c += $properties`,
  row: noRow,
});

/** What the tries of a channel's runs have cost that were begun at `since` or later, in US dollars. */
const spentQuery = defineQuery({
  name: "spentOnChannel",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; since: Instant }>(),
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $id})<-[:ON]-(:PipelineRun)<-[:PART_OF]-(s:StageRun)
WHERE s.startedAt >= $since
RETURN sum(s.costUsd) AS usd`,
  row: z.object({ usd: z.number() }),
});

export const runDomainQueries = [
  spentQuery,
  stateQuery,
  dueQuery,
  channelsQuery,
  channelsWithoutRunQuery,
  stageByKeyQuery,
  hitQuery,
  keepCachedQuery,
];

export type Run = NodeOf<"PipelineRun">;
export type StageRun = NodeOf<"StageRun">;

/** A run with every try of its stages, as they stand, and the database's clock. */
export interface RunRecord {
  readonly run: Run;
  readonly stages: readonly StageRun[];
  readonly channelId: string | null;
  readonly topicId: string | null;
  readonly now: Instant;
}

export async function readRun(reader: Reader, id: string): Promise<RunRecord | undefined> {
  const [row] = await reader.run(stateQuery, { id });
  if (row === undefined) return undefined;
  const { channels, topics, ...rest } = row;
  return { ...rest, channelId: channels[0] ?? null, topicId: topics[0] ?? null };
}

/** Ids, without label, of runs that are to be driven on; by the database's clock unless `at` is given. */
export const dueRuns = async (reader: Reader, most: number, at: Instant = 0): Promise<string[]> =>
  (await reader.run(dueQuery, { most, at })).map(({ id }) => id);

export const channelsOfRun = async (reader: Reader, id: string): Promise<string[]> =>
  (await reader.run(channelsQuery, { id })).map((row) => row.id);

export const spentOnChannel = async (reader: Reader, id: string, since: Instant): Promise<number> =>
  (await reader.run(spentQuery, { id, since }))[0]?.usd ?? 0;

/** Ids without label; `only` asks about one channel. */
export const channelsWithoutRun = async (
  reader: Reader,
  wanted: { readonly flow: string; readonly since: Instant; readonly most: number; readonly only: string | null },
): Promise<string[]> => (await reader.run(channelsWithoutRunQuery, wanted)).map(({ id }) => id);

export const stageRunByKey = async (reader: Reader, key: string): Promise<string | undefined> =>
  (await reader.run(stageByKeyQuery, { key }))[0]?.id;

export const keepDocument = (tx: WriteTx, sha256: string, text: string) => tx.run(keepBody, { sha256, text });

export async function readDocuments(reader: Reader, hashes: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  if (hashes.length === 0) return new Map();
  const rows = await reader.run(bodiesByHash, { hashes: [...new Set(hashes)] });
  return new Map(rows.map(({ sha256, text }) => [sha256, JSON.parse(text) as unknown]));
}

export type CacheHit = z.infer<typeof hitQuery.row>;

/** The output that is kept under a key and may still be used, counted as used. */
export const hitCached = async (tx: WriteTx, key: string, at: Instant) => (await tx.run(hitQuery, { key, at }))[0];

export interface CachedOutput {
  readonly key: string;
  readonly outputHash: string;
  /** Public id of the StageRun that computed it. */
  readonly stageRunId: string;
  readonly provider: string | null;
  readonly at: Instant;
  readonly until: Instant;
}

export const keepCached = (tx: WriteTx, id: string, { key, ...properties }: CachedOutput) =>
  tx.run(keepCachedQuery, { key, id, properties });
