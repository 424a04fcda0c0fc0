import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { folderSecrets } from "../secrets/folder.js";
import { REREAD_MS } from "../secrets/rotating.js";
import { openKeyRing } from "./key-ring.js";
import { formatSignInLink, parseSignInLink } from "./sign-in-link.js";
import { accepted } from "./keys.js";
import { issueToken, verifyToken, type Identity } from "./tokens.js";

const identity: Identity = { actor: "ana", name: "Ana", tenantId: "demo", roles: ["analyst"], region: "local" };

describe("the key ring", () => {
  let home: string;
  const key = (name: string) => join(home, "keys", name);
  /** Enough time for the next look; the clock alone moves. */
  const later = () => vi.setSystemTime(Date.now() + REREAD_MS);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    home = await mkdtemp(join(tmpdir(), "throughline-ring-"));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await rm(home, { recursive: true, force: true });
  });

  it("takes what was signed before a rotation, signs with the new key, and drops the old one with its file", async () => {
    const changed: string[] = [];
    const ring = await openKeyRing({ home, changed: ({ kid }) => changed.push(kid) });
    const before = await ring.current();
    const old = await issueToken(before, identity, 600);
    await rename(key("token.jwk"), key("token.previous.jwk"));
    later();
    const after = await ring.current();
    expect(after.kid).not.toBe(before.kid);
    expect(after.previous.kid).toBe(before.kid);
    expect(await verifyToken(after, old)).toEqual(identity);
    expect(await verifyToken(before, await issueToken(after, identity, 600))).toBeNull();
    await rm(key("token.previous.jwk"));
    later();
    expect(await verifyToken(await ring.current(), old)).toBeNull();
    expect(await verifyToken(await ring.current(), await issueToken(after, identity, 600))).toEqual(identity);
    expect(changed).toEqual([after.kid, after.kid]);
  });

  it("rotates the secrets of links and bookmarks alike", async () => {
    const ring = await openKeyRing({ home });
    const signIn = { tenantId: "demo", role: "analyst", expiresAt: Date.now() / 1000 + 600 } as const;
    const link = formatSignInLink((await ring.current()).linkSecret, signIn);
    const bookmarkSecret = (await ring.current()).bookmarkSecret;
    await rename(key("link-secret"), key("link-secret.previous"));
    await rename(key("bookmark-secret"), key("bookmark-secret.previous"));
    later();
    const { linkSecret, previous, ...keys } = await ring.current();
    expect(parseSignInLink([linkSecret], link)).toBeNull();
    expect(parseSignInLink(accepted(linkSecret, previous.linkSecret), link)).not.toBeNull();
    expect(previous.bookmarkSecret).toEqual(bookmarkSecret);
    expect(keys.bookmarkSecret).not.toEqual(bookmarkSecret);
  });

  it("goes on with the keys that it has when new ones are none, and tells", async () => {
    const failures: string[] = [];
    const ring = await openKeyRing({ home, failed: (error) => failures.push(String(error)) });
    const before = await ring.current();
    const { d } = JSON.parse(await readFile(key("token.jwk"), "utf8")) as { d: string };
    for (const wrong of ["{", "{}", JSON.stringify({ kty: "OKP", crv: "Ed25519", d }), "null"]) {
      await writeFile(key("token.jwk"), wrong);
      later();
      expect(await ring.current()).toBe(before);
    }
    expect(failures).toHaveLength(4);
    expect(failures.join()).toContain("token.jwk is no Ed25519 private key");
    expect(failures.join()).not.toContain(d);
  });

  it("prefers the keys of a provider, so that replicas share them", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "throughline-shared-"));
    try {
      const shared = await openKeyRing({ home: elsewhere });
      const secrets = folderSecrets(join(elsewhere, "keys"));
      const own = (await openKeyRing({ home })).current();
      const ring = await openKeyRing({ home, secrets });
      expect((await ring.current()).kid).toBe((await shared.current()).kid);
      expect((await ring.current()).kid).not.toBe((await own).kid);
      expect(await readFile(key("token.jwk"), "utf8")).not.toBe(
        await readFile(join(elsewhere, "keys", "token.jwk"), "utf8"),
      );
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it("is the same object until something changes, and looks no more often than it must", async () => {
    const asked: string[] = [];
    const secrets = { get: async (name: string) => (asked.push(name), null) };
    const ring = await openKeyRing({ home, secrets });
    const first = await ring.current();
    const after = asked.length;
    expect(await ring.current()).toBe(first);
    expect(asked).toHaveLength(after);
    later();
    expect(await Promise.all([ring.current(), ring.current()])).toEqual([first, first]);
    expect(asked).toHaveLength(2 * after);
    expect(await ring.current()).toBe(first);
  });
});
