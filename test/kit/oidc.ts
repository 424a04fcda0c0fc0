import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type JWK, type CryptoKey } from "jose";
import { Provider } from "oidc-provider";

/*
 * A real OpenID Connect provider on loopback, whose people sign in without typing, and whose answers a test may tamper with
 * after it has made them.
 */

export interface Person {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** Makes another ID token of the provider's own one. */
export type Forge = (claims: Record<string, unknown>, key: CryptoKey, kid: string) => Promise<string> | string;

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** Who signs in next. */
  person: Person;
  forge: Forge | null;
  /** What the client must show from now on. */
  rotate(secret: string): void;
  close(): Promise<void>;
}

const CLIENT_ID = "throughline-test";

/** Listens on a port of its own; `begin` starts the provider when the client's address is known. */
export async function reserveProvider(): Promise<{
  issuer: string;
  begin(clientUrl: string, secret: string, options?: { inIdToken?: boolean }): Promise<TestProvider>;
  close(): Promise<void>;
}> {
  // Out of order until it begins.
  const server = createServer((_, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    issuer,
    close,
    begin: (clientUrl, secret, options) => begin(server, issuer, clientUrl, secret, close, options),
  };
}

async function begin(
  server: Server,
  issuer: string,
  clientUrl: string,
  secret: string,
  close: () => Promise<void>,
  { inIdToken = true } = {},
): Promise<TestProvider> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: "test-key", use: "sig", alg: "RS256" };
  const test: TestProvider = {
    issuer,
    clientId: CLIENT_ID,
    person: { sub: "nobody" },
    forge: null,
    rotate: (next) => {
      client.client_secret = next;
      listen();
    },
    close,
  };
  const client = { client_id: CLIENT_ID, client_secret: secret, redirect_uris: [`${clientUrl}/oidc/callback`] };
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown;
  function listen(): void {
    const provider = new Provider(issuer, {
      clients: [{ ...client }],
      jwks: { keys: [jwk] },
      cookies: { keys: ["a test"] },
      claims: {
        openid: ["sub"],
        email: ["email", "email_verified"],
        profile: ["name", "tenant", "preferred_username"],
      },
      // With it, claims of the scopes stand in the ID token too, as most providers have it.
      conformIdTokenClaims: !inIdToken,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ ...test.person, sub }) }),
      pkce: { required: () => true },
    });
    const callback = provider.callback();
    handle = (request, response) =>
      request.url?.startsWith("/interaction/") === true
        ? interact(provider, test, request, response)
        : callback(request, response);
  }
  listen();
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (request.url === "/token" && test.forge !== null) tamper(response, test.forge, privateKey, "test-key");
    void handle(request, response);
  });
  return test;
}

/** Signs in as the test's person and consents, in as many steps as the provider asks for. */
async function interact(
  provider: Provider,
  { person }: TestProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (details.prompt.name === "login")
    return provider.interactionFinished(request, response, { login: { accountId: person.sub } });
  const grant = new provider.Grant({ accountId: person.sub, clientId: String(details.params.client_id) });
  grant.addOIDCScope("openid email profile");
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

/** Puts another ID token into the provider's answer. */
function tamper(response: ServerResponse, forge: Forge, key: CryptoKey, kid: string): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: string | Buffer) => {
    const text = body.toString();
    const own = text.startsWith("{") ? (JSON.parse(text) as { id_token?: string }) : {};
    // A refusal stays one.
    if (own.id_token === undefined) return end(text);
    const claims = JSON.parse(Buffer.from(own.id_token.split(".")[1]!, "base64url").toString()) as Record<
      string,
      unknown
    >;
    void Promise.resolve(forge(claims, key, kid)).then((id_token) => {
      response.removeHeader("content-length");
      end(JSON.stringify({ ...own, id_token }));
    });
    return response;
  }) as ServerResponse["end"];
}

/** An ID token with some claims changed, well signed. */
export const resigned =
  (change: Record<string, unknown>): Forge =>
  (claims, key, kid) =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: "RS256", kid }).sign(key);

/** Follows redirects as a browser does, with a jar of cookies for each origin. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();

  cookie(url: string, name: string): string | undefined {
    return this.#jars.get(new URL(url).origin)?.get(name);
  }

  async get(address: string): Promise<Response> {
    const { origin } = new URL(address);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(address, { redirect: "manual", headers: cookie === "" ? {} : { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** To the last address that isn't a redirect, or that `stop` fits. */
  async follow(address: string, stop?: RegExp): Promise<string> {
    let here = address;
    for (let step = 0; step < 20; step += 1) {
      if (stop?.test(here) === true) return here;
      const response = await this.get(here);
      const location = response.headers.get("location");
      if (location === null) return here;
      here = new URL(location, here).href;
    }
    throw new Error("too many redirects");
  }
}
