import { Counter } from "prom-client";

/** Decisions that no engine could make: each is a denial. */
export const unavailableCount = new Counter({
  name: "throughline_policy_unavailable_total",
  help: "Decisions denied because the policy engine failed or didn't answer in time",
  registers: [],
});

/** What the policy in the shadow would have said. */
export const shadowCount = new Counter({
  name: "throughline_policy_shadow_total",
  help: "Decisions that a candidate policy made beside the one in force: same, different, failed or skipped",
  labelNames: ["verdict"] as const,
  registers: [],
});

/** One process has one policy, so these count for all of it. */
export const POLICY_METRICS = [unavailableCount, shadowCount] as const;
