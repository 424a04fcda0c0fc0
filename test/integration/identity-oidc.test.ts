import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller } from "../../server/commands/caller.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { Browser, reserveProvider, resigned, type Forge, type TestProvider } from "../kit/oidc.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const SECRET = "the client's first secret";
const VIEWER = "{ viewer { actor name roles tenant { id } } }";

describe("sign-in at an OpenID Connect provider", { timeout: 60_000 }, () => {
  let folder: string;
  let provider: TestProvider;
  let api: TestApi;
  let t: TestTenant;
  let browser: Browser;
  const ana = { sub: "248289", email: "Ana@studio.example", email_verified: true, name: "Ana of the provider" };

  const register = (key: string, roles: Role[], kind = "HUMAN", tenant = t) =>
    tenant.run(registerPrincipal, { key, name: "Ana", kind, roles });
  const signInUrl = (tenant = t.id) => `${api.url}/oidc/sign-in?tenant=${tenant}`;
  const signIn = (tenant?: string) => browser.follow(signInUrl(tenant));
  async function viewer() {
    const cookie = `throughline_session=${browser.cookie(api.url, "throughline_session")}`;
    const answer = await fetch(`${api.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify({ query: VIEWER }),
    });
    return ((await answer.json()) as { data: { viewer: object } | null }).data?.viewer;
  }
  const session = () => browser.cookie(api.url, "throughline_session");

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "throughline-oidc-"));
    await writeFile(join(folder, "oidc-client-secret"), SECRET);
    const reserved = await reserveProvider();
    api = await startApi({
      THROUGHLINE_OIDC_ISSUER: reserved.issuer,
      THROUGHLINE_OIDC_CLIENT_ID: "throughline-test",
      THROUGHLINE_SECRETS_FOLDER: folder,
    });
    provider = await reserved.begin(api.url, SECRET);
    t = await newTenant();
    await register("ana@studio.example", ["editor", "approver"]);
  });
  afterAll(async () => {
    await api?.close();
    await provider?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    browser = new Browser();
    provider.person = ana;
  });
  afterEach(() => {
    provider.forge = null;
  });

  it("opens a session of the principal who has the checked address, in the roles that stand in the graph", async () => {
    expect(await signIn()).toBe(`${api.url}/`);
    expect(await viewer()).toEqual({
      actor: "ana@studio.example",
      name: "Ana",
      roles: ["editor", "approver"],
      tenant: { id: `Tenant:${t.id}` },
    });
    // The ticket went with its use.
    expect(browser.cookie(api.url, "throughline_oidc")).toBeUndefined();
    const ways = (await (await fetch(`${api.url}/sign-in/ways`)).json()) as object;
    expect(ways).toEqual({ link: true, oidc: true });
  });

  it("sends the browser off with PKCE, state and nonce, and a ticket that only we can read", async () => {
    const asked = new URL(await browser.follow(signInUrl(), /\/auth\?/)).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      redirect_uri: `${api.url}/oidc/callback`,
      scope: "openid email profile",
    });
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)?.length).toBeGreaterThan(30);
    const again = new URL(await new Browser().follow(signInUrl(), /\/auth\?/)).searchParams;
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)).not.toBe(again.get(name));
    const ticket = browser.cookie(api.url, "throughline_oidc")!;
    for (const name of ["state", "nonce"])
      expect(Buffer.from(ticket, "base64url").toString("latin1")).not.toContain(asked.get(name));
  });

  it("lets in nobody whom the tenant doesn't know as a person with a role, and doesn't say which it was", async () => {
    const other = await newTenant();
    await register("robot@studio.example", ["agent"], "AGENT");
    await register("service@studio.example", ["editor"], "SERVICE");
    // What the installation made for itself is there, and a person as far as the graph knows.
    const own = { key: "link.tenant-admin", name: "Link", kind: "HUMAN", roles: ["tenant-admin"] };
    await t.run(registerPrincipal, own, systemCaller(t.id));
    const strangers = [
      [{ ...ana, email: "eve@studio.example" }, t.id],
      [{ ...ana, email_verified: false }, t.id],
      [{ ...ana, email: "link.tenant-admin" }, t.id],
      [{ ...ana, email: "system" }, t.id],
      [{ ...ana, email: "robot@studio.example" }, t.id],
      [{ ...ana, email: "service@studio.example" }, t.id],
      [ana, other.id],
      [ana, "no-such-tenant"],
      [ana, "system"],
      [ana, "Not%20a%20slug"],
    ] as const;
    for (const [person, tenant] of strangers) {
      browser = new Browser();
      provider.person = person;
      expect(await signIn(tenant), `${person.email} ${tenant}`).toBe(`${api.url}/signed-out?reason=stranger`);
      expect(session()).toBeUndefined();
    }
  });

  it("takes the answer once, in the browser that asked for it, and with its own state", async () => {
    const back = await browser.follow(signInUrl(), /\/oidc\/callback/);
    const elsewhere = new Browser();
    expect(await elsewhere.follow(back)).toBe(`${api.url}/signed-out?reason=provider`);
    // Somebody else's answer in a browser that has begun a sign-in of its own.
    await elsewhere.follow(signInUrl(), /\/auth\?/);
    expect(await elsewhere.follow(back)).toBe(`${api.url}/signed-out?reason=provider`);
    expect(elsewhere.cookie(api.url, "throughline_session")).toBeUndefined();
    expect(await browser.follow(back)).toBe(`${api.url}/`);
    expect(await browser.follow(back)).toBe(`${api.url}/signed-out?reason=provider`);
    const refused = await browser.follow(`${api.url}/oidc/callback?error=access_denied&state=x`);
    expect(refused).toBe(`${api.url}/signed-out?reason=provider`);
  });

  describe("an ID token", () => {
    const now = () => Math.floor(Date.now() / 1_000);
    const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const forged: Record<string, Forge> = {
      "of another issuer": resigned({ iss: "https://elsewhere.example" }),
      "for another client": resigned({ aud: "another-client" }),
      "for two clients, issued to the other": resigned({ aud: ["throughline-test", "other"], azp: "other" }),
      "that has ended": (claims, key, kid) => resigned({ iat: now() - 7_200, exp: now() - 3_600 })(claims, key, kid),
      "that hasn't begun": (claims, key, kid) => resigned({ nbf: now() + 3_600 })(claims, key, kid),
      "without an end": resigned({ exp: undefined }),
      "with another nonce": resigned({ nonce: "another" }),
      "without a nonce": resigned({ nonce: undefined }),
      "without a subject": resigned({ sub: undefined }),
      "that isn't signed": (claims) => `${base64({ alg: "none" })}.${base64(claims)}.`,
      "signed with the client's secret": (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(SECRET)),
      "signed by another key under the same name": async (claims, _, kid) => {
        const { privateKey } = await generateKeyPair("RS256");
        return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
      },
      "signed in another algorithm": async (claims, _, kid) => {
        const { privateKey } = await generateKeyPair("ES256");
        return new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
      },
      "changed after it was signed": async (claims, key, kid) => {
        const [header, , signature] = (await resigned({})(claims, key, kid)).split(".");
        return `${header}.${base64({ ...claims, email: "admin@studio.example" })}.${signature}`;
      },
    };

    it("signed anew as it was is taken: what the others change is what they are refused for", async () => {
      provider.forge = resigned({});
      expect(await signIn()).toBe(`${api.url}/`);
    });

    it.each(Object.entries(forged))("%s is refused", async (_, forge) => {
      provider.forge = forge;
      expect(await signIn()).toBe(`${api.url}/signed-out?reason=provider`);
      expect(session()).toBeUndefined();
    });
  });

  it("goes on after the client's secret was rotated, without a restart", async () => {
    provider.rotate("the client's second secret");
    expect(await signIn()).toBe(`${api.url}/signed-out?reason=provider`);
    await writeFile(join(folder, "oidc-client-secret"), "the client's second secret\n");
    browser = new Browser();
    expect(await signIn()).toBe(`${api.url}/`);
  });

  it("asks the provider for what it keeps out of the ID token, and takes the tenant from its claim", async () => {
    const reserved = await reserveProvider();
    const claiming = await startApi({
      THROUGHLINE_OIDC_ISSUER: reserved.issuer,
      THROUGHLINE_OIDC_CLIENT_ID: "throughline-test",
      THROUGHLINE_OIDC_CLIENT_SECRET: SECRET,
      THROUGHLINE_OIDC_PRINCIPAL_CLAIM: "sub",
      THROUGHLINE_OIDC_TENANT_CLAIM: "tenant",
    });
    const quiet = await reserved.begin(claiming.url, SECRET, { inIdToken: false });
    try {
      await register("248289", ["analyst"]);
      const other = await newTenant();
      await register("248289", ["tenant-admin"], "HUMAN", other);
      quiet.person = { ...ana, tenant: t.id };
      const at = (path: string) => new Browser().follow(`${claiming.url}${path}`);
      expect(await at("/oidc/sign-in")).toBe(`${claiming.url}/`);
      expect(await at(`/oidc/sign-in?tenant=${t.id}`)).toBe(`${claiming.url}/`);
      expect(await at(`/oidc/sign-in?tenant=${other.id}`)).toBe(`${claiming.url}/signed-out?reason=stranger`);
      quiet.person = ana;
      expect(await at(`/oidc/sign-in?tenant=${t.id}`)).toBe(`${claiming.url}/signed-out?reason=stranger`);
    } finally {
      await claiming.close();
      await quiet.close();
    }
  });

  it("says so while the provider is out of order, and works again when it isn't", async () => {
    const reserved = await reserveProvider();
    const patient = await startApi({
      THROUGHLINE_OIDC_ISSUER: reserved.issuer,
      THROUGHLINE_OIDC_CLIENT_ID: "throughline-test",
      THROUGHLINE_OIDC_CLIENT_SECRET: SECRET,
    });
    try {
      const at = () => new Browser().follow(`${patient.url}/oidc/sign-in?tenant=${t.id}`);
      expect(await at()).toBe(`${patient.url}/signed-out?reason=provider`);
      const late = await reserved.begin(patient.url, SECRET);
      late.person = ana;
      expect(await at()).toBe(`${patient.url}/`);
    } finally {
      await patient.close();
      await reserved.close();
    }
  });

  it("isn't there where it isn't configured", async () => {
    const plain = await startApi();
    try {
      expect((await fetch(`${plain.url}/oidc/sign-in?tenant=${t.id}`)).status).toBe(404);
      expect(await (await fetch(`${plain.url}/sign-in/ways`)).json()).toEqual({ link: true, oidc: false });
    } finally {
      await plain.close();
    }
  });
});
