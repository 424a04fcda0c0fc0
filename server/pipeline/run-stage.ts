import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { milliseconds, type FlowStage } from "../../graph-schema/documents/flow.js";
import { systemCaller, type Caller } from "../commands/caller.js";
import { toProblems } from "../commands/input.js";
import { givenBy } from "../commands/own-operation.js";
import { Refusal } from "../commands/problem.js";
import { DomainError, errorMessage } from "../errors.js";
import { documentOf, type Document } from "../domains/run/document.js";
import type { RunPins } from "../domains/channel/pins.js";
import type { RunRecord } from "../domains/run/record.service.js";
import { settleStage, type StageEnd } from "../domains/run/stage.service.js";
import { LeaseLost } from "../jobs/lease.js";
import { masked, within } from "../jobs/perform.js";
import { retryMs } from "./backoff.js";
import { StageFailure, type Executor, type StageContext, type StageResult } from "./executor.js";
import { isPassing, readerOf, type PipelineOffice } from "./office.js";
import { liveOf, mayRetry } from "./plan.js";
import type { Task } from "./tasks.js";

/** One try of a stage, as it was begun. */
export interface Try {
  readonly tenantId: string;
  readonly record: RunRecord;
  readonly stage: FlowStage;
  readonly attempt: number;
  readonly round: number;
  readonly input: unknown;
  readonly pins: RunPins | null;
}

/** Longest problem that is kept, in characters. */
const MAX_PROBLEM = 2_000;
/** Largest output, in characters of canonical JSON. */
const MAX_OUTPUT = 2_000_000;

/**
 * Does the work of one try, and writes how it ended under the operation id `run/<id>/<stage>/<attempt>`. May be called twice
 * for the same try: what was written first counts, and the effects of its executor carry operation ids of the try.
 */
export async function runStage(
  office: PipelineOffice,
  executor: Executor | undefined,
  task: Task | undefined,
  one: Try,
  signal: AbortSignal,
  troubled: (error: unknown) => void,
): Promise<StageEnd["status"] | null> {
  const { record, stage, attempt } = one;
  const { run } = record;
  const began = performance.now();
  let result = await work(office, executor, task, one, signal, troubled);
  // What stops every change stops the run where it stands; what stops only some, the try has failed of.
  while (result.passing === true && !signal.aborted && !(await isAllowed(office, one))) {
    await untilAllowed(office, one, signal);
    result = await work(office, executor, task, one, signal, troubled);
  }
  if (signal.aborted) return null;
  const latencyMs = Math.round(performance.now() - began);
  const operationId = operationOf(run.ulid, stage.name, attempt);
  const settled = {
    operationId,
    reason: `stage ${stage.name} of ${run.flow}`,
    runId: run.id,
    stage: stage.name,
    attempt,
    latencyMs,
    provider: result.provider ?? null,
    tokens: result.tokens ?? 0,
    costUsd: result.costUsd ?? 0,
    providerCalls: result.providerCalls ?? null,
    rateLimited: result.rateLimited ?? null,
    end: result.end,
  };
  for (;;) {
    const executed = await office.execute(settleStage, systemCaller(one.tenantId), settled);
    if (executed.ok) return executed.result.go ? result.end.status : null;
    if (!isPassing(executed.problems)) throw new Refusal(executed.problems);
    // What was computed is kept until it may be written, as after a kill switch is lifted.
    await untilAllowed(office, one, signal);
  }
}

const LOOK_AGAIN_MS = 2_000;

async function isAllowed(office: PipelineOffice, { tenantId, record }: Try): Promise<boolean> {
  const channels = record.channelId === null ? [] : [record.channelId];
  return (await office.judge(systemCaller(tenantId), "run.advance", { channels })).decision.allow;
}

async function untilAllowed(office: PipelineOffice, one: Try, signal: AbortSignal): Promise<void> {
  do await pause(LOOK_AGAIN_MS, undefined, { signal });
  while (!(await isAllowed(office, one)));
}

/** Names the try, and with a part behind it each of its effects. */
export const operationOf = (run: string, stage: string, attempt: number): string => `run/${run}/${stage}/${attempt}`;

const spent = z.object({
  provider: z.string().max(200).optional(),
  tokens: z.int().min(0).optional(),
  costUsd: z.number().min(0).optional(),
  providerCalls: z.int().min(0).optional(),
  rateLimited: z.int().min(0).optional(),
});
/** What an executor tells beside its output. */
const answer = spent.extend({ produced: z.array(z.string().max(100)).max(2_000).default([]) });

interface Worked {
  readonly end: StageEnd;
  /** Refused by what passes, such as a kill switch. */
  readonly passing?: boolean;
  readonly provider?: string | undefined;
  readonly tokens?: number | undefined;
  readonly costUsd?: number | undefined;
  readonly providerCalls?: number | undefined;
  readonly rateLimited?: number | undefined;
}

