import { describe, expect, it } from "vitest";
import { EXIT } from "./exit.js";
import { refused } from "./refused.js";
import { parseRoles } from "./token.js";

describe("the roles of a token", () => {
  it("are taken in their own order, each once", () => {
    expect(parseRoles("analyst, editor,analyst")).toEqual(["editor", "analyst"]);
  });

  it("are refused by name when there is no such role", () => {
    expect(() => parseRoles("editor,boss")).toThrow(/Unknown: "boss"\. Roles are platform-admin, /);
    expect(() => parseRoles("")).toThrow(/Unknown: ""/);
  });
});

describe("what the write path refused", () => {
  const exitCode = (code: string): number => refused([{ code, message: "m", path: "" }]).exitCode;

  it("is a conflict, a refusal by governance, bad usage or a failure for the shell", () => {
    expect(["CONFLICT", "OPERATION_ID_REUSED"].map(exitCode)).toEqual([EXIT.conflict, EXIT.conflict]);
    expect(["FORBIDDEN", "TENANT_SUSPENDED", "RESIDENCY"].map(exitCode)).toEqual(Array(3).fill(EXIT.refused));
    expect(["BAD_INPUT", "NOT_FOUND"].map(exitCode)).toEqual([EXIT.usage, EXIT.failed]);
  });

  it("names the field of each problem", () => {
    const problems = [
      { code: "BAD_INPUT", message: "is too long", path: "name" },
      { code: "BAD_INPUT", message: "is missing", path: "" },
    ];
    expect(refused(problems).message).toBe("name: is too long\nis missing");
  });
});
