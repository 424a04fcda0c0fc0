import { expect, test } from "vitest";
import { formatLabels, parseLabels } from "./labels.js";

test("labels are read back as they were written, unknown words left out", () => {
  expect(parseLabels(formatLabels(["CLAIM", "SOURCE"]))).toEqual(["CLAIM", "SOURCE"]);
  expect(parseLabels("claim,unicorn")).toEqual(["CLAIM"]);
  expect(parseLabels(null)).toEqual([]);
  expect(parseLabels("")).toEqual([]);
});
