import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { reply, startModelServer, type ModelServer } from "../../../../test/kit/model-server.js";
import { givenSecrets } from "../../../secrets/secrets.js";
import { StageFailure, type StageContext } from "../../executor.js";
import { ProviderChain } from "./chain.js";
import { Models, type Asked } from "./checked-answer.js";
import { retryAfter } from "./provider.js";
import { modelSettings, type ModelSettings } from "./settings.js";

/*
 * The chain of providers against servers of this machine that misbehave, over real HTTP.
 */

const KEY = "sk-canary-1234567890";
let [first, second]: ModelServer[] = [];
beforeEach(async () => {
  [first, second] = await Promise.all([startModelServer(reply.says(GOOD)), startModelServer(reply.says(GOOD))]);
});
afterEach(() => Promise.all([first!.close(), second!.close()]));

const GOOD = { n: 7 };
const asked: Asked<{ n: number }, number> = {
  name: "number",
  schema: z.strictObject({ n: z.number() }),
  system: "Say a number.",
  user: "Which? My card is canary-4711.",
  check: ({ n }) => (n === 13 ? { problems: ["n: thirteen brings bad luck"] } : { value: n }),
};

/** A try whose run's record is empty. */
const context = (more: Partial<StageContext> = {}): StageContext =>
  ({
    ...{ tenantId: "t", runId: "PipelineRun:01JQ0000000000000000000000", stage: "scenes", attempt: 1 },
    signal: new AbortController().signal,
    reader: { tenantId: "t", run: async () => [] },
    ...more,
  }) as unknown as StageContext;

type Given = { readonly [P in keyof ModelSettings]?: unknown };
function models(given: Given = {}, provider: object = {}, now?: () => number): Models {
  const one = (name: string, { url }: ModelServer) => ({
    name,
    url,
    model: `model-of-${name}`,
    secret: "model-key",
    timeout_s: 5,
    ...provider,
  });
  const settings = modelSettings.parse({
    stages: ["scenes"],
    providers: [one("first", first!), one("second", second!)],
    budget: { tokens: 1_000_000, cost_usd: 10 },
    cache: { entries: 0, seconds: 0 },
    ...given,
  });
  return new Models(new ProviderChain(settings, givenSecrets({ "model-key": KEY }), now));
}

async function failure(promise: Promise<unknown>): Promise<StageFailure> {
  const error = await promise.then(
    (value) => Promise.reject(new Error(`it answered ${JSON.stringify(value)}`)),
    (one: unknown) => one,
  );
  if (!(error instanceof StageFailure)) throw error;
  return error;
}
const askedOf = ({ received }: ModelServer): number => received.length;

describe("a provider that answers", () => {
  it("is asked with its key, the question and the schema, and paid by its own count", async () => {
    const answer = await models({}, { price: { input: 10, output: 100 } }).ask(context(), asked);
    expect(answer).toEqual({
      value: 7,
      provider: "first/model-of-first",
      tokens: 120,
      costUsd: expect.closeTo(0.003, 10),
      ...{ providerCalls: 1, rateLimited: 0 },
    });
    const [one] = first!.received;
    expect(one).toMatchObject({ path: "/v1/chat/completions", headers: { authorization: `Bearer ${KEY}` } });
    expect(one!.body).toMatchObject({ model: "model-of-first", temperature: 0, max_tokens: 8_000, stream: false });
    expect(one!.body["response_format"]).toMatchObject({ json_schema: { schema: { required: ["n"] } } });
    expect(askedOf(second!)).toBe(0);
  });

  it("may put its JSON between fences, and count its tokens wrong", async () => {
    first!.next(reply.says('```json\n{"n": 3}\n```', { usage: { prompt_tokens: -5, completion_tokens: "many" } }));
    const answer = await models().ask(context(), asked);
    expect(answer.value).toBe(3);
    // Counted by what was sent and said.
    expect(answer.tokens).toBeGreaterThan(100);
  });

  it("that asks for no key is given none", async () => {
    await models({}, { secret: null }).ask(context(), asked);
    expect(first!.received[0]!.headers.authorization).toBeUndefined();
  });
});

