import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { closedVault, createVault, loadOrCreateVault } from "./vault.js";

const vault = createVault(Buffer.alloc(32, 1));

describe("a sealed secret", () => {
  it("opens for its owner, says nothing, and is never the same twice", () => {
    const sealed = vault.seal("whsec_canary", "acme/1");
    expect(vault.open(sealed, "acme/1")).toBe("whsec_canary");
    expect(sealed).not.toContain("canary");
    expect(vault.seal("whsec_canary", "acme/1")).not.toBe(sealed);
  });

  it("opens for nobody else: another webhook, another tenant, another key, another byte", () => {
    const sealed = vault.seal("whsec_canary", "acme/1");
    expect(() => vault.open(sealed, "acme/2")).toThrow("unable to authenticate");
    expect(() => vault.open(sealed, "acm/e1")).toThrow("unable to authenticate");
    expect(() => createVault(Buffer.alloc(32, 2)).open(sealed, "acme/1")).toThrow("unable to authenticate");
    const [version, ...parts] = sealed.split(".");
    for (const [i, part] of parts.entries()) {
      const bytes = Buffer.from(part, "base64url");
      bytes[0]! ^= 1;
      const changed = [version, ...parts.with(i, bytes.toString("base64url"))].join(".");
      expect(() => vault.open(changed, "acme/1"), `part ${i}`).toThrow("unable to authenticate");
    }
    for (const none of ["", "v1", "v2" + sealed.slice(2), `${version}.${parts[0]}.AAAA.${parts[2]}`])
      expect(() => vault.open(none, "acme/1"), none).toThrow("isn't sealed");
  });

  it("is told apart by its fingerprint, which only this key makes of it", () => {
    const print = vault.fingerprint("whsec_canary", "acme/1");
    expect(print).toMatch(/^[\w-]{43}$/);
    expect(vault.fingerprint("whsec_canary", "acme/1")).toBe(print);
    const others = [
      vault.fingerprint("whsec_canary", "acme/2"),
      vault.fingerprint("whsec_canarY", "acme/1"),
      createVault(Buffer.alloc(32, 2)).fingerprint("whsec_canary", "acme/1"),
    ];
    expect(new Set([print, ...others]).size).toBe(4);
  });

  it("needs a key: without one there is nothing to be had", () => {
    expect(() => closedVault.seal("whsec_canary", "acme/1")).toThrow("no key");
    expect(() => closedVault.open("", "")).toThrow("no key");
    expect(() => closedVault.fingerprint("whsec_canary", "acme/1")).toThrow("no key");
  });
});

describe("the vault of a home", () => {
  it("has one key, made on first use and its owner's alone", async () => {
    const home = await mkdtemp(join(tmpdir(), "throughline-vault-"));
    try {
      const [first, second] = await Promise.all([loadOrCreateVault(home), loadOrCreateVault(home)]);
      expect(second.open(first.seal("x", "acme/1"), "acme/1")).toBe("x");
      expect((await stat(join(home, "keys", "webhook.key"))).mode & 0o777).toBe(0o600);
      expect((await stat(join(home, "keys"))).mode & 0o777).toBe(0o700);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});
