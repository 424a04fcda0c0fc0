import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type JsonWebKey } from "node:crypto";
import { readKeys } from "../secrets/home-keys.js";
import type { SecretsProvider } from "../secrets/secrets.js";

/** Signs checkpoints: a key of this home, or one that a manager holds and never gives out. */
export interface Signer {
  /** The 32 bytes of the Ed25519 public key. */
  readonly publicKey: Buffer;
  /** The 64 bytes of an Ed25519 signature. */
  sign(text: Uint8Array): Promise<Buffer> | Buffer;
}

/** Signs with the private key of a JWK (RFC 8037). */
export function jwkSigner(jwk: string): Signer {
  const privateKey = createPrivateKey({ key: JSON.parse(jwk) as JsonWebKey, format: "jwk" });
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("another kind of key");
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  return { publicKey: Buffer.from(x!, "base64url"), sign: (text) => sign(null, text, privateKey) };
}

export const newAuditJwk = (): string =>
  JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));

const NAME = "audit.jwk";

/** The provider's key, else that of this home, made on first use; it never is in the database that it watches over. */
export async function loadAuditSigner(home: string, secrets?: SecretsProvider): Promise<Signer> {
  const { [NAME]: jwk } = await readKeys({ home, secrets }, { [NAME]: async () => newAuditJwk() });
  try {
    return jwkSigner(jwk ?? "");
  } catch {
    // Told by name alone: what a key holds has no place in an error.
    throw new Error(`${NAME} is no Ed25519 private key as a JWK`);
  }
}

export function isSigned(publicKey: Buffer, text: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: publicKey.toString("base64url") },
    format: "jwk",
  });
  return verify(null, text, key, signature);
}
