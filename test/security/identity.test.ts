import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { PRESENCE_MS } from "../../server/commands/presence.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { revokeRole } from "../../server/domains/principal/role.service.js";
import { loadOrCreateKeys, type Keys } from "../../server/identity/keys.js";
import { issueToken, verifyToken, type Identity } from "../../server/identity/tokens.js";
import { startApi, type TestApi } from "../kit/api.js";
import { seeded } from "../kit/random.js";
import { newTenant } from "../kit/tenant.js";

/*
 * Who isn't who they say: tokens that we didn't sign, that were changed, that are for somebody or something else, or whose time
 * isn't now. And how long somebody may read whose role was taken back.
 */

type Claims = Record<string, unknown>;

const FORGED = 10_000;
const HOUR_S = 3_600;

describe("forged tokens", () => {
  let home: string;
  let keys: Keys;
  let stranger: CryptoKey;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "throughline-forged-"));
    keys = await loadOrCreateKeys(home);
    stranger = (await generateKeyPair("EdDSA", { crv: "Ed25519" })).privateKey;
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it(`open nothing, ${FORGED} of them`, { timeout: 120_000 }, async () => {
    const { below, pick } = seeded(4);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = () => Math.floor(Date.now() / 1_000);
    const { x = "" } = await exportJWK(keys.publicKey);
    const publicForms = [x, Buffer.from(x, "base64url"), JSON.stringify({ kty: "OKP", crv: "Ed25519", x })];

    const identity = (): Identity => ({
      actor: pick(["ana", "crawler", "cli.editor"]),
      name: "Ana",
      tenantId: pick(["demo", "other"]),
      roles: [pick(ROLES)],
      region: "local",
      ...(below(10) < 3 ? { tokenId: "01JD3Z5X9QW8R7T6Y5V4N3M2K1", scopes: ["export"] } : {}),
      ...(below(10) < 3 ? { onBehalfOf: "eve" } : {}),
    });
    const parts = async () => {
      const [header = "", body = "", signature = ""] = (await issueToken(keys, identity(), HOUR_S)).split(".");
      const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
      return { header, body, signature, claims };
    };
    const sign = (claims: Claims, header: object, key: CryptoKey = keys.privateKey) =>
      new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", ...header }).sign(key);
    /** A claim that some token didn't have before, or not like this. */
    const change = (): Claims =>
      pick<Claims>([
        { tenant: "victim" },
        { roles: [...ROLES] },
        { sub: "admin" },
        { act: { sub: "admin" } },
        { scopes: ["tenant.erase"] },
        { jti: undefined },
        { exp: now() + 10 * HOUR_S },
        { region: "elsewhere" },
      ]);

    const forgeries: Readonly<Record<string, () => Promise<string>>> = {
      "a bit flipped": async () => {
        const { header, body, signature } = await parts();
        const list = [header, body, signature];
        const at = below(3);
        const bytes = Buffer.from(list[at]!, "base64url");
        bytes[below(bytes.length)]! ^= 1 << below(8);
        list[at] = bytes.toString("base64url");
        return list.join(".");
      },
      "claims changed": async () => {
        const { header, claims, signature } = await parts();
        return `${header}.${encode({ ...claims, ...change(), nonce: below(1e9) })}.${signature}`;
      },
      "a signature of another token": async () => {
        const [one, two] = [await parts(), await parts()];
        return `${one.header}.${encode({ ...one.claims, nonce: below(1e9) })}.${two.signature}`;
      },
      "another key, with or without our name for it": async () => {
        const jwk = { kty: "OKP", crv: "Ed25519", x };
        const header = pick([
          {},
          { kid: keys.kid },
          { jwk },
          { jku: "https://evil.example/jwks" },
          { x5u: "https://evil.example" },
        ]);
        return sign((await parts()).claims, header, stranger);
      },
      "our key under another name": async () =>
        sign((await parts()).claims, { kid: pick(["", "other", "../../keys/token.jwk", `${keys.kid} `, "null"]) }),
      unsigned: async () => {
        const { body, signature } = await parts();
        const header = encode({ alg: pick(["none", "None", "NONE", "nOnE", ""]), kid: keys.kid });
        return pick([`${header}.${body}.`, `${header}.${body}`, `${header}.${body}.${signature}`]);
      },
      "our public key as if it were a secret": async () => {
        const alg = pick(["HS256", "HS384", "HS512"]);
        const text = `${encode({ alg, kid: keys.kid })}.${(await parts()).body}`;
        const mac = createHmac(alg.replace("HS", "sha"), pick(publicForms)).update(text).digest("base64url");
        return `${text}.${mac}`;
      },
      "another time": async () =>
        sign(
          {
            ...(await parts()).claims,
            ...pick<Claims>([
              { exp: now() - 10 - below(HOUR_S) },
              { nbf: now() + 10 + below(HOUR_S) },
              { exp: undefined },
              { nbf: undefined },
              { iat: undefined },
            ]),
          },
          {},
        ),
      "somebody else's, or for something else": async () =>
        sign(
          {
            ...(await parts()).claims,
            ...pick<Claims>([
              { iss: pick(["Throughline", "throughline ", "https://throughline", ""]) },
              { aud: pick(["throughline", "throughline-API", ["other"], []]) },
              { iss: undefined },
              { aud: undefined },
            ]),
          },
          {},
        ),
      "of no shape": async () =>
        sign(
          {
            ...(await parts()).claims,
            ...pick<Claims>([
              { tenant: pick<unknown>(["Demo", "demo ", "dem\u043e", ["demo"], null, "", "../demo", { $ne: "" }]) },
              { roles: pick<unknown>([[], ["root"], "tenant-admin", null, [["editor"]]]) },
              { act: pick<unknown>([{}, "crawler", [], { sub: "" }]) },
              { scopes: pick<unknown>(["export", [1], {}, null]) },
              { sub: undefined },
              { region: "" },
            ]),
          },
          {},
        ),
      cut: async () => {
        const { header, body, signature } = await parts();
        const token = `${header}.${body}.${signature}`;
        return token.slice(0, below(token.length - 2));
      },
    };

    // Each kind begins with a token that is in order: what it changes is what it is refused for.
    for (let i = 0; i < 100; i += 1) {
      const given = identity();
      expect(await verifyToken(keys, await issueToken(keys, given, HOUR_S))).toEqual(given);
      expect(await verifyToken(keys, await sign((await parts()).claims, {}))).not.toBeNull();
    }
    const accepted: string[] = [];
    const kinds = Object.entries(forgeries);
    for (let i = 0; i < FORGED; i += 1) {
      const [kind, forge] = kinds[i % kinds.length]!;
      const token = await forge();
      if ((await verifyToken(keys, token)) !== null) accepted.push(`${kind}: ${token}`);
    }
    console.log(`tokens: ${FORGED} forged in ${kinds.length} ways, ${accepted.length} accepted`);
    expect(accepted).toEqual([]);
  });
});

