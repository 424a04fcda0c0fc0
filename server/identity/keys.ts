import { randomBytes } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey } from "jose";
import { previousName, readKeys, type KeyPlaces, type KeyTexts } from "../secrets/home-keys.js";
import type { SecretsProvider } from "../secrets/secrets.js";

/** The key pair that signs tokens, and the secrets that sign bookmarks and sign-in links. They live outside the database. */
export interface Keys {
  /** The thumbprint of the public key: tokens name theirs by it. */
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly bookmarkSecret: Buffer;
  readonly linkSecret: Buffer;
  /** What was signed with until the last rotation: still taken, never signed with again. */
  readonly previous: {
    readonly kid: string | null;
    readonly publicKey: CryptoKey | null;
    readonly bookmarkSecret: Buffer | null;
    readonly linkSecret: Buffer | null;
  };
}

/** The secrets that something may be signed with: the present one, and the one of before. */
export const accepted = (current: Buffer, previous: Buffer | null): readonly Buffer[] =>
  previous === null ? [current] : [current, previous];

/** The only algorithm that tokens are signed with and accepted in. */
export const ALGORITHM = "EdDSA";

const BYTES = 32;

/** What each key is called, in `keys/` of the home and with any provider. */
export const KEY_NAMES = ["token.jwk", "bookmark-secret", "link-secret"] as const;
type KeyName = (typeof KEY_NAMES)[number];

const CREATE: Readonly<Record<KeyName, () => Promise<string>>> = {
  "token.jwk": async () => {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true, crv: "Ed25519" });
    return JSON.stringify(await exportJWK(pair.privateKey));
  },
  "bookmark-secret": async () => randomBytes(BYTES).toString("hex"),
  "link-secret": async () => randomBytes(BYTES).toString("hex"),
};

/** The keys of before and now as text, those of this home made on first use. */
export const readKeyTexts = (places: KeyPlaces): Promise<KeyTexts> => readKeys(places, CREATE);

/** Throws when a key isn't one, and says which, never what it is. */
export async function parseKeys(texts: KeyTexts): Promise<Keys> {
  const token = await signingKey("token.jwk", texts["token.jwk"] ?? "");
  const before = texts["token.previous.jwk"];
  const previous = before == null ? null : await signingKey("token.previous.jwk", before);
  const secret = (name: KeyName) => secretOf(name, texts[name] ?? "");
  const previousSecret = (name: KeyName) => {
    const text = texts[previousName(name)];
    return text == null ? null : secretOf(previousName(name), text);
  };
  return {
    ...token,
    bookmarkSecret: secret("bookmark-secret"),
    linkSecret: secret("link-secret"),
    previous: {
      kid: previous?.kid ?? null,
      publicKey: previous?.publicKey ?? null,
      bookmarkSecret: previousSecret("bookmark-secret"),
      linkSecret: previousSecret("link-secret"),
    },
  };
}

/** The keys of this home, made on first use; readable by their owner only. */
export const loadOrCreateKeys = async (home: string, secrets?: SecretsProvider): Promise<Keys> =>
  parseKeys(await readKeyTexts({ home, secrets }));

async function signingKey(name: string, text: string): Promise<Pick<Keys, "kid" | "privateKey" | "publicKey">> {
  try {
    const { d, kty, crv, x } = JSON.parse(text) as Record<string, string>;
    if (kty !== "OKP" || crv !== "Ed25519" || d === undefined || x === undefined)
      throw new Error("another kind of key");
    const publicJwk = { kty, crv, x };
    return {
      kid: await calculateJwkThumbprint(publicJwk),
      privateKey: (await importJWK({ ...publicJwk, d }, ALGORITHM)) as CryptoKey,
      publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey,
    };
  } catch {
    throw new Error(`${name} is no Ed25519 private key as a JWK`);
  }
}

function secretOf(name: string, text: string): Buffer {
  if (!/^[0-9a-f]{64,}$/i.test(text)) throw new Error(`${name} isn't at least ${BYTES} bytes in hexadecimal`);
  return Buffer.from(text, "hex");
}
