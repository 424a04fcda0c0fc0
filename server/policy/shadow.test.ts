import { setImmediate } from "node:timers/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { allowedInput } from "../../test/kit/policy-input.js";
import { denial, type Policy, type PolicyDecision } from "./decision.js";
import { loadPolicy } from "./load.js";
import { shadowCount } from "./metrics.js";
import { shadowedPolicy } from "./shadow.js";
import { compiledPolicy } from "./wasm.js";

const ALLOW: PolicyDecision = { allow: true, denied: [], approvals: 0 };
const DENY: PolicyDecision = { allow: false, denied: ["role"], approvals: 0 };
const says = (decide: Policy["decide"]): Policy => ({ hash: "candidate", decide });

async function counted(verdict: string): Promise<number> {
  const { values } = await shadowCount.get();
  return values.find(({ labels }) => labels.verdict === verdict)?.value ?? 0;
}

/** What a candidate beside the policy in force brings about: the answer, what is logged, and what counts one up. */
async function beside(candidate: Policy, verdict: string) {
  const warn = vi.fn<(details: object, message: string) => void>();
  const before = await counted(verdict);
  const answer = await shadowedPolicy(compiledPolicy(), candidate, { warn, error: () => {} }).decide(allowedInput());
  await setImmediate();
  return { answer, logged: warn.mock.calls, counted: (await counted(verdict)) - before };
}

describe("a policy in the shadow", () => {
  it("that says the same is only counted", async () => {
    expect(
      await beside(
        says(() => ALLOW),
        "same",
      ),
    ).toEqual({ answer: ALLOW, logged: [], counted: 1 });
  });

  it("that says otherwise changes nothing, and the log has what it takes to ask again", async () => {
    const {
      answer,
      logged,
      counted: times,
    } = await beside(
      says(async () => DENY),
      "different",
    );
    expect(answer).toEqual(ALLOW);
    expect(times).toBe(1);
    const { hash } = compiledPolicy();
    expect(logged).toEqual([
      [
        { policy: hash, candidate: "candidate", decided: ALLOW, other: DENY, input: allowedInput() },
        "the candidate policy would have decided otherwise",
      ],
    ]);
  });

  it("that fails changes nothing, however it fails", async () => {
    const throws = () => {
      throw new Error("torn");
    };
    const rejects = () => Promise.reject(new Error("gone"));
    for (const decide of [throws, rejects, () => denial("policy-unavailable")])
      expect(await beside(says(decide), "failed")).toMatchObject({ answer: ALLOW, counted: 1 });
  });

  it("that never answers isn't waited for, and soon not asked", async () => {
    const decide = vi.fn<Policy["decide"]>(() => new Promise(() => {}));
    const policy = shadowedPolicy(compiledPolicy(), says(decide));
    const before = await counted("skipped");
    for (let i = 0; i < 100; i++) {
      expect(await policy.decide(allowedInput())).toEqual(ALLOW);
      await setImmediate();
    }
    expect(decide).toHaveBeenCalledTimes(64);
    expect((await counted("skipped")) - before).toBe(36);
  });
});

describe("the policy of a configuration", () => {
  const compiled = { url: null, shadow: null };

  it("is the compiled one unless an address is given", () => {
    expect(loadPolicy({ policy: compiled }).hash).toBe(compiledPolicy().hash);
    expect(loadPolicy({ policy: { ...compiled, url: "https://opa.example" } }).hash).toBe("remote opa.example");
  });

  it("has beside it the candidate that is named, and starts with none that isn't there", () => {
    const shadow = (named: { path: string } | { url: string }) =>
      loadPolicy({ policy: { ...compiled, shadow: named } });
    expect(shadow({ path: join(import.meta.dirname, "policy.wasm") })).toMatchObject({
      hash: compiledPolicy().hash,
      candidate: { hash: compiledPolicy().hash },
    });
    expect(shadow({ url: "https://opa.example" })).toMatchObject({ candidate: { hash: "remote opa.example" } });
    expect(() => shadow({ path: join(import.meta.dirname, "nowhere.wasm") })).toThrow("ENOENT");
  });
});
