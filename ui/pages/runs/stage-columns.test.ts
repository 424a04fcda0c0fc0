import { describe, expect, it } from "vitest";
import { duration, stageColumns, standingTry } from "./stage-columns.js";

const stage = (name: string, ...needs: string[]) => ({ name, needs });
const tried = (name: string, attempt: number, superseded = false) => ({ stage: name, attempt, superseded });

describe("the stages of a flow", () => {
  it("stand behind what they need, however the flow lists them", () => {
    const stages = [stage("qa", "scenes", "script"), stage("plan"), stage("script", "scenes"), stage("scenes", "plan")];
    expect(stageColumns(stages)).toEqual([["plan"], ["scenes"], ["script"], ["qa"]]);
    expect(stageColumns([stage("a"), stage("b"), stage("c", "a", "b")])).toEqual([["a", "b"], ["c"]]);
  });

  it("are followed by those that only a run knows", () => {
    expect(stageColumns([stage("a")], [tried("old", 1), tried("old", 2), tried("a", 1)])).toEqual([["a"], ["old"]]);
    expect(stageColumns([], [])).toEqual([]);
  });

  it("have places even in a circle, and with needs that aren't there", () => {
    expect(
      stageColumns([stage("a", "b"), stage("b", "a"), stage("c", "gone")])
        .flat()
        .toSorted(),
    ).toEqual(["a", "b", "c"]);
  });
});

it("a stage stands as its last try does", () => {
  const tries = [tried("qa", 1, true), tried("qa", 2), tried("plan", 3)];
  expect(standingTry("qa", tries)).toBe(tries[1]);
  expect(standingTry("ops", tries)).toBeNull();
});

it.each([
  [12.4, "12 ms"],
  [1_500, "1.5 s"],
  [61_000, "1 min 1 s"],
  [3_660_000, "1 h 1 min"],
])("%d ms is %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
