import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { formatSignInLink, linkIdentity, parseSignInLink } from "./sign-in-link.js";

const secret = randomBytes(32);
const now = Date.parse("2026-11-21T08:00:00Z");
const good = { tenantId: "demo", role: "analyst", expiresAt: now / 1000 + 3600 } as const;

describe("a sign-in link", () => {
  it("comes back as it was made, and is short", () => {
    const text = formatSignInLink(secret, good);
    expect(parseSignInLink([secret], text, now)).toEqual(good);
    expect(text.length).toBeLessThan(50);
  });

  it("ends with its time", () => {
    const text = formatSignInLink(secret, good);
    expect(parseSignInLink([secret], text, now + 3_600_000)).toBeNull();
  });

  it("is worth nothing once a part of it is another", () => {
    const text = formatSignInLink(secret, good);
    const [tenant, role, expiry, signature] = text.split(".") as [string, string, string, string];
    const forged = [
      `other.${role}.${expiry}.${signature}`,
      `${tenant}.tenant-admin.${expiry}.${signature}`,
      `${tenant}.${role}.zzzzzzz.${signature}`,
      `${tenant}.${role}.${expiry}.${signature.slice(0, -2)}AA`,
      `${tenant}.${role}.${expiry}.`,
      `${text}.more`,
      "",
      "....",
    ];
    for (const link of forged) expect(parseSignInLink([secret], link, now), link).toBeNull();
    expect(parseSignInLink([randomBytes(32)], text, now)).toBeNull();
  });

  it("is still good when it was signed with the secret of before, and not with the one before that", () => {
    const text = formatSignInLink(secret, good);
    expect(parseSignInLink([randomBytes(32), secret], text, now)).toEqual(good);
    expect(parseSignInLink([randomBytes(32), randomBytes(32)], text, now)).toBeNull();
    expect(parseSignInLink([], text, now)).toBeNull();
  });

  it("names one principal for each role", () => {
    expect(linkIdentity(good, "local")).toEqual({
      actor: "link.analyst",
      name: "Analyst",
      tenantId: "demo",
      roles: ["analyst"],
      region: "local",
    });
    expect(linkIdentity({ tenantId: "demo", role: "tenant-admin" }, "local").name).toBe("Tenant admin");
  });
});
