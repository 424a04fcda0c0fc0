import { expect, it } from "vitest";
import { FIRST_WEIGHTS, listOf, weightsOf } from "./topic-weights.js";

it("a channel's weights are its own as far as it has some, and those that come along beyond", () => {
  expect(weightsOf(null)).toEqual(FIRST_WEIGHTS);
  expect(weightsOf([0, 5])).toEqual({ ...FIRST_WEIGHTS, FACTS_HELD: 0, SOURCES_HELD: 5 });
  expect(weightsOf(listOf({ ...FIRST_WEIGHTS, RPM: 7 }))).toEqual({ ...FIRST_WEIGHTS, RPM: 7 });
});
