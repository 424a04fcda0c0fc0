import { expect, it } from "vitest";
import { changedConfig, configChange, configFrom, configText, NO_CONFIG } from "./channel-config.js";

it("a change keeps what it doesn't name, takes a part whole, and counts up", () => {
  const one = changedConfig(NO_CONFIG, configChange.parse({ goals: { uploadsPerWeek: 2 }, phase: 1 }))!;
  expect(one).toEqual({ ...NO_CONFIG, version: 1, phase: 1, goals: { ...NO_CONFIG.goals, uploadsPerWeek: 2 } });
  const money = { monthlyRevenue: 500, currency: "EUR" };
  const two = changedConfig(one, configChange.parse({ goals: money }))!;
  expect([two.version, two.phase, two.goals]).toEqual([2, 1, { ...money, uploadsPerWeek: null }]);
  expect(configFrom(configText(two))).toEqual(two);
});

it("the same again is no change, in whatever order it is said", () => {
  const one = changedConfig(NO_CONFIG, configChange.parse({ budgets: { runUsd: 1, monthUsd: 9 } }))!;
  expect(changedConfig(one, configChange.parse({ budgets: { monthUsd: 9, runUsd: 1, runTokens: null } }))).toBeNull();
  expect(changedConfig(NO_CONFIG, {})).toBeNull();
});

it.each([
  [{ budgets: { runUsd: -1 } }, "budgets.runUsd"],
  [{ budgets: { tokens: 1 } }, "budgets"],
  [{ qa: { banned: ["!!"] } }, "qa.banned.0"],
  [{ prompts: ["a", "b", "c", "d", "e"] }, "prompts"],
  [{ metadata: { title: "Always the same" } }, "metadata.title"],
  [{ calendar: { timeZone: "UTC", slots: [{ weekday: 8, time: "09:00" }] } }, "calendar.slots.0.weekday"],
  [{ phase: 1.5 }, "phase"],
])("%j is refused at %s", (change, path) => {
  const parsed = configChange.safeParse(change);
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});