describe("a provider that misbehaves", () => {
  it.each([
    ["hangs", reply.hangs(), "gave no answer within 0.2 s", 1],
    ["hangs amid its answer", reply.hangsInBody(), "gave no answer within 0.2 s", 1],
    ["breaks off amid its answer", reply.cutsBody(), "can't be reached, or broke off", 2],
    ["answers without end", reply.neverEnds(), "answered with more than 2 MB", 1],
    ["answers with too much", reply.says("x".repeat(2_100_000)), "answered with more than 2 MB", 1],
    ["has a fault", reply.status(500), "answered 500", 2],
    ["is overloaded", reply.status(529), "answered 529", 2],
    ["doesn't take the key", reply.status(401), "its key isn't taken", 1],
    ["doesn't take the question", reply.status(400), "doesn't take such questions", 1],
    [
      "leads elsewhere",
      reply.status(307, { location: "http://127.0.0.1:9/v1/chat/completions" }),
      "it leads elsewhere",
      1,
    ],
    ["answers with no JSON", reply.raw("<html>proxy</html>"), "something that is no JSON", 1],
    ["answers with other JSON", reply.raw('{"choices":[]}'), "no chat completion", 1],
    ["answers with nothing", reply.says(""), "answered with nothing", 1],
    [
      "is cut off at its bound",
      reply.says('{"n":', { choices: [{ message: { content: '{"n":' }, finish_reason: "length" }] }),
      "cut off at its bound",
      1,
    ],
    ["declines", reply.raw('{"choices":[{"message":{"content":null,"refusal":"No."}}]}'), "declines", 1],
  ])("that %s: the next one answers; alone it is an explained refusal", async (_, misbehave, why, calls) => {
    first!.next(misbehave);
    const settings = { breaker: { failures: 100, rest_s: 1 } };
    const answer = await models(settings, { timeout_s: 0.2 }).ask(context(), asked);
    expect([answer.value, answer.provider]).toEqual([7, "second/model-of-second"]);
    expect(askedOf(first!)).toBe(calls);
    second!.next(misbehave);
    const failed = await failure(models(settings, { timeout_s: 0.2 }).ask(context(), asked));
    expect(failed.code).toBe("PROVIDERS_FAILED");
    expect(failed.message).toContain(
      `first ${why.startsWith("its") || why.startsWith("it ") ? "answered" : ""}`.trim(),
    );
    expect(failed.message).toContain(why);
    expect(failed.message).toContain("second ");
    expect(failed.options.retryable).toBe(!/key|questions|elsewhere/.test(why));
    // Neither the key nor what was asked is in it.
    expect(JSON.stringify([failed.message, failed.stack, failed.options])).not.toMatch(/canary/);
  });

  it("that isn't there is passed over", async () => {
    const { url } = first!;
    await first!.close();
    const chain = models();
    const answer = await chain.ask(context(), asked);
    expect([answer.provider, url]).toEqual(["second/model-of-second", first!.url]);
    first = await startModelServer(reply.says(GOOD));
  });

  it("stops when the try is stopped, whatever it does", async () => {
    first!.next(reply.hangs());
    const stop = new AbortController();
    const asking = models().ask(context({ signal: stop.signal }), asked);
    setTimeout(() => stop.abort(new Error("cancelled")), 50);
    await expect(asking).rejects.toThrow("cancelled");
    expect(askedOf(second!)).toBe(0);
  });
});

describe("a provider that is busy", () => {
  it("is asked again after the pause that it names", async () => {
    first!.next(reply.status(429, { "retry-after": "0.3" }), reply.says(GOOD));
    const began = performance.now();
    const answer = await models().ask(context(), asked);
    expect(answer).toMatchObject({ provider: "first/model-of-first", providerCalls: 2, rateLimited: 1 });
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  });

  it("isn't waited for when that is long, and isn't asked again until then", async () => {
    let now = 1_000_000;
    first!.next(reply.status(429, { "retry-after": "120" }));
    const chain = models({ retry_after_most_s: 5 }, {}, () => now);
    expect((await chain.ask(context(), asked)).provider).toBe("second/model-of-second");
    now += 119_000;
    await chain.ask(context(), asked);
    expect(askedOf(first!)).toBe(1);
    now += 2_000;
    first!.next(reply.says(GOOD));
    expect((await chain.ask(context(), asked)).provider).toBe("first/model-of-first");
  });

  it("may name its pause in seconds or as a date", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect([retryAfter("3", now), retryAfter("Sat, 21 Nov 2026 12:00:09 GMT", now)]).toEqual([3_000, 9_000]);
    expect([retryAfter(null), retryAfter("soon"), retryAfter("-4", now) ?? 0]).toEqual([null, null, 0]);
    expect(retryAfter("Sat, 21 Nov 2020 12:00:09 GMT", now)).toBe(0);
  });
});

