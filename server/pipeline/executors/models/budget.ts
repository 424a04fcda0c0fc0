import { parseNodeId } from "../../../../graph-schema/node-id.js";
import { readRun } from "../../../domains/run/record.service.js";
import { StageFailure, type StageContext } from "../../executor.js";
import type { ModelSettings, Provider } from "./settings.js";

/*
 * What a run may spend on models: all of its tries together, those that failed and those of earlier processes too, by what
 * the graph's record says of them. A question that could go beyond it isn't asked.
 */

export interface Spent {
  readonly tokens: number;
  readonly costUsd: number;
}

const NOTHING: Spent = { tokens: 0, costUsd: 0 };
const plus = (a: Spent, b: Spent): Spent => ({ tokens: a.tokens + b.tokens, costUsd: a.costUsd + b.costUsd });

export const costOf = ({ price }: Pick<Provider, "price">, tokens: { input: number; output: number }): Spent => ({
  tokens: tokens.input + tokens.output,
  costUsd: (tokens.input * price.input + tokens.output * price.output) / 1e6,
});

/** What tries of this process have spent or set aside, until the record tells of them; by run and try. */
export class Ledger {
  readonly #runs = new Map<string, Map<string, Spent>>();

  of(runId: string): ReadonlyMap<string, Spent> {
    return this.#runs.get(runId) ?? new Map();
  }

  set(runId: string, one: string, spent: Spent): void {
    const run = this.#runs.get(runId) ?? new Map<string, Spent>();
    this.#runs.set(runId, run.set(one, spent));
  }

  close(runId: string, one: string): void {
    const run = this.#runs.get(runId);
    run?.delete(one);
    if (run?.size === 0) this.#runs.delete(runId);
  }
}

/** One try's part of the run's budget. */
export class TryBudget {
  #spent = NOTHING;
  #calls = 0;
  #limited = 0;
  readonly #name: string;

  constructor(
    readonly context: Pick<StageContext, "runId" | "stage" | "attempt" | "reader">,
    readonly limits: ModelSettings["budget"],
    readonly ledger: Ledger,
  ) {
    this.#name = `${context.stage}/${context.attempt}`;
  }

  get spent(): Spent {
    return this.#spent;
  }

  /** What is told of the try: what it spent, and how its providers answered. */
  get told(): Spent & { readonly providerCalls: number; readonly rateLimited: number } {
    return { ...this.#spent, providerCalls: this.#calls, rateLimited: this.#limited };
  }

  /** A provider was called; `limited` when it answered 429. */
  called(limited: boolean): void {
    this.#calls += 1;
    if (limited) this.#limited += 1;
  }

  /** Sets aside what a question may cost at most. Answers why it doesn't fit, or null. */
  async reserve(most: Spent): Promise<string | null> {
    const { runId, reader } = this.context;
    const record = await readRun(reader, parseNodeId(runId)!.id);
    const tries = (record?.stages ?? []).map((one) => ({ ...one, name: `${one.stage}/${one.attempt}` }));
    const settled = new Set(tries.flatMap(({ name, status }) => (status === "RUNNING" ? [] : [name])));
    const before = tries
      .filter(({ name }) => settled.has(name))
      .reduce<Spent>((sum, { tokens, costUsd }) => plus(sum, { tokens: tokens ?? 0, costUsd: costUsd ?? 0 }), NOTHING);
    const others = [...this.ledger.of(runId)].filter(([name]) => name !== this.#name && !settled.has(name));
    const used = others.reduce((sum, [, spent]) => plus(sum, spent), plus(before, this.#spent));
    const wanted = plus(used, most);
    const { tokens, cost_usd } = this.limits;
    if (wanted.tokens > tokens)
      return `the question may take ${most.tokens} tokens; the run has ${Math.max(0, tokens - used.tokens)} of ${tokens} left`;
    if (wanted.costUsd > cost_usd + 1e-12)
      return `the question may cost $${most.costUsd.toFixed(4)}; the run has $${Math.max(0, cost_usd - used.costUsd).toFixed(4)} of $${cost_usd} left`;
    this.ledger.set(runId, this.#name, plus(this.#spent, most));
    return null;
  }

  /** What it came to, in place of what was set aside. */
  settle(actual: Spent): void {
    this.#spent = plus(this.#spent, actual);
    this.ledger.set(this.context.runId, this.#name, this.#spent);
  }

  close(): void {
    this.ledger.close(this.context.runId, this.#name);
  }
}

export const budgetSpent = (why: string, spent: TryBudget["told"]): StageFailure =>
  new StageFailure("BUDGET_SPENT", `Not asked, because ${why}. Raise the budget, or let a cheaper provider answer.`, {
    spent,
  });

/** Tokens that a text has at most: no tokenizer in use makes more than one of two bytes of prose or JSON. */
export const mostTokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 2);
