import { isDeepStrictEqual } from "node:util";
import { errorMessage } from "../errors.js";
import type { Policy, PolicyDecision, PolicyInput } from "./decision.js";
import { shadowCount } from "./metrics.js";
import type { PolicyLog } from "./wasm.js";

/** Candidates that are slow are asked about fewer decisions, never waited for. */
const MAX_WAITING = 64;

/** A policy in force with a candidate beside it, which is asked the same and whose answer counts for nothing. */
export interface ShadowedPolicy extends Policy {
  readonly inForce: Policy;
  readonly candidate: Policy;
}

export const isShadowed = (policy: Policy): policy is ShadowedPolicy => "candidate" in policy;

export function shadowedPolicy(inForce: Policy, candidate: Policy, log?: PolicyLog): ShadowedPolicy {
  let waiting = 0;

  async function compare(input: PolicyInput, deciding: PolicyDecision | Promise<PolicyDecision>): Promise<void> {
    if (waiting >= MAX_WAITING) return shadowCount.inc({ verdict: "skipped" });
    waiting++;
    try {
      const decided = await deciding;
      const other = await candidate.decide(input);
      if (other.denied.includes("policy-unavailable")) return shadowCount.inc({ verdict: "failed" });
      const same = isDeepStrictEqual(decided, other);
      shadowCount.inc({ verdict: same ? "same" : "different" });
      if (!same)
        log?.warn(
          { policy: inForce.hash, candidate: candidate.hash, decided, other, input },
          "the candidate policy would have decided otherwise",
        );
    } catch (error) {
      shadowCount.inc({ verdict: "failed" });
      log?.warn({ reason: errorMessage(error), candidate: candidate.hash }, "the candidate policy failed");
    } finally {
      waiting--;
    }
  }

  return {
    hash: inForce.hash,
    inForce,
    candidate,
    decide(input) {
      const decided = inForce.decide(input);
      void compare(input, decided);
      return decided;
    },
  };
}
