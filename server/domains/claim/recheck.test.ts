import { describe, expect, it } from "vitest";
import { recheckOf } from "./recheck.service.js";

const none = { recheckReason: null, recheckSince: null };

describe("a recheck of one claim", () => {
  it("says why and since when", () => {
    expect(recheckOf({ status: "STATED", ...none }, "its  words\nchanged", 7)).toEqual({
      ...{ status: "NEEDS_RECHECK", recheckReason: "its words changed", recheckSince: 7 },
    });
  });

  it("adds its reason to those that stand, says none twice, and keeps the first instant", () => {
    const claim = { status: "NEEDS_RECHECK", recheckReason: "its source fell", recheckSince: 3 } as const;
    const both = recheckOf(claim, "its words changed", 7);
    expect(both).toEqual({ ...claim, recheckReason: "its source fell\nits words changed" });
    expect(recheckOf({ ...claim, ...both }, "its words changed", 9)).toEqual({});
    const full = { ...claim, recheckReason: "x".repeat(3_990) };
    expect(recheckOf(full, "its words changed", 7).recheckReason).toBe("its words changed");
  });

  it("leaves what is wrong", () => {
    expect(recheckOf({ status: "WRONG", ...none }, "its words changed", 7)).toEqual({});
  });
});
