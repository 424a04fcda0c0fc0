import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { SecretsProvider } from "../../../secrets/secrets.js";
import { StageFailure } from "../../executor.js";
import { Breaker } from "./breaker.js";
import { budgetSpent, costOf, mostTokensOf, type TryBudget } from "./budget.js";
import { askProvider, ProviderFailure, type Answer, type Question } from "./provider.js";
import type { ModelSettings, Provider } from "./settings.js";

/** Calls of one provider for one question. */
const TRIES = 2;
/** Pause before the second, where it names none. */
const PAUSE_MS = 250;

export interface ChainAnswer {
  readonly text: string;
  /** The provider and its model. */
  readonly provider: string;
}

/**
 * Asks providers in their order until one answers. One that is busy is asked again after the pause that it names, if that
 * is short; one that keeps failing rests. Never more is asked than the budget has room for.
 */
export class ProviderChain {
  readonly #breakers: ReadonlyMap<string, Breaker>;
  /** Changes with whatever could change an answer. */
  readonly id: string;

  constructor(
    readonly settings: ModelSettings,
    readonly secrets: SecretsProvider,
    now: () => number = Date.now,
  ) {
    this.#breakers = new Map(settings.providers.map(({ name }) => [name, new Breaker(settings.breaker, now)]));
    const told = settings.providers.map(({ name, url, model, json, temperature }) => [
      name,
      url,
      model,
      json,
      temperature,
    ]);
    this.id = createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 12);
  }

  async ask(question: Question, budget: TryBudget, signal: AbortSignal): Promise<ChainAnswer> {
    const why: string[] = [];
    let [isPassing, unaffordable] = [false, null as string | null];
    for (const provider of this.settings.providers) {
      const breaker = this.#breakers.get(provider.name)!;
      const rests = breaker.restsFor();
      if (rests > 0) {
        why.push(`${provider.name} rests for ${Math.ceil(rests / 1_000)} s after failing`);
        isPassing = true;
        continue;
      }
      const key = await this.#keyOf(provider);
      if ("missing" in key) {
        why.push(`${provider.name}: ${key.missing}`);
        continue;
      }
      try {
        const { text } = await this.#askOne(provider, key.key, question, budget, breaker, signal);
        return { text, provider: `${provider.name}/${provider.model}` };
      } catch (error) {
        if (error instanceof Unaffordable) {
          unaffordable = error.message;
          continue;
        }
        if (!(error instanceof ProviderFailure)) throw error;
        why.push(`${provider.name} ${error.message}`);
        isPassing ||= error.kind !== "DENIED";
      }
    }
    if (unaffordable !== null) throw budgetSpent(unaffordable, budget.told);
    throw new StageFailure("PROVIDERS_FAILED", `No provider answered: ${why.join("; ")}.`, {
      retryable: isPassing,
      spent: budget.told,
    });
  }

  async #keyOf({ secret }: Provider): Promise<{ key: string | null } | { missing: string }> {
    if (secret === null) return { key: null };
    try {
      const key = await this.secrets.get(secret);
      return key === null ? { missing: `there is no secret ${secret}` } : { key };
    } catch {
      // What went wrong may name where secrets are.
      return { missing: `the secret ${secret} can't be read` };
    }
  }

  async #askOne(
    provider: Provider,
    key: string | null,
    question: Question,
    budget: TryBudget,
    breaker: Breaker,
    signal: AbortSignal,
  ): Promise<Answer> {
    const input = mostTokensOf(JSON.stringify([question.messages, question.shape]));
    for (let n = 1; ; n++) {
      const refused = await budget.reserve(costOf(provider, { input, output: provider.most_tokens }));
      if (refused !== null) throw new Unaffordable(refused);
      breaker.ask();
      try {
        const answer = await askProvider(provider, key, question, signal);
        budget.called(false);
        budget.settle(costOf(provider, answer.usage ?? { input, output: mostTokensOf(answer.text) }));
        breaker.answered();
        return answer;
      } catch (error) {
        const failure = error instanceof ProviderFailure ? error : null;
        budget.called(failure?.kind === "RATE_LIMITED");
        // Whoever was cut off may have worked, and is paid for what they were given.
        budget.settle(costOf(provider, { input: failure === null || failure.options.worked ? input : 0, output: 0 }));
        if (failure === null) {
          breaker.leave();
          throw error;
        }
        const asksFor = failure.options.retryAfterMs ?? null;
        const most = this.settings.retry_after_most_s * 1_000;
        const mayAgain = ["RATE_LIMITED", "UNAVAILABLE"].includes(failure.kind) && n < TRIES && (asksFor ?? 0) <= most;
        if (!mayAgain) {
          breaker.failed(asksFor ?? 0);
          throw failure;
        }
        breaker.leave();
        await pause(asksFor ?? PAUSE_MS, undefined, { signal });
      }
    }
  }
}

class Unaffordable extends Error {}
