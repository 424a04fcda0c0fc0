import { CombinedError } from "urql";
import { expect, test } from "vitest";
import { problemOf } from "./problem.js";

const told = (extensions: Record<string, unknown>, message = "no") =>
  problemOf(new CombinedError({ graphQLErrors: [{ message, extensions }] }));

test("the server's codes decide what is explained", () => {
  expect(told({ code: "UNAUTHENTICATED" }).kind).toBe("signed-out");
  expect(told({ code: "NOT_FOUND" }).kind).toBe("not-found");
  expect(told({ code: "RATE_LIMITED" }).kind).toBe("busy");
  expect(told({ code: "TIMEOUT" }).kind).toBe("timeout");
  expect(told({ code: "UNAVAILABLE" }).kind).toBe("unavailable");
  expect(told({ code: "SOMETHING_NEW" }).kind).toBe("failed");
  expect(told({}).kind).toBe("failed");
});

test("bad input names its field, and a failure its reference", () => {
  expect(told({ code: "BAD_INPUT", field: "depth" }, "1 to 12")).toEqual({
    kind: "bad-input",
    message: "1 to 12",
    field: "depth",
  });
  expect(told({ code: "INTERNAL", correlationId: "c-1" })).toEqual({
    kind: "failed",
    message: "no",
    correlationId: "c-1",
  });
});

test("no answer at all is told apart from a slow one and from one that isn't ours", () => {
  expect(problemOf(new CombinedError({ networkError: new TypeError("Failed to fetch") })).kind).toBe("unreachable");
  expect(problemOf(new CombinedError({ networkError: new DOMException("", "TimeoutError") })).kind).toBe("timeout");
  const response = { status: 502 };
  expect(problemOf(new CombinedError({ networkError: new Error("x"), response })).kind).toBe("unavailable");
});
