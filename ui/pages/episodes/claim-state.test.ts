import { expect, it } from "vitest";
import { claimState } from "./claim-state.js";

const NOW = "2026-11-22T00:00:00.000Z";
const sound = { status: "STATED", recheckBy: null, risks: [], supportingFacts: 2 } as const;
const words = (given: object) => claimState({ ...sound, ...given }, NOW).map(({ text }) => text);

it("a claim that nothing is known against is supported", () => {
  expect(words({})).toEqual(["Supported"]);
  expect(words({ recheckBy: "2026-11-23T00:00:00.000Z" })).toEqual(["Supported"]);
});

it("tells what makes it weak, each once", () => {
  expect(words({ risks: [{ kind: "SINGLE_SOURCE" }, { kind: "UNQUOTED" }] })).toEqual(["Single source", "No quote"]);
  expect(words({ status: "NEEDS_RECHECK", risks: [{ kind: "STALE" }] })).toEqual(["Needs recheck"]);
  expect(words({ status: "WRONG", risks: [{ kind: "RETRACTED" }] })).toEqual(["Wrong"]);
});

it("what is past its shelf life isn't thereby wrong, and says so by the instant that is looked at", () => {
  const due = { status: "NEEDS_RECHECK", recheckBy: "2026-11-21T00:00:00.000Z", risks: [{ kind: "STALE" }] };
  expect(words(due)).toEqual(["Past its shelf life"]);
  expect(claimState({ ...sound, recheckBy: due.recheckBy }, "2026-11-20T00:00:00.000Z")[0]?.text).toBe("Supported");
});
