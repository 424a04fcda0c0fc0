import { z } from "zod";
import { defineNode, optional } from "../node.js";

/** READY: approved, and not begun yet. */
export const STAGE_STATES = ["WAITING", "READY", "RUNNING", "DONE", "SKIPPED", "FAILED", "CANCELLED"] as const;
export type StageState = (typeof STAGE_STATES)[number];

export const WAITS = ["APPROVAL", "CALLBACK"] as const;

/** One try of a stage in a run. */
export const stageRun = defineNode({
  label: "StageRun",
  shape: z.object({
    /** Public id of the run. */
    runId: z.string(),
    stage: z.string(),
    /** Counts the tries of the stage in its run from 1, over repairs too. */
    attempt: z.number().int(),
    round: z.number().int(),
    /** The executor that does the stage's work. */
    executor: z.string(),
    status: z.enum(STAGE_STATES),
    waitingFor: optional(z.enum(WAITS)),
    /** While it waits for a callback: when that is given up. */
    deadline: optional(z.number()),
    /** How often it was begun: more than once when its process ended before it did. */
    starts: z.number().int(),
    startedAt: z.number(),
    finishedAt: optional(z.number()),
    /** Milliseconds of the executor's own work; null where it did none. */
    latencyMs: optional(z.number()),
    /** SHA-256 of canonical JSON; the Body of the output's hash holds it. */
    inputHash: optional(z.string()),
    outputHash: optional(z.string()),
    cacheHit: z.boolean(),
    cacheKey: optional(z.string()),
    /** Public id of the StageRun that computed the cached output. */
    cachedFrom: optional(z.string()),
    provider: optional(z.string()),
    tokens: z.number().int(),
    costUsd: z.number(),
    /** Calls that it made to providers of models, and those of them that were answered with 429; null where it made none. */
    providerCalls: optional(z.number().int()),
    rateLimited: optional(z.number().int()),
    /** How it ended, as a code: OK, CACHED, CALLED_BACK, TIMEOUT and the like, or one of its executor's own. */
    outcome: optional(z.string()),
    problem: optional(z.string()),
    retryable: z.boolean(),
    /** When the next try is due, of one that failed and may be tried again. */
    retryAt: optional(z.number()),
    /** Who approved it. */
    approvedBy: optional(z.string()),
    /** True when a repair or a resumption has the stage done anew: it counts no more. */
    superseded: z.boolean(),
  }),
  key: "run, stage and attempt",
  searched: false,
});
export type StageRunProperties = z.infer<typeof stageRun.shape>;
