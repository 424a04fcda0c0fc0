import type { z } from "zod";
import type { Command } from "../commands/command.js";
import type { Executed } from "../commands/execute.js";
import type { Reader } from "../commands/judge.js";
import type { RunPins } from "../domains/channel/pins.js";

/** What an executor may go by, beside its input. Everything that it writes is a command of whoever started the run. */
export interface StageContext {
  readonly tenantId: string;
  /** Public ids of the run, and of what it was started for. */
  readonly runId: string;
  readonly topicId: string | null;
  readonly channelId: string | null;
  /** What the run took from its channel's config as it began; null for a run without a channel. */
  readonly pins: RunPins | null;
  readonly stage: string;
  readonly attempt: number;
  /** 1, and one more with each repair. */
  readonly round: number;
  /** The database's clock when the try began, in epoch milliseconds. */
  readonly startedAt: number;
  /** Aborted when the time is over, the run was cancelled or another process has it. */
  readonly signal: AbortSignal;
  readonly reader: Reader;
  /** Whether an exemption of the studio lets an episode be published though this stands against it. */
  isExempt(gate: readonly string[]): Promise<boolean>;
  /**
   * Gives a command as the run's starter. `part` names the effect within this try: a second go of the same try gives it
   * under the same operation id, and finds what the first did. A refusal throws, and fails the try with its reasons.
   */
  execute<I, R>(part: string, command: Command<I, R>, input: object, reason?: string): Promise<R>;
  /** The same, for whoever can do something about a refusal. */
  attemptTo<I, R>(part: string, command: Command<I, R>, input: object, reason?: string): Promise<Executed<R>>;
}

export interface StageResult<O = unknown> {
  readonly output: O;
  /** Who did it, such as `embedded` or a model's name. */
  readonly provider?: string;
  readonly tokens?: number;
  /** US dollars. */
  readonly costUsd?: number;
  /** Calls to providers of models, and those of them that were answered with 429; left out where none was asked. */
  readonly providerCalls?: number;
  readonly rateLimited?: number;
  /** Public ids of nodes that this try made or changed: they get an edge to the run. */
  readonly produced?: readonly string[];
}

/** What does the work of a stage, under the name by which flows call it. It may be run twice for the same try. */
export interface Executor<I = unknown, O = unknown> {
  readonly name: string;
  /** Changes whenever equal input may give another output: cached outputs of another version aren't used. */
  readonly version: string;
  /** What of a run's pins its output depends on, where that is cached: with another one it is computed anew. */
  cachedBy?(pins: RunPins): unknown;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  run(context: StageContext, input: I): Promise<StageResult<O>>;
}

export const defineExecutor = <I, O>(executor: Executor<I, O>): Executor<I, O> => executor;

/** Thrown by an executor that knows why it failed; anything else that it throws may be tried again. */
export class StageFailure extends Error {
  constructor(
    /** A code in capitals, such as `BUDGET_SPENT`. */
    readonly code: string,
    message: string,
    readonly options: {
      readonly retryable?: boolean;
      readonly spent?: Pick<StageResult, "provider" | "tokens" | "costUsd" | "providerCalls" | "rateLimited">;
    } = {},
  ) {
    super(message);
    this.name = "StageFailure";
  }
}
