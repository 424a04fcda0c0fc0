import { z } from "zod";
import { toProblems } from "../../../commands/input.js";
import { StageFailure, type StageContext } from "../../executor.js";
import { AnswerCache } from "./answers.js";
import { Ledger, TryBudget, type Spent } from "./budget.js";
import type { ProviderChain } from "./chain.js";
import type { Message, Question } from "./provider.js";
import type { ModelSettings } from "./settings.js";

/*
 * Asks a model for a JSON document, and takes it only where it fits its schema and passes whatever else it is held against.
 * What doesn't is told to the model, once; after that the try has failed.
 */

export interface Asked<T, R> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly system: string;
  readonly user: string;
  /** Makes of the answer what the stage wants; or says what is wrong with it, in words that the model may be told. */
  check(answer: T): { readonly value: R } | { readonly problems: readonly string[] };
}

export interface CheckedAnswer<R> extends Spent {
  readonly providerCalls?: number;
  readonly rateLimited?: number;
  readonly value: R;
  readonly provider: string;
}

/** Problems that a model is told. */
const MOST_PROBLEMS = 20;
/** Of its first answer, so much is shown to it again. */
const MOST_SHOWN = 20_000;

export class Models {
  readonly #ledger = new Ledger();
  readonly #answers: AnswerCache;

  constructor(readonly chain: ProviderChain) {
    this.#answers = new AnswerCache(chain.settings.cache);
  }

  async ask<T, R>(context: StageContext, asked: Asked<T, R>): Promise<CheckedAnswer<R>> {
    const shape = { name: asked.name, schema: z.toJSONSchema(asked.schema, { io: "input" }) as object };
    const messages: Message[] = [
      {
        role: "system",
        content: `${asked.system}\n\nAnswer with one JSON document of this JSON Schema, and nothing else:\n${JSON.stringify(shape.schema)}`,
      },
      { role: "user", content: asked.user },
    ];
    const key = AnswerCache.key(context.tenantId, this.chain.id, messages);
    const kept = this.#answers.get(key);
    if (kept !== undefined) {
      const read = readAnswer(kept.text, asked);
      // What it is held against may have changed since.
      if ("value" in read) return { value: read.value, provider: kept.provider, tokens: 0, costUsd: 0 };
    }
    const budget = new TryBudget(context, limitsOf(this.chain.settings.budget, context.pins), this.#ledger);
    try {
      return await this.#converse(context, asked, { messages, shape }, budget, key);
    } finally {
      budget.close();
    }
  }

  async #converse<T, R>(
    { signal }: StageContext,
    asked: Asked<T, R>,
    question: Question,
    budget: TryBudget,
    key: string,
  ): Promise<CheckedAnswer<R>> {
    const first = await this.chain.ask(question, budget, signal);
    let [answer, read] = [first, readAnswer(first.text, asked)];
    if ("problems" in read) {
      const again: Message[] = [
        ...question.messages,
        { role: "assistant", content: first.text.slice(0, MOST_SHOWN) },
        {
          role: "user",
          content: `That can't be taken:\n${listOf(read.problems)}\nAnswer with the whole corrected JSON document.`,
        },
      ];
      answer = await this.chain.ask({ ...question, messages: again }, budget, signal);
      read = readAnswer(answer.text, asked);
    }
    if ("problems" in read)
      throw new StageFailure(
        "BAD_ANSWER",
        `What ${answer.provider} answered can't be taken, corrected once: ${read.problems.slice(0, 5).join("; ")}`,
        { retryable: true, spent: { provider: answer.provider, ...budget.told } },
      );
    this.#answers.set(key, answer);
    return { value: read.value, provider: answer.provider, ...budget.told };
  }
}

/** The installation's limits, or the channel's where those are lower. */
export const limitsOf = (
  { tokens, cost_usd }: ModelSettings["budget"],
  pins: StageContext["pins"],
): ModelSettings["budget"] => ({
  tokens: Math.min(tokens, pins?.budgets.runTokens ?? Infinity),
  cost_usd: Math.min(cost_usd, pins?.budgets.runUsd ?? Infinity),
});

const listOf = (problems: readonly string[]): string =>
  problems
    .slice(0, MOST_PROBLEMS)
    .map((problem) => `- ${problem}`)
    .join("\n");

function readAnswer<T, R>(text: string, { schema, check }: Asked<T, R>): ReturnType<Asked<T, R>["check"]> {
  let value: unknown;
  try {
    value = JSON.parse(unfenced(text));
  } catch {
    return { problems: ["It is no JSON document."] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return check(parsed.data);
  return { problems: toProblems(parsed.error).map(({ path, message }) => `${path || "the whole"}: ${message}`) };
}

/** Models like to put JSON between fences. */
const unfenced = (text: string): string => /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1] ?? text;
