import { expect, it } from "vitest";
import { NO_CONFIG } from "../../../domains/channel/channel-config.js";
import type { RunPins } from "../../../domains/channel/pins.js";
import { NO_RULES } from "../../../domains/spec/qa-rules.js";
import { limitsOf } from "./checked-answer.js";
import { DATA, promptOf, PROMPTS } from "./prompts.js";

const pins = (more: Partial<RunPins>): RunPins => ({
  channel_id: "Channel:X",
  config_version: 1,
  template: null,
  qa: { ref: null, spec_id: null, rules: NO_RULES },
  prompts: [],
  kpi_targets: NO_CONFIG.kpiTargets,
  budgets: NO_CONFIG.budgets,
  ...more,
});

it("a run's limits are the lower ones of its installation's and its channel's", () => {
  const house = { tokens: 1_000, cost_usd: 2 };
  expect(limitsOf(house, null)).toEqual(house);
  expect(limitsOf(house, pins({}))).toEqual(house);
  const of = (runTokens: number, runUsd: number) =>
    limitsOf(house, pins({ budgets: { runTokens, runUsd, monthUsd: null } }));
  expect(of(10, 0)).toEqual({ tokens: 10, cost_usd: 0 });
  expect(of(5_000, 50)).toEqual(house);
});

it("a model is asked what the run has pinned, and pages stay data whatever that says", () => {
  const prompt = (spec_id: string | null) => ({
    ref: "a@1.0.0",
    spec_id,
    stage: "scenes" as const,
    text: "Write scenes.",
  });
  expect(promptOf({ pins: null }, "scenes")).toBe(PROMPTS.scenes);
  expect(promptOf({ pins: pins({ prompts: [prompt(null)] }) }, "scenes")).toBe("Write scenes.");
  expect(promptOf({ pins: pins({ prompts: [prompt("SpecVersion:X")] }) }, "scenes")).toBe(`Write scenes.\n\n${DATA}`);
  expect(promptOf({ pins: pins({ prompts: [prompt("SpecVersion:X")] }) }, "script")).toBe(PROMPTS.script);
});
