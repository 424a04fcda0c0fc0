import { jwtVerify, SignJWT } from "jose";
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
}

/** What a token is good for: calling the API. */
const AUDIENCE = "throughline-api";
const ISSUER = "throughline";
/** Seconds that two machines' clocks may differ. */
const CLOCK_TOLERANCE_S = 5;

const claims = z.object({
  sub: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  tenant: z.string().regex(TENANT_SLUG),
  roles: z.array(z.enum(ROLES)).min(1),
  region: z.string().min(1),
  exp: z.number(),
});

/** Signs a token that is good for `ttlSeconds`. */
export function issueToken(keys: Keys, identity: Identity, ttlSeconds: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    name: identity.name,
    tenant: identity.tenantId,
    roles: [...identity.roles],
    region: identity.region,
  })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setSubject(identity.actor)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + ttlSeconds)
    .sign(keys.privateKey);
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

async function checkToken(keys: Keys, token: string): Promise<Verified | null> {
  const verified = await jwtVerify(token, keys.publicKey, {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ["sub", "exp", "nbf", "iat"],
    clockTolerance: CLOCK_TOLERANCE_S,
  }).catch(() => null);
  const parsed = claims.safeParse(verified?.payload);
  if (!parsed.success) return null;
  const { sub, name, tenant, roles, region, exp } = parsed.data;
  return { identity: { actor: sub, name, tenantId: tenant, roles, region }, exp };
}
