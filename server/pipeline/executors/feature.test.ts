import { describe, expect, it } from "vitest";
import { judgeFeature } from "./feature.js";

const HELD = ["Topic:1", "Claim:2"];

const judge = (asked: string[], about: string[], absent: string[] = [], accepted = true) => {
  const change = { title: "A change", summary: "All of it.", accepted };
  const { verdict, findings } = judgeFeature(
    { spec: { ...change, about: asked }, built: { ...change, about } },
    new Set(absent),
  );
  return [verdict, ...findings.map(({ code, at }) => `${code} ${at}`)];
};

describe("the check of a feature", () => {
  it("passes what is done, and about what it was asked for", () => {
    expect(judge(HELD, [...HELD, "Source:3"])).toEqual(["PASS"]);
    expect(judge([], [])).toEqual(["PASS"]);
    expect(judge(HELD, ["Topic:1"], [], false)).toEqual(["REPAIR", "NOT_ACCEPTED build", "NOT_ABOUT Claim:2"]);
  });

  it("sends back what is said to be about nothing that is there, by its place", () => {
    const about = [...HELD, "Topic:gone", "nothing"];
    expect(judge(HELD, about, ["nothing", "Topic:gone"])).toEqual([
      "REPAIR",
      "NOT_FOUND build.about.2",
      "NOT_FOUND build.about.3",
    ]);
  });

  it("blocks what was asked for nothing that is there: whoever makes it can't mend that", () => {
    expect(judge(["Topic:gone"], ["Topic:gone"], ["Topic:gone"])).toEqual([
      "BLOCK",
      "NOT_FOUND spec.about.0",
      "NOT_FOUND build.about.0",
    ]);
  });
});
