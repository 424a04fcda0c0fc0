import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { RULES, type PolicyInput } from "../../server/policy/decision.js";
import { decideByReference } from "../../server/policy/reference.js";
import { compiledPolicy } from "../../server/policy/wasm.js";
import { randomInput } from "../kit/policy-input.js";
import { seeded } from "../kit/random.js";

const INPUTS = 100_000;
const SEED = 20_261_121;

const policy = compiledPolicy();

/** What came of all questions: what allowed or denied how often, where the two disagree, and what an answer took. */
function askAll() {
  const random = seeded(SEED);
  const counts: Record<string, number> = {};
  const count = (what: string) => (counts[what] = (counts[what] ?? 0) + 1);
  const micros = new Float64Array(INPUTS);
  const disagreements: unknown[] = [];
  for (let i = 0; i < INPUTS; i++) {
    const input = randomInput(random) as PolicyInput;
    const before = performance.now();
    const answer = policy.decide(input);
    micros[i] = (performance.now() - before) * 1_000;
    const expected = decideByReference(input);
    if (!isDeepStrictEqual(answer, expected)) disagreements.push({ input, answer, expected });
    for (const rule of expected.denied) count(rule);
    if (expected.allow)
      count(input.irreversible !== null && expected.approvals > 0 ? "allowed by approval" : "allowed");
  }
  return { counts, micros: micros.sort(), disagreements };
}

describe("the compiled policy", () => {
  const { counts, micros, disagreements } = askAll();
  const times = (what: string) => counts[what] ?? 0;
  const at = (quantile: number) => micros[Math.floor(INPUTS * quantile)]!;
  const allowed = times("allowed") + times("allowed by approval");
  // oxlint-disable-next-line no-console -- the suite's figures
  console.log(
    `policy: ${INPUTS} random inputs, ${disagreements.length} disagreements with the reference, ` +
      `${((100 * allowed) / INPUTS).toFixed(1)} % allowed; ` +
      `a decision takes ${at(0.5).toFixed(0)} us at p50, ${at(0.99).toFixed(0)} us at p99`,
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
    expect(at(0.99)).toBeLessThan(1_000);
  });
});
