import { expect, it } from "vitest";
import { compareSemver, followers, semver } from "./semver.js";

it("versions are compared by their numbers", () => {
  const sorted = ["1.10.0", "0.9.9", "2.0.0", "1.9.0", "1.9.10", "1.9.2"].sort(compareSemver);
  expect(sorted).toEqual(["0.9.9", "1.9.0", "1.9.2", "1.9.10", "1.10.0", "2.0.0"]);
  expect(compareSemver("1.2.3", "1.2.3")).toBe(0);
  expect(followers("1.2.3")).toEqual(["1.2.4", "1.3.0", "2.0.0"]);
});

it.each(["1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.3-beta", "", "1.2.x"])("%s is no version", (text) => {
  expect(semver.safeParse(text).success).toBe(false);
});