describe("the circuit breaker", () => {
  it("lets a failing provider rest, then asks it one question, and all again once it answers", async () => {
    let now = 0;
    first!.next(reply.status(500));
    const chain = models({ breaker: { failures: 2, rest_s: 60 } }, {}, () => now);
    for (let i = 0; i < 4; i++) await chain.ask(context(), asked);
    // Two questions of two calls each; then it rests.
    expect(askedOf(first!)).toBe(4);
    now += 61_000;
    await chain.ask(context(), asked);
    expect(askedOf(first!)).toBe(6);
    await chain.ask(context(), asked);
    expect(askedOf(first!)).toBe(6);
    now += 61_000;
    first!.next(reply.says(GOOD));
    await chain.ask(context(), asked);
    expect((await chain.ask(context(), asked)).provider).toBe("first/model-of-first");
  });

  it("says when everybody rests, and that it passes", async () => {
    first!.next(reply.status(500));
    second!.next(reply.status(500));
    const chain = models({ breaker: { failures: 1, rest_s: 60 } });
    await failure(chain.ask(context(), asked));
    const failed = await failure(chain.ask(context(), asked));
    expect(failed.message).toMatch(/first rests for 60 s after failing; second rests for 60 s/);
    expect(failed.options.retryable).toBe(true);
  });
});

describe("an answer", () => {
  it("that isn't JSON, not of its schema, or refused by the stage, may be corrected once", async () => {
    for (const [bad, told] of [
      ["Certainly! Here it is.", "It is no JSON document."],
      [{ n: "seven" }, "n: "],
      [{ n: 7, also: 1 }, "also"],
      [{ n: 13 }, "thirteen brings bad luck"],
    ] as const) {
      first!.received.length = 0;
      first!.next(reply.says(bad), reply.says({ n: 8 }));
      const answer = await models().ask(context(), asked);
      expect([answer.value, answer.tokens]).toEqual([8, 240]);
      expect(first!.received).toHaveLength(2);
      const messages = first!.received[1]!.body.messages;
      expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
      expect(messages.at(-1)!.content).toContain(told);
    }
  });

  it("that is wrong twice fails the try, with what it cost", async () => {
    first!.next(reply.says({ n: 13 }));
    const failed = await failure(models().ask(context(), asked));
    expect([failed.code, failed.options.retryable, failed.options.spent]).toEqual([
      "BAD_ANSWER",
      true,
      { provider: "first/model-of-first", tokens: 240, costUsd: 0, providerCalls: 2, rateLimited: 0 },
    ]);
    expect(failed.message).toContain("thirteen brings bad luck");
    expect([askedOf(first!), askedOf(second!)]).toEqual([2, 0]);
  });

  it("that was good is kept for the studio that asked, and costs nothing the second time", async () => {
    const kept = models({ cache: { entries: 10, seconds: 60 } });
    await kept.ask(context(), asked);
    expect(await kept.ask(context(), asked)).toMatchObject({
      value: 7,
      provider: "first/model-of-first",
      tokens: 0,
      costUsd: 0,
    });
    expect(askedOf(first!)).toBe(1);
    await kept.ask(context({ tenantId: "other" }), asked);
    expect(askedOf(first!)).toBe(2);
    await kept.ask(context(), { ...asked, user: "Another?" });
    expect(askedOf(first!)).toBe(3);
    // What it is held against has changed: it is asked anew.
    await failure(kept.ask(context(), { ...asked, check: () => ({ problems: ["no"] }) }));
    expect(askedOf(first!)).toBe(5);
  });
});

