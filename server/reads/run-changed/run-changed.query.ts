import { z } from "zod";
import { RUN_STATES } from "../../../graph-schema/nodes/pipeline-run.js";
import { STAGE_STATES } from "../../../graph-schema/nodes/stage-run.js";
import type { Reader } from "../../commands/judge.js";
import { defineQuery, params } from "../../graph/query.js";

const seenStage = z.object({
  stage: z.string(),
  attempt: z.number(),
  status: z.enum(STAGE_STATES),
  outcome: z.string().nullable(),
  version: z.number(),
  at: z.number(),
});
export type SeenStage = z.infer<typeof seenStage>;

const progress = defineQuery({
  name: "runProgress",
  mode: "read",
  scope: "tenant",
  params: params<{ ids: string[] }>(),
  cypher: `UNWIND $ids AS id
MATCH (r:PipelineRun {tenantId: $tenantId, id: id})
RETURN id, r.status AS status, r.round AS round, r.version AS version, r.versionFrom AS at,
  COLLECT { MATCH (r)<-[:PART_OF]-(s:StageRun) RETURN s {.stage, .attempt, .status, .outcome, .version, at: s.versionFrom} ORDER BY s.id } AS stages`,
  row: z.object({
    id: z.string(),
    status: z.enum(RUN_STATES),
    round: z.number(),
    version: z.number(),
    at: z.number(),
    stages: z.array(
      seenStage.extend({
        outcome: z
          .string()
          .nullish()
          .transform((value) => value ?? null),
      }),
    ),
  }),
});
export type SeenRun = z.infer<typeof progress.row>;

export const runChangedQueries = [progress];

/** How far the runs are, by id without label. */
export const readProgress = async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, SeenRun>> =>
  new Map((await reader.run(progress, { ids: [...ids] })).map((run) => [run.id, run]));
