import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { join } from "node:path";
import { keysFolder, readOrCreate } from "../secrets/home-keys.js";

/** Signs checkpoints: a key of this home, or one that a manager holds and never gives out. */
export interface Signer {
  /** The 32 bytes of the Ed25519 public key. */
  readonly publicKey: Buffer;
  /** The 64 bytes of an Ed25519 signature. */
  sign(text: Uint8Array): Promise<Buffer> | Buffer;
}

/** Signs with the private key of a JWK (RFC 8037). */
export function jwkSigner(jwk: string): Signer {
  const privateKey = createPrivateKey({ key: JSON.parse(jwk), format: "jwk" });
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  return { publicKey: Buffer.from(x!, "base64url"), sign: (text) => sign(null, text, privateKey) };
}

export const newAuditJwk = (): string =>
  JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));

/** The key of this home, `keys/audit.jwk`, made on first use; it never is in the database that it watches over. */
export async function loadAuditSigner(home: string): Promise<Signer> {
  return jwkSigner(await readOrCreate(join(await keysFolder(home), "audit.jwk"), async () => newAuditJwk()));
}

export function isSigned(publicKey: Buffer, text: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: publicKey.toString("base64url") },
    format: "jwk",
  });
  return verify(null, text, key, signature);
}
