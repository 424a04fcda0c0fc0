import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DomainError } from "../errors.js";
import { readOrCreate } from "../identity/keys.js";

/*
 * Secrets of webhooks lie in the graph under a key that lies outside it: AES-256-GCM, bound to the webhook that they belong
 * to, so that whoever can write to the database can neither read one nor put one webhook's in another's place.
 */

export interface Vault {
  /** The text under lock, bound to what it belongs to. */
  seal(text: string, owner: string): string;
  /** Throws when it was changed, or belongs to something else. */
  open(sealed: string, owner: string): string;
  /** The same for the same text of the same owner, by which nobody without the key can try texts. */
  fingerprint(text: string, owner: string): string;
}

const VERSION = "v1";
const IV_BYTES = 12;

export function createVault(key: Buffer): Vault {
  // A key of its own: what seals is used for nothing else.
  const printing = Buffer.from(hkdfSync("sha256", key, "", "throughline webhook fingerprint", 32));
  return {
    seal(text, owner) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [VERSION, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString("base64url"))].join(".");
    },
    open(sealed, owner) {
      const [version, ...parts] = sealed.split(".");
      const [iv, tag, text] = parts.map((part) => Buffer.from(part, "base64url"));
      if (version !== VERSION || iv?.length !== IV_BYTES || tag?.length !== 16 || text === undefined)
        throw new DomainError("INTERNAL", "a webhook's secret isn't sealed as it must be");
      const decipher = createDecipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(owner)).setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
    },
    fingerprint: (text, owner) =>
      createHmac("sha256", printing)
        .update(JSON.stringify([owner, text]))
        .digest("base64url"),
  };
}

const noKey = (): never => {
  throw new DomainError("UNAVAILABLE", "This process was given no key for the secrets of webhooks.");
};

/** Of a process that was given no key: it has no webhooks. */
export const closedVault: Vault = { seal: noKey, open: noKey, fingerprint: noKey };

/** The vault of this home; its key is made on first use and readable by its owner only. */
export async function loadOrCreateVault(home: string): Promise<Vault> {
  const folder = join(home, "keys");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = await readOrCreate(join(folder, "webhook.key"), async () => randomBytes(32).toString("hex"));
  return createVault(Buffer.from(key, "hex"));
}
