import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { loadOrCreateKeys, type Keys } from "./keys.js";
import { issueToken, verifyToken, type Identity } from "./tokens.js";

const identity: Identity = { actor: "ana", name: "Ana", tenantId: "demo", roles: ["analyst"], region: "local" };
const API = "throughline-api";
const now = (): number => Math.floor(Date.now() / 1000);
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The claims of a token that is in order; `jose` signs what a test makes of them. */
const payload = () => ({
  name: "Ana",
  tenant: "demo",
  roles: ["analyst"],
  region: "local",
  sub: "ana",
  iss: "throughline",
  aud: API,
  iat: now(),
  nbf: now(),
  exp: now() + 60,
});

describe("tokens", () => {
  let home: string;
  let keys: Keys;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-tokens-"));
    keys = await loadOrCreateKeys(home);
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const signed = (claims: object): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: "EdDSA" }).sign(keys.privateKey);
  const verify = (token: string) => verifyToken(keys, token);

  it("says of whom it speaks", async () => {
    expect(await verify(await issueToken(keys, identity, 60))).toEqual(identity);
    // What the refusals below change in one place each is in order.
    expect(await verify(await signed(payload()))).toEqual(identity);
  });

  it("says which token it is, what it is held to, and for whom it acts", async () => {
    const agent: Identity = {
      ...identity,
      actor: "crawler",
      roles: ["agent"],
      tokenId: "01JD3Z5X9QW8R7T6Y5V4N3M2K1",
      scopes: ["evidence.write"],
      onBehalfOf: "ana",
    };
    const token = await issueToken(keys, agent, 60);
    expect(await verify(token)).toEqual(agent);
    const claims = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as object;
    expect(claims).toMatchObject({ sub: "ana", act: { sub: "crawler" }, jti: agent.tokenId });
  });

  it.each([
    ["scopes that are none", { scopes: "evidence.write" }],
    ["somebody who acts without a name", { act: {} }],
    ["a chain of names for the one who acts", { act: ["a", "b"] }],
    ["another issuer", { iss: "elsewhere" }],
    ["no issuer", { iss: undefined }],
    ["no audience", { aud: undefined }],
    ["another audience", { aud: "somebody-else" }],
    ["an expiry in the past", { exp: now() - 60 }],
    ["no expiry", { exp: undefined }],
    ["a beginning in the future", { nbf: now() + 60 }],
    ["no beginning", { nbf: undefined }],
    ["no subject", { sub: undefined }],
    ["an empty subject", { sub: "" }],
    ["no tenant", { tenant: undefined }],
    ["a tenant that isn't a slug", { tenant: "Demo" }],
    ["a tenant with a path", { tenant: "demo/../other" }],
    ["two tenants", { tenant: ["demo", "other"] }],
    ["no roles", { roles: [] }],
    ["a role that isn't one", { roles: ["root"] }],
    ["no region", { region: undefined }],
  ])("isn't taken with %s", async (_, wrong) => {
    expect(await verify(await signed({ ...payload(), ...wrong }))).toBeNull();
  });

  it("isn't taken unsigned", async () => {
    for (const alg of ["none", "None", "NONE"]) {
      const unsigned = `${base64({ alg, typ: "JWT" })}.${base64(payload())}`;
      expect(await verify(`${unsigned}.`)).toBeNull();
      expect(await verify(unsigned)).toBeNull();
      const [, , signature] = (await signed(payload())).split(".");
      expect(await verify(`${unsigned}.${signature}`)).toBeNull();
    }
  });

  it("isn't taken signed with the public key as if that were a secret", async () => {
    const { x = "" } = await exportJWK(keys.publicKey);
    const secrets = [
      Buffer.from(x, "base64url"),
      Buffer.from(x),
      Buffer.from(await exportSPKI(keys.publicKey)),
      Buffer.from(JSON.stringify(await exportJWK(keys.publicKey))),
    ];
    for (const secret of secrets) {
      const text = `${base64({ alg: "HS256", typ: "JWT" })}.${base64(payload())}`;
      const mac = createHmac("sha256", secret).update(text).digest("base64url");
      expect(await verify(`${text}.${mac}`)).toBeNull();
    }
  });

  it("isn't taken signed by another key, nor with the key that it brings along", async () => {
    const other = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const jwk = await exportJWK(other.publicKey);
    for (const header of [{ alg: "EdDSA" }, { alg: "EdDSA", jwk }, { alg: "EdDSA", kid: "../../token.jwk" }]) {
      expect(await verify(await new SignJWT(payload()).setProtectedHeader(header).sign(other.privateKey))).toBeNull();
    }
  });

  it("isn't taken with any part changed", async () => {
    const token = await issueToken(keys, identity, 60);
    const [header, body, signature = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(body!, "base64url").toString()) as object;
    for (const change of [
      { tenant: "other" },
      { roles: ["platform-admin"] },
      { sub: "seed" },
      { exp: now() + 9_999 },
    ]) {
      expect(await verify(`${header}.${base64({ ...claims, ...change })}.${signature}`)).toBeNull();
    }
    const flipped = Buffer.from(signature, "base64url");
    flipped[0]! ^= 1;
    expect(await verify(`${header}.${body}.${flipped.toString("base64url")}`)).toBeNull();
    expect(await verify(`${base64({ alg: "EdDSA" })}.${body}.${signature}`)).toBeNull();
    expect(await verify(token)).toEqual(identity);
  });

  it("is taken until it ends, however often it was taken before", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const token = await issueToken(keys, identity, 60);
    expect(await verify(token)).toEqual(identity);
    // Two machines' clocks may differ by five seconds.
    vi.advanceTimersByTime(64_000);
    expect(await verify(token)).toEqual(identity);
    vi.advanceTimersByTime(2_000);
    expect(await verify(token)).toBeNull();
  });

  it("is taken by the keys alone that signed it, however often they took it before", async () => {
    const token = await issueToken(keys, identity, 60);
    expect(await verify(token)).toEqual(identity);
    const { publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
    expect(await verifyToken({ ...keys, publicKey }, token)).toBeNull();
  });

  it("has its signature checked once, for as long as a thousand others don't come between", async () => {
    const checks = vi.spyOn(crypto.subtle, "verify");
    const [first = "", ...others] = await Promise.all(
      Array.from({ length: 1_001 }, (_, i) => issueToken(keys, { ...identity, actor: `ana-${i}` }, 60)),
    );
    await verify(first);
    await verify(first);
    expect(checks).toHaveBeenCalledTimes(1);
    for (const token of others) await verify(token);
    await verify(first);
    expect(checks).toHaveBeenCalledTimes(1_002);
  });

  it.each(["", ".", "..", "a.b.c", "not a token", "null", "{}"])("isn't %j", async (text) => {
    expect(await verify(text)).toBeNull();
  });
});
