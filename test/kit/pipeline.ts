import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Caller } from "../../server/commands/caller.js";
import type { Executed } from "../../server/commands/execute.js";
import { startRun } from "../../server/domains/run/run.service.js";
import { readRun, type RunRecord, type StageRun } from "../../server/domains/run/run.repository.js";
import type { Graph } from "../../server/graph/graph.js";
import type { Executor, StageContext, StageResult } from "../../server/pipeline/executor.js";
import { readFlow } from "../../server/pipeline/flow-file.js";
import { readerOf, type Installation } from "../../server/pipeline/office.js";
import type { Task } from "../../server/pipeline/tasks.js";
import type { Policy } from "../../server/policy/decision.js";
import { createServices, type Services } from "../../server/services.js";
import { testGraph } from "./graph.js";
import { operationId, type TestTenant } from "./tenant.js";

/*
 * Flows and executors that a test writes itself: every task takes and answers what it likes, but for `strict`, whose answer
 * is `{n}`.
 */

export type Work = (context: StageContext, input: Record<string, unknown>) => StageResult | Promise<StageResult>;

const anything = z.record(z.string(), z.unknown());
const NAMES = ["a", "b", "c", "d", "e", "strict"] as const;
export type TaskName = (typeof NAMES)[number];

const task = (name: TaskName): Task => ({
  said: "a test",
  input: anything,
  output: "thing",
  schema: name === "strict" ? z.strictObject({ n: z.number() }) : anything,
});
export const TEST_TASKS: Readonly<Record<string, Task>> = Object.fromEntries(NAMES.map((name) => [name, task(name)]));

export const executor = (name: string, run: Work, version = "1"): Executor =>
  ({
    name,
    version,
    input: anything,
    output: z.unknown(),
    run: async (context, input) => run(context, input),
  }) as Executor<Record<string, unknown>, unknown> as Executor;

/** One flow `test` of these stages, as YAML below `stages:`, and what its executors do. */
export function installation(stages: string, works: Partial<Record<TaskName, Work | Executor>>): Installation {
  const read = readFlow(`flow: test\nversion: 1.0.0\ntitle: A test\nstages:\n${stages}`, TEST_TASKS);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const executors = Object.entries(works).map(([name, work]) =>
    typeof work === "function" ? executor(name, work) : work,
  );
  return {
    flows: new Map([["test", read.flow]]),
    tasks: TEST_TASKS,
    executors: new Map(executors.map((one) => [one.name, one])),
  };
}

export const pipelineServices = (installed: Installation, graph: Graph = testGraph(), policy?: Policy): Services =>
  createServices({ graph, installation: installed, ...(policy === undefined ? {} : { policy }) });

export async function tryToStart(
  t: Pick<TestTenant, "caller">,
  services: Services,
  input: Readonly<Record<string, unknown>> & { readonly flow?: string } = {},
  who: Caller = t.caller("editor"),
): Promise<Executed<{ runId: string }>> {
  const { flow = "test" } = input;
  return services.execute(startRun, who, {
    operationId: operationId(),
    reason: "a test",
    flow,
    ...services.pipeline.resolve(flow),
    ...input,
  });
}

/** Starts a run of the flow `test`. Answers its public id. */
export async function start(
  t: TestTenant,
  services: Services,
  input: Parameters<typeof tryToStart>[2] = {},
): Promise<string> {
  const executed = await tryToStart(t, services, input);
  if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
  return executed.result.runId;
}

/** Drives the tenant's runs on until nothing is due, as the job does under its lease. */
export async function drive(
  t: Pick<TestTenant, "id">,
  services: Services,
  options: { signal?: AbortSignal; troubles?: unknown[] } = {},
): Promise<number> {
  const { signal = new AbortController().signal, troubles } = options;
  const trouble = (error: unknown) => {
    if (troubles === undefined) throw error;
    troubles.push(error);
  };
  return services.pipeline.drive({ tenantId: t.id, signal, trouble });
}

export async function recordOf(t: Pick<TestTenant, "id">, runId: string): Promise<RunRecord> {
  const record = await readRun(readerOf(testGraph(), t.id), parseNodeId(runId)!.id);
  if (record === undefined) throw new Error(`there is no ${runId}`);
  return record;
}

/** Each try of the run's stages in the order of their beginning, as `stage/attempt STATUS OUTCOME`. */
export async function triesOf(t: Pick<TestTenant, "id">, runId: string): Promise<string[]> {
  const { stages } = await recordOf(t, runId);
  return [...stages]
    .sort(byTime)
    .map(({ stage, attempt, status, outcome }) => `${stage}/${attempt} ${status} ${outcome}`);
}

const byTime = (a: StageRun, b: StageRun): number => a.startedAt - b.startedAt || (a.ulid < b.ulid ? -1 : 1);

export async function stageOf(t: Pick<TestTenant, "id">, runId: string, stage: string): Promise<StageRun> {
  const { stages } = await recordOf(t, runId);
  const found = stages
    .filter((one) => one.stage === stage)
    .sort((a, b) => a.attempt - b.attempt)
    .at(-1);
  if (found === undefined) throw new Error(`${stage} has no try`);
  return found;
}

/** Waits until the run's record is so. */
export async function until(
  t: Pick<TestTenant, "id">,
  runId: string,
  so: (record: RunRecord) => boolean,
): Promise<RunRecord> {
  for (let i = 0; i < 400; i++) {
    const record = await recordOf(t, runId);
    if (so(record)) return record;
    await sleep(50);
  }
  throw new Error(`it didn't come to that: ${JSON.stringify(await triesOf(t, runId))}`);
}