async function work(
  office: PipelineOffice,
  executor: Executor | undefined,
  task: Task | undefined,
  one: Try,
  signal: AbortSignal,
  troubled: (error: unknown) => void,
): Promise<Worked> {
  const { stage, input } = one;
  const failed = (outcome: string, problem: string, retryable: boolean, cost: Omit<Worked, "end"> = {}): Worked => ({
    ...cost,
    end: {
      status: "FAILED",
      outcome,
      problem: problem.slice(0, MAX_PROBLEM),
      retryable,
      retryMs: pauseOf(one, retryable),
    },
  });
  if (executor === undefined || task === undefined)
    return failed("ERROR", `No executor is installed for ${stage.run}.`, false);
  for (const schema of [task.input, executor.input]) {
    const problem = misfit(schema, input);
    if (problem !== null) return failed("BAD_INPUT", `What ${stage.name} is given doesn't fit: ${problem}`, false);
  }
  let result: StageResult;
  try {
    const given = executor.input.parse(input);
    result = await within(milliseconds(stage.timeout), signal, (stop) =>
      executor.run(contextOf(office, one, stop), given),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof StageFailure) {
      const { retryable = false, spent: cost = {} } = error.options;
      const code = /^[A-Z][A-Z0-9_]{1,59}$/.test(error.code) ? error.code : "ERROR";
      return failed(code, error.message, retryable, spent.safeParse(cost).data ?? {});
    }
    if (error instanceof Refusal) {
      const passing = isPassing(error.problems);
      return { ...failed("REFUSED", error.message, passing), passing };
    }
    // Without its lease, or its database, nothing failed of the work: the try is begun again, by whoever can.
    if (error instanceof LeaseLost) throw error;
    if (error instanceof DomainError && error.code === "UNAVAILABLE" && error.cause !== undefined) {
      await pause(LOOK_AGAIN_MS, undefined, { signal });
      throw error;
    }
    if (error instanceof DomainError && error.code === "TIMEOUT") return failed("TIMEOUT", error.message, true);
    const correlationId = randomUUID();
    troubled(new Error(`${stage.name} of ${one.record.run.id} went wrong: ${correlationId}`, { cause: error }));
    return failed("ERROR", masked(error, correlationId), true);
  }
  const { output, ...told } = result;
  const known = answer.safeParse(told);
  if (!known.success)
    return failed("BAD_OUTPUT", `What ${stage.run} tells of its work doesn't fit: ${faultsOf(known.error)}`, false);
  const { produced, ...cost } = known.data;
  for (const schema of [task.schema, executor.output]) {
    const problem = misfit(schema, output);
    if (problem !== null)
      return failed("BAD_OUTPUT", `The answer of ${stage.run} is no ${stage.output}: ${problem}`, true, cost);
  }
  let document: Document;
  try {
    document = documentOf(output);
  } catch (error) {
    return failed("BAD_OUTPUT", `The answer of ${stage.run} is no JSON: ${errorMessage(error)}`, true, cost);
  }
  if (document.text.length > MAX_OUTPUT)
    return failed("BAD_OUTPUT", `The answer of ${stage.run} is larger than ${MAX_OUTPUT} characters.`, false, cost);
  const kept = { output: document, produced };
  const end: StageEnd =
    stage.wait === "callback"
      ? { status: "WAITING", ...kept, waitMs: milliseconds(stage.wait_timeout) }
      : { status: "DONE", ...kept, cacheMs: stage.cache === undefined ? null : milliseconds(stage.cache.for) };
  return { ...cost, end };
}

/** What doesn't fit, by its place; null when all does. */
export function misfit(schema: z.ZodType, value: unknown): string | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? null : faultsOf(parsed.error);
}

const faultsOf = (error: z.ZodError): string =>
  toProblems(error)
    .slice(0, 5)
    .map(({ path, message }) => `${path || "the whole"}: ${message}`)
    .join("; ");

/** Milliseconds until the try behind this one, which fails; null where there is none. */
function pauseOf({ record, stage, attempt }: Try, retryable: boolean): number | null {
  const tries = liveOf(record.stages, stage.name).filter((one) => one.attempt < attempt);
  const failing = { status: "FAILED", retryable, attempt } as RunRecord["stages"][number];
  if (!mayRetry(stage, [...tries, failing])) return null;
  return retryMs(stage, tries.filter(({ status }) => status === "FAILED").length + 1);
}

/** Whoever started the run, with the roles that the graph still gives them: what a stage writes is written in their name. */
function starterOf(tenantId: string, region: string, { run }: RunRecord): Caller {
  if (run.startedBy === "system") return systemCaller(tenantId);
  const [home, actor] = run.startedBy.includes("/") ? run.startedBy.split("/", 2) : [undefined, run.startedBy];
  return {
    tenantId,
    ...(home === undefined ? {} : { home }),
    actor: actor!,
    name: run.startedByName,
    roles: run.startedByRoles,
    region,
    ...(run.onBehalfOf === null ? {} : { onBehalfOf: run.onBehalfOf }),
  };
}

/** Denials that say that no exemption was found: the gate's own, and those of a policy that couldn't decide. */
const NOT_EXEMPT: readonly string[] = ["publish-gate", "policy-unavailable", "malformed-input"];

function contextOf(
  office: PipelineOffice,
  { tenantId, record, stage, attempt, round, pins }: Try,
  signal: AbortSignal,
): StageContext {
  const { run, topicId, channelId, now } = record;
  const starter = starterOf(tenantId, office.region, record);
  const attemptTo: StageContext["attemptTo"] = (part, command, input, reason) => {
    signal.throwIfAborted();
    const operationId = `${operationOf(run.ulid, stage.name, attempt)}/${part}`;
    return office.execute(givenBy("run", command), starter, {
      reason: reason ?? `stage ${stage.name} of ${run.flow}`,
      ...input,
      operationId,
    });
  };
  return {
    tenantId,
    runId: run.id,
    topicId,
    channelId,
    pins,
    stage: stage.name,
    attempt,
    round,
    startedAt: now,
    signal,
    reader: readerOf(office.graph, tenantId),
    async isExempt(gate) {
      const channels = channelId === null ? [] : [channelId];
      const { decision } = await office.judge(starter, "episode.publish", { channels, gate });
      return !decision.denied.some((rule) => NOT_EXEMPT.includes(rule));
    },
    attemptTo,
    async execute(part, command, input, reason) {
      const executed = await attemptTo(part, command, input, reason);
      if (!executed.ok) throw new Refusal(executed.problems);
      return executed.result;
    },
  };
}
