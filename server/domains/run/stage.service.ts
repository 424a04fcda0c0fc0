import { z } from "zod";
import { parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { mayJoin } from "../../../graph-schema/catalog.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll, lockMerged } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { openLineage, type OpenLineageType } from "./openlineage.js";
import {
  channelsOfRun,
  hitCached,
  keepCached,
  keepDocument,
  stageRunByKey,
  type CacheHit,
  type Run,
  type StageRun,
} from "./run.repository.js";

/*
 * What the runner writes of a stage. Each of these decides under the lock of the run and may be given twice: a run that has
 * ended meanwhile, or a stage that is settled already, isn't touched, and the answer says so.
 */

const runId = nodeId("PipelineRun");
const attemptOf = {
  runId,
  stage: z.string(),
  attempt: z.int().min(1),
};
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The natural key of one try of a stage. */
export const stageKey = (run: NodeId, stage: string, attempt: number): string => `${run.id}/${stage}/${attempt}`;

/**
 * Starts that one try may have. A process that ends is no failure of the work and takes none of its retries, but what ends its
 * process each time isn't begun for ever. Far above what updates, crashes and evictions of a bad day come to.
 */
export const MAX_STARTS = 25;

const TOLD: Partial<Record<StageRun["status"], OpenLineageType>> = {
  RUNNING: "START",
  DONE: "COMPLETE",
  FAILED: "FAIL",
  CANCELLED: "ABORT",
};

/** What is told of a stage that has moved. */
export const stageEvents = (tenantId: string, run: Run, stage: StageRun, at: number): DomainEvent[] => [
  {
    type: "run.stage",
    subject: run.id,
    data: { stage: stage.stage, attempt: stage.attempt, status: stage.status, outcome: stage.outcome },
  },
  openLineage(tenantId, TOLD[stage.status] ?? "OTHER", at, run, stage),
];

/** The run under its lock; null when it isn't one that goes on. */
async function going({ tx }: CommandContext, id: NodeId): Promise<{ run: Run; at: number } | null> {
  const { at } = await lockAll(tx, [id], ["runId"]);
  const run = (await presentNode(tx, "PipelineRun", id.id))!;
  return run.status === "RUNNING" || run.status === "WAITING" ? { run, at } : null;
}

/** Begins a try of a stage, or begins it again after its process ended; or takes its output from the cache, or leaves it out, or has it wait for approval. */
export const beginStage = defineCommand({
  name: "beginStage",
  capability: "run.advance",
  input: z.object({
    ...attemptOf,
    executor: z.string(),
    how: z.enum(["RUN", "SKIP", "ASK"]),
    /** What an approver is asked, or why it is left out. */
    words: z.string().max(2_000).nullish(),
    inputHash: hash.nullish(),
    cacheKey: hash.nullish(),
    approvedBy: z.string().nullish(),
  }),
  // After an update of the installation the same step may come with other words, or another version's key.
  digest: ({ runId: id, stage, attempt, how }) => ({ run: id, stage, attempt, how }),
  channels: (tx, input) => channelsOfRun(tx, input.runId.id),
  async run(context, { runId: id, stage, attempt, executor, how, words, inputHash, cacheKey, approvedBy }) {
    const { tx, newId, operationId } = context;
    const found = await going(context, id);
    if (found === null) return moot(context);
    const { run } = found;
    const hit = how === "RUN" && cacheKey ? await hitCached(tx, cacheKey, found.at) : undefined;
    const known = { inputHash: inputHash ?? null, cacheKey: cacheKey ?? null, startedAt: found.at };
    const changed = begun(how, hit, found.at, words ?? null);
    const properties = {
      title: `${stage}, try ${attempt}`,
      runId: run.id,
      stage,
      attempt,
      round: run.round,
      executor,
      starts: changed.status === "RUNNING" ? 1 : 0,
      cacheHit: false,
      tokens: 0,
      costUsd: 0,
      retryable: false,
      superseded: false,
      approvedBy: approvedBy ?? null,
      ...known,
      ...changed,
    };
    const stamp = { at: found.at, operationId };
    const key = stageKey(id, stage, attempt);
    const merged = await mergeNode(tx, { label: "StageRun", id: newId() }, key, properties, stamp);
    const at = await lockMerged(tx, "StageRun", merged, found.at);
    const node = { label: "StageRun", id: merged.id } as const;
    if (merged.created) await openEdge(tx, { type: "PART_OF", from: node, to: id }, stamp);
    else {
      const before = (await presentNode(tx, "StageRun", merged.id))!;
      if (before.status !== "READY" && before.status !== "RUNNING")
        return { result: { go: false, cached: false }, at, events: [] };
      const starts = before.starts + (changed.status === "RUNNING" ? 1 : 0);
      const again = { ...known, outcome: null, problem: null, ...changed, startedAt: at, starts, waitingFor: null };
      await reviseNode(tx, before, again, newId(), { at, operationId });
    }
    if (run.status === "WAITING" && changed.status === "RUNNING")
      await reviseNode(tx, run, { status: "RUNNING", wakeAt: null }, newId(), { at, operationId });
    const after = (await presentNode(tx, "StageRun", merged.id))!;
    return {
      result: { go: after.status === "RUNNING", cached: hit !== undefined },
      at,
      events: stageEvents(tx.tenantId, run, after, at),
    };
  },
});

/** How far a try is once it is begun. */
function begun(how: "RUN" | "SKIP" | "ASK", hit: CacheHit | undefined, at: number, problem: string | null) {
  if (how === "SKIP") return { status: "SKIPPED", outcome: "CONDITION", problem, finishedAt: at } as const;
  if (how === "ASK") return { status: "WAITING", waitingFor: "APPROVAL", problem } as const;
  if (hit === undefined) return { status: "RUNNING" } as const;
  const { outputHash, stageRunId: cachedFrom, provider } = hit;
  const done = { status: "DONE", outcome: "CACHED", cacheHit: true, finishedAt: at } as const;
  return { ...done, outputHash, cachedFrom, provider };
}

const settled = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("DONE"),
    output: z.object({ text: z.string(), sha256: hash }),
    /** Until when others may use the output. */
    cacheMs: z.number().nullish(),
    produced: z.array(z.string()).max(2_000),
  }),
  z.object({
    status: z.literal("WAITING"),
    output: z.object({ text: z.string(), sha256: hash }),
    waitMs: z.number(),
    produced: z.array(z.string()).max(2_000),
  }),
  z.object({
    status: z.literal("FAILED"),
    outcome: z.string().max(60),
    problem: z.string().max(2_000),
    retryable: z.boolean(),
    /** Milliseconds until the next try. */
    retryMs: z.number().nullish(),
  }),
]);

