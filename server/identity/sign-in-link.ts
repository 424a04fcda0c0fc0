import { createHmac, timingSafeEqual } from "node:crypto";
import { TENANT_SLUG } from "../../graph-schema/node-id.js";
import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import type { Identity } from "./tokens.js";

/*
 * The text of a sign-in link, `tenant.role.expiry.signature`: short enough to be read and copied at a terminal, good for a
 * session in one role of one tenant until it expires, and for nothing else.
 */

export interface SignInLink {
  readonly tenantId: string;
  readonly role: Role;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** 128 bits of the signature: nobody guesses them. */
const SIGNATURE_BYTES = 16;

const sign = (secret: Buffer, text: string): Buffer =>
  createHmac("sha256", secret).update(`sign-in ${text}`).digest().subarray(0, SIGNATURE_BYTES);

export function formatSignInLink(secret: Buffer, { tenantId, role, expiresAt }: SignInLink): string {
  const text = `${tenantId}.${role}.${Math.floor(expiresAt).toString(36)}`;
  return `${text}.${sign(secret, text).toString("base64url")}`;
}

/** Null for what was signed with none of the secrets, and for what has expired. */
export function parseSignInLink(secrets: readonly Buffer[], link: string, now: number = Date.now()): SignInLink | null {
  const [tenantId = "", given = "", expiry = "", signature = "", ...rest] = link.split(".");
  const found = Buffer.from(signature, "base64url");
  const signed = secrets.some((secret) => {
    const wanted = sign(secret, `${tenantId}.${given}.${expiry}`);
    return found.length === wanted.length && timingSafeEqual(found, wanted);
  });
  if (rest.length > 0 || !signed) return null;
  const role = ROLES.find((known) => known === given);
  const expiresAt = Number.parseInt(expiry, 36);
  if (role === undefined || !TENANT_SLUG.test(tenantId) || !(expiresAt * 1000 > now)) return null;
  return { tenantId, role, expiresAt };
}

/** Who comes in by a link: one principal for each role. */
export function linkIdentity({ tenantId, role }: Pick<SignInLink, "tenantId" | "role">, region: string): Identity {
  const words = role.replaceAll("-", " ");
  return {
    actor: `link.${role}`,
    name: `${words[0]!.toUpperCase()}${words.slice(1)}`,
    tenantId,
    roles: [role],
    region,
  };
}
