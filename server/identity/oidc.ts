import { createHmac } from "node:crypto";
import { EncryptJWT, jwtDecrypt } from "jose";
import * as client from "openid-client";
import { z } from "zod";
import { TENANT_SLUG } from "../../graph-schema/node-id.js";
import type { OidcConfig } from "../config.js";
import type { SecretsProvider } from "../secrets/secrets.js";
import { accepted, type Keys } from "./keys.js";

/*
 * Sign-in at an OpenID Connect provider: authorization code with PKCE, state and nonce. The provider says who somebody is;
 * what they may do here stands in the graph.
 */

/** How long somebody may take to sign in there. */
export const TICKET_SECONDS = 600;

const ticketShape = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  tenantId: z.string().regex(TENANT_SLUG).nullable(),
});
/** What the browser carries from the beginning of a sign-in to its end, and only we can read. */
type Ticket = z.infer<typeof ticketShape>;

/** Who signed in, by the provider's word; whether anybody here has this key is another question. */
export interface SignedIn {
  readonly key: string;
  readonly tenantId: string;
}

const ENCRYPTION = "A256GCM";
const ticketKey = (secret: Buffer): Uint8Array => createHmac("sha256", secret).update("oidc ticket").digest();

export class Oidc {
  #discovered: Promise<client.Configuration> | null = null;

  constructor(
    private readonly config: OidcConfig,
    private readonly secrets: SecretsProvider,
  ) {}

  /** Where to send the browser, and the ticket that it brings back. */
  async begin(
    keys: Keys,
    { redirectUri, tenantId }: { redirectUri: string; tenantId: string | null },
  ): Promise<{ url: URL; ticket: string }> {
    const ticket: Ticket = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      tenantId,
    };
    const url = client.buildAuthorizationUrl(await this.#provider(), {
      redirect_uri: redirectUri,
      scope: "openid email profile",
      state: ticket.state,
      nonce: ticket.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(ticket.verifier),
      code_challenge_method: "S256",
    });
    const sealed = await new EncryptJWT(ticket)
      .setProtectedHeader({ alg: "dir", enc: ENCRYPTION })
      .setExpirationTime(`${TICKET_SECONDS}s`)
      .encrypt(ticketKey(keys.linkSecret));
    return { url, ticket: sealed };
  }

  /**
   * Who came back to `address` with the ticket; null when the provider's word doesn't name a principal and a tenant. Throws
   * when it isn't the provider's word, or isn't for this sign-in.
   */
  async finish(keys: Keys, address: URL, sealed: string): Promise<SignedIn | null> {
    const ticket = await openTicket(keys, sealed);
    if (ticket === null) throw new Error("the sign-in took too long, or didn't begin in this browser");
    const provider = await this.#provider();
    const tokens = await client.authorizationCodeGrant(provider, address, {
      pkceCodeVerifier: ticket.verifier,
      expectedState: ticket.state,
      expectedNonce: ticket.nonce,
      idTokenExpected: true,
    });
    const idToken = tokens.claims();
    if (idToken === undefined) throw new Error("there is no ID token");
    const { principalClaim, tenantClaim } = this.config;
    const complete = [principalClaim, ...(tenantClaim === null ? [] : [tenantClaim])].every((name) => name in idToken);
    // Some providers keep what isn't the subject out of the ID token.
    const more =
      complete || provider.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await client.fetchUserInfo(provider, tokens.access_token, idToken.sub);
    return signedIn(this.config, { ...more, ...idToken }, ticket.tenantId);
  }

  /** Found once; a provider that can't be reached is looked for again at the next sign-in. */
  #provider(): Promise<client.Configuration> {
    this.#discovered ??= this.#discover().catch((error: unknown) => {
      this.#discovered = null;
      throw error;
    });
    return this.#discovered;
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, algorithm } = this.config;
    const execute = [client.enableNonRepudiationChecks];
    // The configuration lets plain http pass for this machine alone.
    if (issuer.startsWith("http:")) execute.push(client.allowInsecureRequests);
    return client.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: algorithm },
      // Asked for at each exchange, so that its rotation needs no restart.
      async (...request) => client.ClientSecretBasic((await this.secrets.get("oidc-client-secret")) ?? "")(...request),
      { execute, timeout: 10 },
    );
  }
}

async function openTicket(keys: Keys, sealed: string): Promise<Ticket | null> {
  for (const secret of accepted(keys.linkSecret, keys.previous.linkSecret)) {
    const opened = await jwtDecrypt(sealed, ticketKey(secret), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: [ENCRYPTION],
      requiredClaims: ["exp"],
    }).catch(() => null);
    const parsed = ticketShape.safeParse(opened?.payload);
    if (parsed.success) return parsed.data;
  }
  return null;
}

/** The provider's word, read: pure, and null wherever it isn't plain. */
export function signedIn(
  { principalClaim, tenantClaim }: Pick<OidcConfig, "principalClaim" | "tenantClaim">,
  claims: Readonly<Record<string, unknown>>,
  asked: string | null,
): SignedIn | null {
  const named = claims[principalClaim];
  if (typeof named !== "string" || named === "") return null;
  // An address that nobody checked is whatever its user typed.
  if (principalClaim === "email" && claims.email_verified !== true) return null;
  const key = principalClaim === "email" ? named.toLowerCase() : named;
  if (tenantClaim === null) return asked === null ? null : { key, tenantId: asked };
  const given = claims[tenantClaim];
  const tenants = Array.isArray(given) ? given : [given];
  // Of several the sign-in must say which; a single one needs no word, and suffers no other.
  const tenantId: unknown = asked ?? (tenants.length === 1 ? tenants[0] : null);
  return typeof tenantId === "string" && TENANT_SLUG.test(tenantId) && tenants.includes(tenantId)
    ? { key, tenantId }
    : null;
}