/** How a try ended, as it is to be written. */
export type StageEnd = z.input<typeof settled>;

/** Writes how a try ended: with its output, handed on to wait for a callback, or failed. */
export const settleStage = defineCommand({
  name: "settleStage",
  capability: "run.advance",
  input: z.object({
    ...attemptOf,
    end: settled,
    latencyMs: z.number(),
    provider: z.string().max(200).nullish(),
    tokens: z.int().min(0),
    costUsd: z.number().min(0),
    providerCalls: z.int().min(0).nullish(),
    rateLimited: z.int().min(0).nullish(),
  }),
  // What was computed may differ between two goes of one try: the first that is written counts.
  digest: ({ runId: id, stage, attempt }) => ({ run: id, stage, attempt }),
  channels: (tx, input) => channelsOfRun(tx, input.runId.id),
  async run(context, { runId: id, stage, attempt, end, ...told }) {
    const { tx, newId, operationId } = context;
    const found = await going(context, id);
    const stageRunId = await stageRunByKey(tx, stageKey(id, stage, attempt));
    if (found === null || stageRunId === undefined) return moot(context);
    const node = { label: "StageRun", id: stageRunId } as const;
    const produced = end.status === "FAILED" ? [] : producedBy(end.produced);
    const locked = await lock(tx, [id, node, ...produced]);
    const at = Math.max(found.at, locked.at);
    const before = (await presentNode(tx, "StageRun", stageRunId))!;
    if (before.status !== "RUNNING") return { result: { go: false, cached: false }, at, events: [] };
    const stamp = { at, operationId };
    const { latencyMs, tokens, costUsd, provider = null, providerCalls = null, rateLimited = null } = told;
    const spent = { latencyMs, provider, tokens, costUsd, providerCalls, rateLimited };
    if (end.status !== "FAILED") await keepDocument(tx, end.output.sha256, end.output.text);
    await reviseNode(tx, before, { ...spent, ...changeOf(end, at) }, newId(), stamp);
    for (const from of produced)
      if (locked.found.has(`${from.label}:${from.id}`))
        await openEdge(tx, { type: "PRODUCED_BY", from, to: id }, stamp);
    if (end.status === "DONE" && end.cacheMs && before.cacheKey !== null)
      await keepCached(tx, newId(), {
        key: before.cacheKey,
        outputHash: end.output.sha256,
        stageRunId: before.id,
        provider,
        at,
        until: at + end.cacheMs,
      });
    const after = (await presentNode(tx, "StageRun", stageRunId))!;
    return {
      result: { go: true, cached: false },
      at,
      events: stageEvents(tx.tenantId, found.run, after, at),
    };
  },
});

function changeOf(end: z.infer<typeof settled>, at: number): Partial<StageRun> {
  if (end.status === "DONE") return { status: "DONE", outcome: "OK", outputHash: end.output.sha256, finishedAt: at };
  if (end.status === "WAITING")
    return { status: "WAITING", waitingFor: "CALLBACK", outputHash: end.output.sha256, deadline: at + end.waitMs };
  const { outcome, problem, retryable, retryMs } = end;
  return {
    status: "FAILED",
    outcome,
    problem,
    retryable,
    retryAt: retryMs == null ? null : at + retryMs,
    finishedAt: at,
  };
}

/** Those of the ids that may say which run they came from. */
const producedBy = (ids: readonly string[]): NodeId[] =>
  [...new Set(ids)].flatMap((text) => {
    const id = parseNodeId(text);
    return id !== null && mayJoin("PRODUCED_BY", id.label, "PipelineRun") ? [id] : [];
  });

async function moot({ tx }: CommandContext) {
  const { at } = await lock(tx, []);
  return { result: { go: false, cached: false }, at, events: [] as DomainEvent[] };
}
