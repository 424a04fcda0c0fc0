import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { DomainError } from "../errors.js";
import { previousName, readKeys, type KeyPlaces, type KeyTexts } from "../secrets/home-keys.js";
import { Rotating, type RotatingOptions } from "../secrets/rotating.js";

/*
 * Secrets of webhooks lie in the graph under a key that lies outside it: AES-256-GCM, bound to the webhook that they belong
 * to, so that whoever can write to the database can neither read one nor put one webhook's in another's place. What is sealed
 * names its key, so that after a rotation the key of before opens it until it is sealed anew.
 */

export interface Vault {
  /** How everything begins that is sealed with the present key. */
  readonly mark: string;
  /** The text under lock, bound to what it belongs to. */
  seal(text: string, owner: string): string;
  /** Throws when it was changed, belongs to something else, or neither the present key sealed it nor the one before. */
  open(sealed: string, owner: string): string;
  /** The same for the same text of the same owner until the key is rotated, by which nobody without the key can try texts. */
  fingerprint(text: string, owner: string): string;
}

const VERSION = "v2";
/** What was sealed before keys had names. */
const NAMELESS = "v1";
const IV_BYTES = 12;

interface VaultKey {
  readonly key: Buffer;
  readonly name: string;
}

/** A key of its own for each use: what seals is used for nothing else. */
const derive = (key: Buffer, use: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync("sha256", key, "", `throughline webhook ${use}`, bytes));
const named = (key: Buffer): VaultKey => ({ key, name: derive(key, "key name", 9).toString("base64url") });

export function createVault(key: Buffer, before: Buffer | null = null): Vault {
  const present = named(key);
  const keys = before === null ? [present] : [present, named(before)];
  const printing = derive(key, "fingerprint", 32);
  const mark = `${VERSION}.${present.name}.`;
  return {
    mark,
    seal(text, owner) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return mark + [iv, cipher.getAuthTag(), sealed].map((part) => part.toString("base64url")).join(".");
    },
    open(sealed, owner) {
      const [version, ...rest] = sealed.split(".");
      const name = version === VERSION ? rest.shift() : undefined;
      const [iv, tag, text] = rest.map((part) => Buffer.from(part, "base64url"));
      const isSealed = version === VERSION || version === NAMELESS;
      if (!isSealed || iv?.length !== IV_BYTES || tag?.length !== 16 || text === undefined)
        throw new DomainError("INTERNAL", "a webhook's secret isn't sealed as it must be");
      const fitting = version === NAMELESS ? keys : keys.filter((one) => one.name === name);
      let failure: unknown = new DomainError("INTERNAL", "a webhook's secret is sealed with a key that isn't here");
      for (const one of fitting) {
        try {
          const decipher = createDecipheriv("aes-256-gcm", one.key, iv).setAAD(Buffer.from(owner)).setAuthTag(tag);
          return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
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
export const closedVault: Vault = { mark: "", seal: noKey, open: noKey, fingerprint: noKey };

const NAME = "webhook.key";

/** The vault as its keys are now; that of this home is made on first use and readable by its owner only. */
export const openVault = ({
  changed,
  failed,
  ...places
}: KeyPlaces & Pick<RotatingOptions<Vault>, "changed" | "failed">): Promise<Rotating<Vault>> =>
  Rotating.open({
    read: () => readKeys(places, { [NAME]: async () => randomBytes(32).toString("hex") }),
    parse: vaultOf,
    changed,
    failed,
  });

/** Throws when a key isn't one, and says which, never what it is. */
function vaultOf(texts: KeyTexts): Vault {
  const before = texts[previousName(NAME)] ?? null;
  return createVault(keyOf(NAME, texts[NAME] ?? ""), before === null ? null : keyOf(previousName(NAME), before));
}

function keyOf(name: string, text: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error(`${name} isn't 32 bytes in hexadecimal`);
  return Buffer.from(text, "hex");
}
