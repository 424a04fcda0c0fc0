import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadOrCreateKeys } from "./keys.js";

describe("keys", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-keys-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it("are made once and found again", async () => {
    const first = await loadOrCreateKeys(home);
    const second = await loadOrCreateKeys(home);
    expect(await exportJWK(second.publicKey)).toEqual(await exportJWK(first.publicKey));
    expect(second.bookmarkSecret).toEqual(first.bookmarkSecret);
    expect(second.linkSecret).toEqual(first.linkSecret);
    expect(first.bookmarkSecret).toHaveLength(32);
    expect(first.linkSecret).toHaveLength(32);
    expect(first.linkSecret).not.toEqual(first.bookmarkSecret);
  });

  it("are the same for everyone who makes them at once, and leave nothing else behind", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKeys(home)));
    const { x } = JSON.parse(await readFile(join(home, "keys", "token.jwk"), "utf8")) as { x: string };
    for (const keys of all) {
      expect((await exportJWK(keys.publicKey)).x).toBe(x);
      expect(keys.bookmarkSecret).toEqual(all[0]!.bookmarkSecret);
      expect(keys.linkSecret).toEqual(all[0]!.linkSecret);
    }
    expect((await readdir(join(home, "keys"))).sort()).toEqual(["bookmark-secret", "link-secret", "token.jwk"]);
  });

  it("are their owner's alone, and another home's are others", async () => {
    await loadOrCreateKeys(home);
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await mode(join(home, "keys"))).toBe(0o700);
    for (const file of await readdir(join(home, "keys")))
      expect(await mode(join(home, "keys", file)), file).toBe(0o600);
    const other = await mkdtemp(join(tmpdir(), "throughline-keys-"));
    try {
      expect((await loadOrCreateKeys(other)).bookmarkSecret).not.toEqual((await loadOrCreateKeys(home)).bookmarkSecret);
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });

  it("keep the private half out of the public key", async () => {
    const { publicKey } = await loadOrCreateKeys(home);
    expect((await exportJWK(publicKey)).d).toBeUndefined();
  });
});
