import { expect, it } from "vitest";
import { Rest } from "./looks.js";

/** In how many turns out of so many it is tried, when each try ends like this. */
function tries(rest: Rest, turns: number, end: "failed" | "well"): number {
  let tried = 0;
  for (let turn = 0; turn < turns; turn++) {
    if (rest.sitsOut()) continue;
    tried++;
    rest[end]();
  }
  return tried;
}

it("what failed is tried in the next turn, then ever more seldom, and never given up", () => {
  const rest = new Rest();
  expect([rest.troubled, tries(rest, 1, "failed"), rest.troubled]).toEqual([false, 1, true]);
  expect(rest.sitsOut()).toBe(false);
  rest.failed();
  expect([rest.sitsOut(), rest.sitsOut()]).toEqual([true, false]);
  expect(tries(new Rest(), 1_000, "failed")).toBeLessThan(25);
  expect(tries(rest, 10_000, "failed")).toBeGreaterThan(150);
});

it("what is well again is tried in each turn", () => {
  const rest = new Rest();
  tries(rest, 100, "failed");
  while (rest.sitsOut()) continue;
  rest.well();
  expect([rest.troubled, tries(rest, 10, "well")]).toEqual([false, 10]);
});
