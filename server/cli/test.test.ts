import { describe, expect, it } from "vitest";
import { tally } from "./test.js";

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((state) => ({ status: state })),
});

describe("the tally of a test run", () => {
  it("counts tests of all files", () => {
    const report = {
      success: true,
      testResults: [file("passed", "passed", "passed", "pending"), file("passed", "todo", "skipped", "passed")],
    };
    expect(tally(report, 0)).toEqual({ passed: 3, failed: 0, skipped: 3, success: true });
  });

  it("counts a file that couldn't be loaded as one that failed", () => {
    const report = { success: false, testResults: [file("failed"), file("failed", "passed", "failed")] };
    expect(tally(report, 1)).toEqual({ passed: 1, failed: 2, skipped: 0, success: false });
  });

  it("is no success when vitest says otherwise, whatever the counts", () => {
    expect(tally({ success: true, testResults: [file("passed", "passed")] }, 1).success).toBe(false);
    expect(tally({ success: false, testResults: [file("passed", "passed")] }, 0).success).toBe(false);
  });
});
