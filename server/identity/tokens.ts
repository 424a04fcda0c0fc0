import { errors, jwtVerify, SignJWT, type CryptoKey } from "jose";
import { z } from "zod";
import { TENANT_SLUG } from "../../graph-schema/node-id.js";
import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import { ALGORITHM, type Keys } from "./keys.js";

/** Who a token speaks for. */
export interface Identity {
  /** The principal's natural key. */
  readonly actor: string;
  readonly name: string;
  readonly tenantId: string;
  readonly roles: readonly Role[];
  readonly region: string;
  /** Of tokens that stand in the graph, where they can be revoked. */
  readonly tokenId?: string;
  /** Capabilities that the token is held to; without them all of its roles'. */
  readonly scopes?: readonly string[];
  /** The key of the person whom the actor acts for. */
  readonly onBehalfOf?: string;
}

/** What a token is good for: calling the API. */
const AUDIENCE = "throughline-api";
const ISSUER = "throughline";
/** Seconds that two machines' clocks may differ. */
export const CLOCK_TOLERANCE_S = 5;

/** Longest natural key of a principal. */
export const MAX_ACTOR = 128;

const actor = z.string().min(1).max(MAX_ACTOR);
const claims = z.object({
  sub: actor,
  /** RFC 8693: who acts, where `sub` is the person whom they act for. */
  act: z.object({ sub: actor }).optional(),
  name: z.string().min(1).max(200),
  tenant: z.string().regex(TENANT_SLUG),
  roles: z.array(z.enum(ROLES)).min(1),
  region: z.string().min(1),
  jti: z.string().min(1).max(64).optional(),
  scopes: z.array(z.string().min(1).max(64)).max(100).optional(),
  exp: z.number(),
});

/** Signs a token that is good for `ttlSeconds`. */
export function issueToken(keys: Keys, identity: Identity, ttlSeconds: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { name, tenantId, roles, region, tokenId, scopes, onBehalfOf } = identity;
  const token = new SignJWT({
    name,
    tenant: tenantId,
    roles: [...roles],
    region,
    ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    ...(onBehalfOf === undefined ? {} : { act: { sub: identity.actor } }),
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid: keys.kid })
    .setSubject(onBehalfOf ?? identity.actor)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + Math.floor(ttlSeconds));
  if (tokenId !== undefined) token.setJti(tokenId);
  return token.sign(keys.privateKey);
}

/** Tokens whose signature was checked, that it isn't checked again in each request; the one used longest ago goes first. */
const MAX_VERIFIED = 1_000;

interface Verified {
  readonly identity: Identity;
  /** Second at which it ends. */
  readonly exp: number;
}
const verifiedBy = new WeakMap<Keys, Map<string, Verified>>();

/** Null for anything but a token of ours, in its time; why it isn't is nobody's business. */
export async function verifyToken(keys: Keys, token: string): Promise<Identity | null> {
  const known = verifiedBy.get(keys) ?? new Map<string, Verified>();
  verifiedBy.set(keys, known);
  const verified = known.get(token) ?? (await checkToken(keys, token));
  known.delete(token);
  if (verified === null || verified.exp <= Math.floor(Date.now() / 1000) - CLOCK_TOLERANCE_S) return null;
  known.set(token, verified);
  if (known.size > MAX_VERIFIED) known.delete(known.keys().next().value!);
  return verified.identity;
}

/** The key that a token names, of the two that there are; one without a name is of the present one. */
function keyNamed(keys: Keys, kid: string | undefined): CryptoKey {
  if (kid === undefined || kid === keys.kid) return keys.publicKey;
  if (keys.previous.publicKey !== null && kid === keys.previous.kid) return keys.previous.publicKey;
  throw new errors.JWKSNoMatchingKey();
}

async function checkToken(keys: Keys, token: string): Promise<Verified | null> {
  const verified = await jwtVerify(token, ({ kid }) => keyNamed(keys, kid), {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ["sub", "exp", "nbf", "iat"],
    clockTolerance: CLOCK_TOLERANCE_S,
  }).catch(() => null);
  const parsed = claims.safeParse(verified?.payload);
  if (!parsed.success) return null;
  const { sub, act, name, tenant, roles, region, jti, scopes, exp } = parsed.data;
  const identity: Identity = {
    actor: act?.sub ?? sub,
    name,
    tenantId: tenant,
    roles,
    region,
    ...(jti === undefined ? {} : { tokenId: jti }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(act === undefined ? {} : { onBehalfOf: sub }),
  };
  return { identity, exp };
}
