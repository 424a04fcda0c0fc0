import { expect, test } from "vitest";
import { reasonOf } from "./reason.js";

test("a link that didn't work says so and what to do, a plain visit says nothing", () => {
  expect(reasonOf("link")?.title).toContain("doesn't work");
  expect(reasonOf("expired")?.title).toContain("has expired");
  expect(reasonOf("anything else")?.tone).toBe("warn");
  expect(reasonOf("sign-out")?.title).toBe("You are signed out.");
  expect(reasonOf(null)).toBeNull();
});