describe("a budget", () => {
  it("that a question could go beyond keeps it from being asked", async () => {
    const failed = await failure(models({ budget: { tokens: 8_100, cost_usd: 10 } }).ask(context(), asked));
    expect([failed.code, failed.options.retryable ?? false]).toEqual(["BUDGET_SPENT", false]);
    expect(failed.message).toMatch(/may take \d+ tokens; the run has 8100 of 8100 left/);
    const dear = await failure(
      models({ budget: { tokens: 1_000_000, cost_usd: 0.5 } }, { price: { input: 0, output: 100 } }).ask(
        context(),
        asked,
      ),
    );
    expect(dear.message).toMatch(/may cost \$0\.8000; the run has \$0\.5000 of \$0\.5 left/);
    expect([askedOf(first!), askedOf(second!)]).toEqual([0, 0]);
  });

  it("is kept by the correction of an answer too", async () => {
    first!.next(reply.says({ n: 13 }, { usage: { prompt_tokens: 5_000, completion_tokens: 7_000 } }));
    const failed = await failure(models({ budget: { tokens: 15_000, cost_usd: 10 } }).ask(context(), asked));
    expect([failed.code, failed.options.spent]).toEqual([
      "BUDGET_SPENT",
      { tokens: 12_000, costUsd: 0, providerCalls: 1, rateLimited: 0 },
    ]);
    expect(askedOf(first!)).toBe(1);
  });

  it("passes to a cheaper provider where the first is too dear", async () => {
    const settings = models({ budget: { tokens: 1_000_000, cost_usd: 0.5 } }).chain.settings;
    const [dear, cheap] = settings.providers;
    const chain = models({
      budget: { tokens: 1_000_000, cost_usd: 0.5 },
      providers: [{ ...dear, price: { input: 0, output: 100 } }, cheap],
    });
    expect((await chain.ask(context(), asked)).provider).toBe("second/model-of-second");
  });

  it("is one for tries side by side: what one has set aside, another can't spend", async () => {
    first!.next(reply.hangs());
    const both = models({ budget: { tokens: 12_000, cost_usd: 10 } }, { timeout_s: 0.5 });
    const one = both.ask(context(), asked);
    one.catch(() => undefined);
    await expect.poll(() => askedOf(first!)).toBe(1);
    const failed = await failure(both.ask(context({ stage: "script" }), asked));
    expect(failed.code).toBe("BUDGET_SPENT");
    await one.catch(() => undefined);
  });
});

describe("a secret", () => {
  it("that isn't there, or can't be read, passes the question on and is told by name", async () => {
    const settings = models().chain.settings;
    const providers = settings.providers.map((one, i) => ({ ...one, secret: i === 0 ? "missing" : "broken" }));
    const secrets = {
      get: (name: string) => (name === "missing" ? Promise.resolve(null) : Promise.reject(new Error("vault canary"))),
    };
    const chain = new Models(new ProviderChain({ ...settings, providers }, secrets));
    const failed = await failure(chain.ask(context(), asked));
    expect(failed.message).toBe(
      "No provider answered: first: there is no secret missing; second: the secret broken can't be read.",
    );
    expect([askedOf(first!), askedOf(second!)]).toEqual([0, 0]);
  });
});

describe("settings of models", () => {
  const good = {
    stages: ["script"],
    providers: [{ name: "a", url: "https://models.example/v1", model: "m" }],
    budget: { tokens: 1, cost_usd: 0 },
  };
  it.each([
    ["http://models.example/v1", false],
    ["https://user:pass@models.example/v1", false],
    ["https://models.example/v1?key=x", false],
    ["http://127.0.0.1:8080/v1", true],
    ["https://models.example/v1", true],
  ])("take the address %s: %s", (url, taken) => {
    expect(modelSettings.safeParse({ ...good, providers: [{ name: "a", url, model: "m" }] }).success).toBe(taken);
  });

  it("take no key in them, no two providers of a name, and no model for QA", () => {
    const [one] = good.providers;
    for (const wrong of [
      { ...good, providers: [{ ...one, key: "sk-1" }] },
      { ...good, providers: [one, one] },
      { ...good, stages: ["qa"] },
      { ...good, budget: undefined },
    ])
      expect(modelSettings.safeParse(wrong).success).toBe(false);
  });
});
