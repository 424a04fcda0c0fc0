import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { RULES, type PolicyInput } from "../../server/policy/decision.js";
import { decideByReference } from "../../server/policy/reference.js";
import { compiledPolicy } from "../../server/policy/wasm.js";
import { randomInput } from "../kit/policy-input.js";
import { seeded } from "../kit/random.js";

const INPUTS = 100_000;
const SEED = 20_261_121;

const TIMED = 50_000;

const policy = compiledPolicy();

/** What came of all questions: what allowed or denied how often, and where the two disagree. */
function askAll() {
  const random = seeded(SEED);
  const counts: Record<string, number> = {};
  const count = (what: string) => (counts[what] = (counts[what] ?? 0) + 1);
  const disagreements: unknown[] = [];
  for (let i = 0; i < INPUTS; i++) {
    const input = randomInput(random) as PolicyInput;
    const answer = policy.decide(input);
    const expected = decideByReference(input);
    if (!isDeepStrictEqual(answer, expected)) disagreements.push({ input, answer, expected });
    for (const rule of expected.denied) count(rule);
    if (expected.allow)
      count(input.irreversible !== null && expected.approvals > 0 ? "allowed by approval" : "allowed");
  }
  return { counts, disagreements };
}

/** Microseconds that a decision takes, by the clock and of the processor: on a busy machine the clock counts others too. */
function timeDecisions() {
  const random = seeded(SEED);
  const clock = new Float64Array(TIMED);
  const processor = new Float64Array(TIMED);
  for (let i = 0; i < TIMED; i++) {
    const input = randomInput(random) as PolicyInput;
    const used = process.cpuUsage();
    const before = performance.now();
    policy.decide(input);
    clock[i] = (performance.now() - before) * 1_000;
    const { user, system } = process.cpuUsage(used);
    processor[i] = user + system;
  }
  const quantiles = (micros: Float64Array) => {
    micros.sort();
    return { p50: Math.round(micros[TIMED / 2]!), p99: Math.round(micros[Math.floor(TIMED * 0.99)]!) };
  };
  return { clock: quantiles(clock), processor: quantiles(processor) };
}

describe("the compiled policy", () => {
  const { counts, disagreements } = askAll();
  const { clock, processor } = timeDecisions();
  const times = (what: string) => counts[what] ?? 0;
  const allowed = times("allowed") + times("allowed by approval");
  // oxlint-disable-next-line no-console -- the suite's figures
  console.log(
    `policy: ${INPUTS} random inputs, ${disagreements.length} disagreements with the reference, ` +
      `${((100 * allowed) / INPUTS).toFixed(1)} % allowed; a decision takes ${clock.p50} us at p50, ${clock.p99} us at p99 ` +
      `by the clock, ${processor.p50} and ${processor.p99} us of the processor`,
  );

  it("agrees with the reference on every random input", () => {
    expect(disagreements.slice(0, 3)).toEqual([]);
  });

  it("was asked what it allows, what it allows by approval alone, and what each of its rules denies", () => {
    expect(allowed).toBeGreaterThan(INPUTS / 10);
    const own = Object.keys(RULES).filter((rule) => rule !== "policy-unavailable");
    expect(["allowed", "allowed by approval", ...own].filter((what) => times(what) < 500)).toEqual([]);
  });

  it("decides in less than a millisecond at p99", () => {
    expect(Math.min(clock.p99, processor.p99)).toBeLessThan(1_000);
  });
});
