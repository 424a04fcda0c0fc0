import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { formatBookmark, parseBookmark } from "./bookmark.js";

const secret = randomBytes(32);
const bookmark = { tenantId: "demo", bookmarks: ["FB:kcwQ1"], at: 1_700_000_000_000 };
const sealed = (payload: string): string =>
  `${payload}.${createHmac("sha256", secret).update(payload).digest("base64url")}`;
const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

describe("bookmark", () => {
  it("comes back as it was given out", () => {
    expect(parseBookmark([secret], "demo", formatBookmark(secret, bookmark))).toEqual(bookmark);
  });

  it("is ignored for another tenant", () => {
    expect(parseBookmark([secret], "other", formatBookmark(secret, bookmark))).toBeNull();
  });

  it("is ignored under another secret", () => {
    expect(parseBookmark([randomBytes(32)], "demo", formatBookmark(secret, bookmark))).toBeNull();
  });

  it("is still taken under the secret of before a rotation", () => {
    expect(parseBookmark([randomBytes(32), secret], "demo", formatBookmark(secret, bookmark))).toEqual(bookmark);
  });

  it("is ignored with anything changed", () => {
    const text = formatBookmark(secret, bookmark);
    const [payload = "", signature] = text.split(".");
    expect(parseBookmark([secret], "demo", `${encode({ t: "demo", b: ["FB:other"], a: 1 })}.${signature}`)).toBeNull();
    expect(parseBookmark([secret], "demo", `${payload}.${Buffer.alloc(32).toString("base64url")}`)).toBeNull();
    expect(parseBookmark([secret], "demo", payload)).toBeNull();
    expect(parseBookmark([secret], "demo", `${payload}.`)).toBeNull();
  });

  it.each(["", ".", "a.b", "FB:kcwQ1", "💥", "x".repeat(10_000)])("is nothing in %j", (text) => {
    expect(parseBookmark([secret], "demo", text)).toBeNull();
  });

  it("is of its shape even when the seal is right", () => {
    expect(parseBookmark([secret], "demo", sealed(encode({ t: "demo", b: [], a: 1 })))).not.toBeNull();
    expect(parseBookmark([secret], "demo", sealed(encode({ t: "demo", b: "FB:x", a: 1 })))).toBeNull();
    expect(parseBookmark([secret], "demo", sealed(encode({ t: "demo", b: [], a: 1.5 })))).toBeNull();
  });
});
