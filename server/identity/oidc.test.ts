import { describe, expect, it } from "vitest";
import { signedIn } from "./oidc.js";

const byEmail = { principalClaim: "email", tenantClaim: null };
const ana = { sub: "248289", email: "Ana@Studio.example", email_verified: true };

describe("what a provider says of somebody", () => {
  it("names the principal by a checked address, whatever its case", () => {
    expect(signedIn(byEmail, ana, "demo")).toEqual({ key: "ana@studio.example", tenantId: "demo" });
    for (const email_verified of [false, undefined, "true", 1])
      expect(signedIn(byEmail, { ...ana, email_verified }, "demo")).toBeNull();
  });

  it("names it by another claim as it stands", () => {
    expect(signedIn({ ...byEmail, principalClaim: "sub" }, { sub: "aBc" }, "demo")?.key).toBe("aBc");
    for (const sub of [undefined, null, "", 7, ["a"], { a: "b" }])
      expect(signedIn({ ...byEmail, principalClaim: "sub" }, { sub }, "demo")).toBeNull();
  });

  it("leaves the tenant to the sign-in where no claim names it", () => {
    expect(signedIn(byEmail, { ...ana, tenant: "other" }, "demo")?.tenantId).toBe("demo");
    expect(signedIn(byEmail, ana, null)).toBeNull();
  });

  it.each([
    ["demo", null, "demo"],
    ["demo", "demo", "demo"],
    ["demo", "other", null],
    [["demo", "other"], "other", "other"],
    [["demo", "other"], null, null],
    [["demo"], null, "demo"],
    [["demo"], "other", null],
    [[], null, null],
    [undefined, "demo", null],
    ["Demo", null, null],
    [{ id: "demo" }, "demo", null],
    [7, null, null],
  ])("with the claim %j and %j asked for, it is %j", (tenant, asked, expected) => {
    const found = signedIn({ ...byEmail, tenantClaim: "tenant" }, { ...ana, tenant }, asked);
    expect(found?.tenantId ?? null).toBe(expected);
  });
});
