import { createCipheriv } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { folderSecrets } from "../secrets/folder.js";
import { REREAD_MS } from "../secrets/rotating.js";
import { closedVault, createVault, openVault } from "./vault.js";

const [OLD, NEW, OTHER] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const vault = createVault(OLD);
const notHere = "sealed with a key that isn't here";

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
    expect(() => createVault(NEW).open(sealed, "acme/1")).toThrow(notHere);
    const [version, ...parts] = sealed.split(".");
    for (const [i, part] of parts.entries()) {
      const bytes = Buffer.from(part, "base64url");
      bytes[0]! ^= 1;
      const changed = [version, ...parts.with(i, bytes.toString("base64url"))].join(".");
      const why = i === 0 ? notHere : "unable to authenticate";
      expect(() => vault.open(changed, "acme/1"), `part ${i}`).toThrow(why);
    }
    for (const none of [
      "",
      "v1",
      "v2",
      "v1" + sealed.slice(2),
      "v3" + sealed.slice(2),
      `v2.${parts[0]}.${parts[1]}.AAAA`,
    ])
      expect(() => vault.open(none, "acme/1"), none).toThrow("isn't sealed");
    // Under the name of another key it is no more that key's than it was.
    const renamed = createVault(NEW).mark + sealed.slice(vault.mark.length);
    expect(() => createVault(OLD, NEW).open(renamed, "acme/1")).toThrow("unable to authenticate");
  });

  it("names its key: after a rotation the key of before opens it, and neither it nor another seals as it did", () => {
    const sealed = vault.seal("whsec_canary", "acme/1");
    const rotated = createVault(NEW, OLD);
    expect(rotated.open(sealed, "acme/1")).toBe("whsec_canary");
    expect(() => rotated.open(sealed, "acme/2")).toThrow("unable to authenticate");
    expect(sealed.startsWith(vault.mark)).toBe(true);
    expect(sealed.startsWith(rotated.mark)).toBe(false);
    const anew = rotated.seal("whsec_canary", "acme/1");
    expect(anew.startsWith(createVault(NEW).mark)).toBe(true);
    expect(createVault(NEW).open(anew, "acme/1")).toBe("whsec_canary");
    expect(() => vault.open(anew, "acme/1")).toThrow(notHere);
    expect(() => createVault(OTHER, NEW).open(sealed, "acme/1")).toThrow(notHere);
    // The name says nothing of the key.
    expect(vault.mark).not.toContain(OLD.toString("base64url").slice(0, 6));
  });

  it("opens as it was sealed before keys had names, with the present key or the one before", () => {
    const cipher = createCipheriv("aes-256-gcm", OLD, Buffer.alloc(12, 9)).setAAD(Buffer.from("acme/1"));
    const text = Buffer.concat([cipher.update("whsec_canary", "utf8"), cipher.final()]);
    const parts = [Buffer.alloc(12, 9), cipher.getAuthTag(), text].map((part) => part.toString("base64url"));
    const sealed = ["v1", ...parts].join(".");
    for (const one of [vault, createVault(NEW, OLD)]) expect(one.open(sealed, "acme/1")).toBe("whsec_canary");
    expect(() => createVault(NEW, OTHER).open(sealed, "acme/1")).toThrow("unable to authenticate");
    expect(sealed.startsWith(vault.mark)).toBe(false);
  });

  it("is told apart by its fingerprint, which only this key makes of it", () => {
    const print = vault.fingerprint("whsec_canary", "acme/1");
    expect(print).toMatch(/^[\w-]{43}$/);
    expect(vault.fingerprint("whsec_canary", "acme/1")).toBe(print);
    const others = [
      vault.fingerprint("whsec_canary", "acme/2"),
      vault.fingerprint("whsec_canarY", "acme/1"),
      createVault(NEW, OLD).fingerprint("whsec_canary", "acme/1"),
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
  let home: string;
  const key = (name: string) => join(home, "keys", name);
  const later = () => vi.setSystemTime(Date.now() + REREAD_MS);
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    home = await mkdtemp(join(tmpdir(), "throughline-vault-"));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await rm(home, { recursive: true, force: true });
  });

  it("has one key, made on first use and its owner's alone", async () => {
    const [first, second] = await Promise.all([openVault({ home }), openVault({ home })]);
    const sealed = (await first.current()).seal("x", "acme/1");
    expect((await second.current()).open(sealed, "acme/1")).toBe("x");
    expect((await stat(key("webhook.key"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, "keys"))).mode & 0o777).toBe(0o700);
  });

  it("is rotated without a restart: what the old key sealed opens until its file is gone", async () => {
    let rotations = 0;
    const vaults = await openVault({ home, changed: () => rotations++ });
    const sealed = (await vaults.current()).seal("x", "acme/1");
    await rename(key("webhook.key"), key("webhook.previous.key"));
    later();
    const rotated = await vaults.current();
    expect(rotated.open(sealed, "acme/1")).toBe("x");
    expect(sealed.startsWith(rotated.mark)).toBe(false);
    await rm(key("webhook.previous.key"));
    later();
    const after = await vaults.current();
    expect(() => after.open(sealed, "acme/1")).toThrow(notHere);
    expect(after.open(rotated.seal("y", "acme/1"), "acme/1")).toBe("y");
    expect(rotations).toBe(2);
  });

  it("takes a provider's key before its own, and goes on with the one it has when a new one is none", async () => {
    const mounted = join(home, "mounted");
    await mkdir(mounted);
    await writeFile(join(mounted, "webhook.key"), `${NEW.toString("hex")}\n`);
    const failures: string[] = [];
    const failed = (error: unknown) => void failures.push(String(error));
    const vaults = await openVault({ home, secrets: folderSecrets(mounted), failed });
    expect((await vaults.current()).mark).toBe(createVault(NEW).mark);
    await expect(readFile(key("webhook.key"))).rejects.toThrow("ENOENT");
    const cut = OTHER.toString("hex").slice(2);
    for (const [name, wrong] of [
      ["webhook.key", cut],
      ["webhook.key", "x".repeat(64)],
      ["webhook.previous.key", cut],
    ] as const) {
      await writeFile(join(mounted, "webhook.key"), NEW.toString("hex"));
      await writeFile(join(mounted, name), wrong);
      later();
      expect((await vaults.current()).mark).toBe(createVault(NEW).mark);
      expect(failures.splice(0)).toEqual([`Error: ${name} isn't 32 bytes in hexadecimal`]);
    }
  });
});
