import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { RULES, type PolicyInput } from "../../server/policy/decision.js";
import { decideByReference } from "../../server/policy/reference.js";
import { compiledPolicy } from "../../server/policy/wasm.js";
import { randomInput } from "../kit/policy-input.js";
import { seeded } from "../kit/random.js";

const INPUTS = 100_000;
const SEED = 20_261_121;

/** The decision is timed in rounds, so that what else the machine did in one of them can be told from what it costs. */
const ROUNDS = 9;
const ROUND = 5_000;

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

/** Microseconds of a decision at p50 and p99, by round, the fastest round first. */
function timeRounds(): { p50: number; p99: number }[] {
  const random = seeded(SEED);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const inputs = Array.from({ length: ROUND }, () => randomInput(random) as PolicyInput);
    const micros = Float64Array.from(inputs, (input) => {
      const before = performance.now();
      policy.decide(input);
      return (performance.now() - before) * 1_000;
    }).sort();
    return { p50: micros[ROUND / 2]!, p99: micros[Math.floor(ROUND * 0.99)]! };
  });
  return rounds.toSorted((a, b) => a.p99 - b.p99);
}

describe("the compiled policy", () => {
  const { counts, disagreements } = askAll();
  const rounds = timeRounds();
  const median = rounds[Math.floor(ROUNDS / 2)]!;
  const times = (what: string) => counts[what] ?? 0;
  const allowed = times("allowed") + times("allowed by approval");
  // oxlint-disable-next-line no-console -- the suite's figures
  console.log(
    `policy: ${INPUTS} random inputs, ${disagreements.length} disagreements with the reference, ` +
      `${((100 * allowed) / INPUTS).toFixed(1)} % allowed; a decision takes ${median.p50.toFixed(0)} us at p50, ` +
      `${median.p99.toFixed(0)} us at p99 (median of ${ROUNDS} rounds of ${ROUND}; ` +
      `p99 from ${rounds[0]!.p99.toFixed(0)} to ${rounds.at(-1)!.p99.toFixed(0)} us)`,
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
    expect(median.p99).toBeLessThan(1_000);
  });
});