describe("a role that was taken back", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api?.close());

  it(
    "reads nothing a minute later, as the server is by default, and writes nothing at once",
    { timeout: 90_000 },
    async () => {
      const t = await newTenant();
      const { principalId } = await t.run(registerPrincipal, {
        key: "ana",
        name: "Ana",
        kind: "HUMAN",
        roles: ["planner"],
      });
      const identity = { actor: "ana", name: "Ana", tenantId: t.id, roles: ["planner"], region: "local" } as const;
      const token = await issueToken(api.keys, identity, HOUR_S);
      const ask = async (query: string) => {
        const answer = await fetch(`${api.url}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          body: JSON.stringify({ query }),
        });
        return (await answer.json()) as { data: { createTopic?: { problems: object[] } } | null; errors?: object[] };
      };
      // Read just before, so that what was looked up is as new as can be.
      expect((await ask("{ viewer { actor } }")).errors).toBeUndefined();
      await t.run(revokeRole, { principalId, role: "planner" });
      const revoked = Date.now();
      const write = await ask(
        'mutation { createTopic(input: {title: "x", operationId: "too-late", reason: "x"}) { problems { code } } }',
      );
      expect(write.data?.createTopic?.problems).toEqual([{ code: "FORBIDDEN" }]);
      while ((await ask("{ viewer { actor } }")).errors === undefined) {
        expect(Date.now() - revoked).toBeLessThan(60_000);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const seconds = (Date.now() - revoked) / 1_000;
      console.log(`revoked role: writes refused at once, reads after ${seconds.toFixed(1)} s (at most 60 s)`);
      expect(seconds).toBeLessThan(PRESENCE_MS / 1_000 + 20);
    },
  );
});
