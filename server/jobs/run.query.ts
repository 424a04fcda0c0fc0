import { z } from "zod";
import { defineQuery, noRow, params } from "../graph/query.js";
import { RUN_STATUSES } from "./lease.query.js";

const instantOrNull = z.number().nullable();

const runRow = z.object({
  name: z.string(),
  job: z.string(),
  scheduledAt: z.number(),
  startedAt: instantOrNull,
  finishedAt: instantOrNull,
  status: z.enum(RUN_STATUSES),
  attempt: z.number(),
  effects: z.number(),
  error: z.string().nullable(),
  holder: z.string().nullable(),
  dryRun: z.boolean(),
  /** Names the taking that began it, so that a taking whose COMMIT reply was lost doesn't count twice. */
  taking: z.string().nullable(),
});
export type RunRow = z.infer<typeof runRow>;

const RUN = `r.id AS name, r.job AS job, r.scheduledAt AS scheduledAt, r.startedAt AS startedAt, r.finishedAt AS finishedAt,
  r.status AS status, r.attempt AS attempt, r.effects AS effects, r.error AS error, r.holder AS holder, r.dryRun AS dryRun, r.taking AS taking`;

export const findRun = defineQuery({
  name: "findJobRun",
  mode: "read",
  scope: "tenant",
  params: params<{ name: string }>(),
  cypher: `MATCH (r:JobRun {tenantId: $tenantId, id: $name}) RETURN ${RUN}`,
  row: runRow,
});

export const findRuns = defineQuery({
  name: "findJobRuns",
  mode: "read",
  scope: "tenant",
  params: params<{ names: string[] }>(),
  cypher: `UNWIND $names AS name
MATCH (r:JobRun {tenantId: $tenantId, id: name}) RETURN ${RUN}`,
  row: runRow,
});

/** A run that is only being made gets `born` first. */
export const setRun = defineQuery({
  name: "setJobRun",
  mode: "write",
  scope: "tenant",
  params: params<{ name: string; born: Partial<RunRow>; changed: Partial<RunRow> }>(),
  cypher: `MERGE (r:JobRun {tenantId: $tenantId, id: $name})
ON CREATE SET r += $born
SET r += $changed`,
  row: noRow,
});

/** Adds one beat of a job that beats within the minute; `beat` names it, so that a second run of the write adds nothing. */
export const addBeat = defineQuery({
  name: "addJobBeat",
  mode: "write",
  scope: "tenant",
  params: params<{ name: string; born: Partial<RunRow>; beat: string; effects: number; changed: Partial<RunRow> }>(),
  cypher: `MERGE (r:JobRun {tenantId: $tenantId, id: $name})
ON CREATE SET r += $born
SET r.effects = CASE WHEN r.beat = $beat THEN r.effects ELSE r.effects + $effects END, r.beat = $beat, r += $changed`,
  row: noRow,
});

/** A job's runs, newest first: a run's name ends with its instant, so that the index is in their order. */
export const runsQuery = defineQuery({
  name: "jobRuns",
  mode: "read",
  scope: "tenant",
  params: params<{ prefix: string; before: string; limit: number }>(),
  cypher: `MATCH (r:JobRun {tenantId: $tenantId})
WHERE r.id > $prefix AND r.id < $before
WITH r ORDER BY r.tenantId DESC, r.id DESC LIMIT $limit
RETURN ${RUN}`,
  row: runRow,
});

export const countRunsQuery = defineQuery({
  name: "countJobRuns",
  mode: "read",
  scope: "tenant",
  params: params<{ prefix: string; before: string; limit: number }>(),
  cypher: `MATCH (r:JobRun {tenantId: $tenantId})
WHERE r.id > $prefix AND r.id < $before
WITH r LIMIT $limit
RETURN count(r) AS count`,
  row: z.object({ count: z.number() }),
});

export const runQueries = [findRun, findRuns, setRun, addBeat, runsQuery, countRunsQuery];
