import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { givenSecrets } from "../secrets/secrets.js";
import { isSigned, jwkSigner, loadAuditSigner, newAuditJwk } from "./signer.js";

describe("the key of the audit", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-signer-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const path = () => join(home, "keys", "audit.jwk");

  it("is made on first use, its owner's alone, and found again by all who come at once", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => loadAuditSigner(home)));
    const keys = new Set([...all, await loadAuditSigner(home)].map(({ publicKey }) => publicKey.toString("hex")));
    expect(keys.size).toBe(1);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    const text = Buffer.from("a checkpoint");
    const signature = await all[0]!.sign(text);
    expect(isSigned(all[1]!.publicKey, text, signature)).toBe(true);
    expect(isSigned(all[1]!.publicKey, Buffer.from("another"), signature)).toBe(false);
  });

  it("is the provider's where it has one, so that replicas share it, and then none is made", async () => {
    const jwk = newAuditJwk();
    const signer = await loadAuditSigner(home, givenSecrets({ "audit.jwk": jwk }));
    expect(signer.publicKey).toEqual(jwkSigner(jwk).publicKey);
    await expect(readFile(path())).rejects.toThrow("ENOENT");
    expect((await loadAuditSigner(home, givenSecrets({}))).publicKey).not.toEqual(signer.publicKey);
  });

  it("that is none is told by its name, never by what it holds", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ format: "jwk" });
    const cut = newAuditJwk().slice(0, -9);
    for (const text of [cut, "{}", "null", JSON.stringify(rsa)]) {
      const refused = await loadAuditSigner(home, givenSecrets({ "audit.jwk": text })).catch(String);
      expect(refused).toBe("Error: audit.jwk is no Ed25519 private key as a JWK");
    }
  });
});
