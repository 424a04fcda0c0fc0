import { expect, test } from "vitest";
import { independentSources } from "./independence.js";

const fact = (group: string | null) => ({
  fact: { snapshot: group === null ? null : { source: { id: `Source:${group}`, independenceGroup: group } } },
});

test("sources of one group count once, and facts without a source for none", () => {
  expect(independentSources([fact("wire"), fact("wire"), fact("lab"), fact(null)])).toBe(2);
  expect(independentSources([])).toBe(0);
});
