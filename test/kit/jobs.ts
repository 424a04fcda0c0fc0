import { z } from "zod";
import { defineCommand } from "../../server/commands/command.js";
import { lock } from "../../server/graph/lock.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import type { Scope } from "../../server/graph/graph.js";
import type { Performed } from "../../server/jobs/perform.js";
import { findRun, runsQuery, type RunRow } from "../../server/jobs/run.query.js";
import { testGraph } from "./graph.js";

/*
 * Jobs for tests: their effect is a mark in the graph that counts itself, so that what was done twice stands there as two.
 */

const mark = defineQuery({
  name: "testMark",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MERGE (u:Usage {tenantId: $tenantId, id: $id}) SET u.times = coalesce(u.times, 0) + 1`,
  row: noRow,
});

const marks = defineQuery({
  name: "testMarks",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (u:Usage {tenantId: $tenantId}) WHERE u.id > "" AND u.times IS NOT NULL RETURN u.id AS id, u.times AS times ORDER BY id`,
  row: z.object({ id: z.string(), times: z.number() }),
});

/** Leaves a mark. Not idempotent by itself: only its operation makes it so. */
export const leaveMark = defineCommand({
  name: "testLeaveMark",
  capability: "job.run",
  input: z.object({ mark: z.string() }),
  async run({ tx }, input) {
    const { at } = await lock(tx, []);
    await tx.run(mark, { id: input.mark });
    return { result: {}, at, events: [{ type: "test.marked", subject: input.mark, data: {} }] };
  },
});

/** How often each mark was left. */
export const marksOf = async (scope: Scope): Promise<Record<string, number>> =>
  Object.fromEntries((await testGraph().read(scope, marks, {})).map(({ id, times }) => [id, times]));

export const testJob = (settings: Partial<Performed> = {}): Performed => ({
  name: "test-job",
  maxAttempts: 3,
  timeoutMs: 20_000,
  leaseMs: 20_000,
  ...settings,
});

/** A job's runs, oldest first. */
export const runsOf = async (scope: Scope, job = "test-job"): Promise<RunRow[]> => {
  const prefix = `job/${job}/${scope.tenantId}/`;
  return (await testGraph().read(scope, runsQuery, { prefix, before: `${prefix}~`, limit: 1_000 })).reverse();
};

export const runOf = async (scope: Scope, name: string): Promise<RunRow | undefined> =>
  (await testGraph().read(scope, findRun, { name }))[0];
