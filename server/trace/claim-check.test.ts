import { describe, expect, it } from "vitest";
import { checkClaim, coefficientCount, REASONS } from "./claim-check.js";
import { checkRow } from "./claim-file.js";
import { COEFFICIENTS } from "./coefficients.js";
import { FEATURES } from "./features.js";
import { VERDICTS } from "./model.js";
import { passageOf } from "./passage.js";

const check = (claim: string, evidence: string, title = "Bridge of Basel") => checkClaim({ claim, evidence, title });

describe("a claim check", () => {
  const claim = "The bridge of Basel has more than 50 arches.";
  it("tells what supports, what refutes and what says too little, and ranks them", () => {
    const supports = check(claim, "The bridge of Basel has 53 arches.");
    const refutes = check(claim, "The bridge of Basel has 41 arches.");
    const neither = check(claim, "Nobody knows who built the town hall.", "A town");
    expect([supports.verdict, refutes.verdict, neither.verdict]).toEqual(["SUPPORTS", "REFUTES", "NEI"]);
    expect(supports.rank).toBeGreaterThan(refutes.rank);
    expect(supports.rank).toBeGreaterThan(neither.rank);
    expect(supports.reasons).toEqual(["WORDS_FOUND", "NUMBER_HOLDS"]);
    expect(refutes.reasons).toContain("NUMBER_DIFFERS");
    expect(neither.reasons).toEqual(expect.arrayContaining(["LOW_OVERLAP", "NUMBER_MISSING"]));
  });

  it("gives the same answer for the same input, with a finite rank and at least one known reason", () => {
    for (const evidence of ["", "?", "9".repeat(400), "x ".repeat(5_000), "Die Brücke hat 53 Bögen.", "\uD800"]) {
      const one = check(claim, evidence);
      expect(check(claim, evidence)).toEqual(one);
      expect(Number.isFinite(one.rank)).toBe(true);
      expect(VERDICTS).toContain(one.verdict);
      expect(one.reasons.length).toBeGreaterThan(0);
      for (const reason of one.reasons) expect(Object.keys(REASONS)).toContain(reason);
    }
  });

  it("finds in a long text the passage that bears on the claim", () => {
    const noise = "Nothing of note is said about it here, and 12 people agree. ".repeat(60);
    const text = `${noise}The bridge of Basel has 53 arches. ${noise}`;
    expect(passageOf(claim, text)).toContain("53 arches");
    expect(passageOf(claim, text).length).toBeLessThan(400);
    expect(check(claim, text).verdict).toBe("SUPPORTS");
    expect(check(claim, text.replace("53", "41")).verdict).toBe("REFUTES");
  });

  it("stands on at most 100 fitted numbers, one pair for each feature", () => {
    expect(coefficientCount()).toBeLessThanOrEqual(100);
    expect(Object.keys(COEFFICIENTS).sort()).toEqual(["bias", ...FEATURES].sort());
    expect(Object.values(COEFFICIENTS).flat().every(Number.isFinite)).toBe(true);
  });
});

describe("a row of a file", () => {
  const row = { id: "r1", claim: "It has 53 arches.", evidence: "It has 53 arches.", source_title: "Bridge" };
  const read = (value: unknown) => checkRow(JSON.stringify(value), 7);

  it("is answered alike whatever its label says, or none", () => {
    const none = read(row);
    expect(none).toMatchObject({ id: "r1", check: { verdict: expect.any(String) } });
    for (const label of ["SUPPORTS", "REFUTES", "NEI", "", null, 5, {}]) expect(read({ ...row, label })).toEqual(none);
  });

  it("is known by its line without an id, and may lack a title", () => {
    expect(read({ ...row, id: undefined })).toMatchObject({ id: "7" });
    expect(read({ ...row, id: 12 })).toMatchObject({ id: "12" });
    expect(read({ ...row, source_title: undefined })).toHaveProperty("check");
    expect(read({ ...row, evidence: "It has\u0000 53\uD83D arches.\u0085" })).toHaveProperty("check");
  });

  it("that is broken names the field and what is wrong with it", () => {
    const told = (value: unknown) => {
      const answer = read(value);
      return "problems" in answer ? answer.problems.map(({ path, message }) => `${path} ${message}`) : [];
    };
    expect(told({ ...row, claim: undefined })).toEqual(["claim is missing"]);
    expect(told({ ...row, claim: 5 })).toEqual(["claim must be text"]);
    expect(told({ ...row, claim: " ?! " })).toEqual(["claim must have a word or a number"]);
    expect(told({ ...row, claim: "x".repeat(2_001) })).toEqual(["claim must be at most 2000 characters"]);
    expect(told({ ...row, evidence: " " })).toEqual(["evidence must not be empty"]);
    expect(told([])).toEqual([" The line is no JSON object."]);
    expect(checkRow("{", 1)).toMatchObject({ problems: [{ message: "The line is no JSON." }] });
  });
});
