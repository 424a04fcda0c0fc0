import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { bodiesByHash } from "../../graph/body.query.js";
import { holdsAt, versionAt } from "../../graph/projection.js";
import { defineQuery, params, type AnyQuery } from "../../graph/query.js";
import type { RunRounds } from "./rewrites.js";

/** Runs of a channel that are looked at, the newest. */
export const MOST_RUNS = 2_000;
/** Documents of QA that are read for what asked for a rewrite. */
const MOST_DOCUMENTS = 200;

const channelRounds = defineQuery({
  name: "roundsOfChannel",
  mode: "read",
  scope: "tenant",
  params: params<{ channelId: string; since: Instant; asOf: Instant; most: number }>(),
  // A stage that sent its run back is done, and counts no more: that is how the engine writes it. Both as they were at the instant:
  // a run that went on may yet be sent back, and one that is resumed since had ended all the same.
  cypher: `MATCH (c:Channel {tenantId: $tenantId, id: $channelId})<-[:ON]-(r:PipelineRun)
WHERE r.flow = "episode" AND r.startedAt >= $since AND r.startedAt <= $asOf AND ${holdsAt("r")}
WITH r, ${versionAt("r")} AS v
WHERE v.finishedAt <= $asOf
WITH r ORDER BY r.id DESC LIMIT toInteger($most)
CALL (r) {
  MATCH (r)<-[:PART_OF]-(s:StageRun)
  WHERE s.startedAt <= $asOf AND ${holdsAt("s")}
  WITH s, ${versionAt("s")} AS v
  WHERE v.outcome = "REPAIR" AND v.finishedAt <= $asOf
  WITH s, v ORDER BY s.id
  RETURN collect([v.finishedAt, v.outputHash]) AS sentBack
}
RETURN r.startedAt AS startedAt, sentBack`,
  row: z.object({
    startedAt: z.number(),
    sentBack: z.array(z.tuple([z.number(), z.string().nullable()])),
  }),
});

const qaOfRun = defineQuery({
  name: "qaOfRun",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; asOf: Instant }>(),
  cypher: `MATCH (r:PipelineRun {tenantId: $tenantId, id: $id})
WHERE r.validFrom <= $asOf
CALL (r) {
  MATCH (r)<-[:PART_OF]-(s:StageRun)
  WHERE s.executor = "qa" AND s.outputHash IS NOT NULL AND coalesce(s.finishedAt, s.startedAt) <= $asOf
  WITH s ORDER BY s.round DESC, s.attempt DESC, s.id DESC LIMIT 1
  RETURN collect([s.id, s.round, s.outputHash]) AS judged
}
RETURN judged`,
  row: z.object({ judged: z.array(z.tuple([z.string(), z.number(), z.string()])) }),
});

export const qaGateQueries: readonly AnyQuery[] = [channelRounds, qaOfRun];

const told = z.object({ findings: z.array(z.object({ code: z.string() })) });

/** The runs of a channel that began since an instant and had ended by another, each with what sent it back. */
export async function readRounds(
  reader: Reader,
  channelId: string,
  since: Instant,
  asOf: Instant,
): Promise<RunRounds[]> {
  const rows = await reader.run(channelRounds, { channelId, since, asOf, most: MOST_RUNS });
  const hashes = [...new Set(rows.flatMap(({ sentBack }) => sentBack.flatMap(([, hash]) => hash ?? [])))];
  const texts = hashes.length === 0 ? [] : await reader.run(bodiesByHash, { hashes: hashes.slice(0, MOST_DOCUMENTS) });
  const codes = new Map(texts.map(({ sha256, text }) => [sha256, codesOf(text)]));
  return rows.map(({ startedAt, sentBack }) => ({
    startedAt,
    sentBack: sentBack.map(([at, hash]) => ({ at, codes: (hash === null ? undefined : codes.get(hash)) ?? [] })),
  }));
}

function codesOf(text: string): string[] {
  const parsed = told.safeParse(JSON.parse(text));
  return parsed.success ? [...new Set(parsed.data.findings.map(({ code }) => code))] : [];
}

export interface JudgedRun {
  readonly stageRunId: string;
  readonly round: number;
  readonly document: unknown;
}

/** QA's last word on a run at an instant: undefined without such a run, null before it has said anything. */
export async function readQaOfRun(reader: Reader, id: string, asOf: Instant): Promise<JudgedRun | null | undefined> {
  const [row] = await reader.run(qaOfRun, { id, asOf });
  if (row === undefined) return undefined;
  const [judged] = row.judged;
  if (judged === undefined) return null;
  const [body] = await reader.run(bodiesByHash, { hashes: [judged[2]] });
  return body === undefined
    ? null
    : { stageRunId: `StageRun:${judged[0]}`, round: judged[1], document: JSON.parse(body.text) };
}
