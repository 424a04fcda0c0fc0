import type { z } from "zod";
import type { Instant } from "../../graph-schema/time.js";
import type { WriteTx } from "../graph/graph.js";
import type { Capability } from "../policy/capabilities.js";
import type { PolicyInput } from "../policy/decision.js";
import type { Caller } from "./caller.js";
import type { Act, Judgement } from "./judge.js";
import type { OwnOperation } from "./own-operation.js";

/** Something that happened, for whoever listens outside. */
export interface DomainEvent {
  readonly type: string;
  /** Public id of what it happened to. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CommandContext {
  readonly tx: WriteTx;
  readonly caller: Caller;
  readonly operationId: string;
  /** Why, in the words of whoever gave the command. */
  readonly reason: string;
  /** Where this process stores and serves. */
  readonly region: string;
  /** A new ULID. */
  newId(): string;
  /** What policy says of anybody's act, on what this transaction sees now: ask once the nodes that it rests on are locked. */
  judge(who: Caller, act: Act): Promise<Judgement>;
  /**
   * Judges a command that can't be taken back as its proposer's, under the locks of this transaction, runs it in it, and
   * notes it in the audit beside the command that carries it out. Throws a Denial when policy doesn't allow it; nothing is
   * written then.
   */
  carryOut<I, R>(
    command: Command<I, R>,
    proposer: Caller,
    input: unknown,
    told: { readonly irreversible: NonNullable<PolicyInput["irreversible"]>; readonly reason: string },
  ): Promise<Outcome<R>>;
}

export interface Outcome<R> {
  /** Plain JSON, stored on the operation: ids and counts, never texts. */
  readonly result: R;
  /** The transaction's instant, from `lock`. */
  readonly at: Instant;
  readonly events: readonly DomainEvent[];
  /** What the audit entry says beside hashes: counts, ids, never texts. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * One change to the graph. `run` works in the command's write transaction and may run twice; it refuses by throwing a
 * Refusal, which undoes everything.
 */
export interface Command<I = unknown, R = unknown> {
  readonly name: string;
  readonly capability: Capability;
  /** Of the input without `operationId` and `reason`, which every command takes. */
  readonly input: z.ZodType<I>;
  readonly timeoutMs?: number;
  /** Only of a command in reach of one door of this process alone: how the ids of its operations begin, which the door makes. */
  readonly door?: OwnOperation;
  /** It stops others, so it waits behind nobody's writes: see `Scope` of graph/graph.ts. */
  readonly urgent?: true;
  /** The channels that the change touches, by public id; read under no lock, so it answers what can't change, or what may as well have changed after. */
  channels?(tx: WriteTx, input: I): Promise<readonly string[]> | readonly string[];
  /** Only of the command that makes the tenant, which therefore needs none: the regions it will allow. */
  allowedRegions?(input: I): readonly string[];
  /** What the input is told apart by, where hashing all of it would be waste; by default all of it. */
  digest?(input: I): unknown;
  /** What the audit entry says of the input beside its hash, for bulk commands: counts. */
  summarize?(input: I): Readonly<Record<string, unknown>>;
  run(context: CommandContext, input: I): Promise<Outcome<R>>;
}

export const defineCommand = <I, R>(command: Command<I, R>): Command<I, R> => command;
