import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, importJWK, type CryptoKey } from "jose";

/** The key pair that signs tokens, and the secrets that sign bookmarks and sign-in links. They live outside the database. */
export interface Keys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly bookmarkSecret: Buffer;
  readonly linkSecret: Buffer;
}

/** The only algorithm that tokens are signed with and accepted in. */
export const ALGORITHM = "EdDSA";

/** The keys of this home, made on first use; readable by their owner only. */
export async function loadOrCreateKeys(home: string): Promise<Keys> {
  const folder = join(home, "keys");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stored = await readOrCreate(join(folder, "token.jwk"), async () => {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true, crv: "Ed25519" });
    return JSON.stringify(await exportJWK(pair.privateKey));
  });
  const { d, ...publicJwk } = JSON.parse(stored) as { d: string; kty: string; crv: string; x: string };
  const secret = async (name: string) =>
    Buffer.from(await readOrCreate(join(folder, name), async () => randomBytes(32).toString("hex")), "hex");
  return {
    privateKey: (await importJWK({ ...publicJwk, d }, ALGORITHM)) as CryptoKey,
    publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey,
    bookmarkSecret: await secret("bookmark-secret"),
    linkSecret: await secret("link-secret"),
  };
}

/** Two processes may come here at once: whoever links its file first wins, and both read the same. */
export async function readOrCreate(path: string, create: () => Promise<string>): Promise<string> {
  const existing = await readFile(path, "utf8").catch(() => null);
  if (existing !== null) return existing;
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, await create(), { mode: 0o600, flag: "wx" });
  // `link` fails when the name is taken, and never shows half a file.
  await link(temporary, path).catch((error: NodeJS.ErrnoException) =>
    error.code === "EEXIST" ? undefined : Promise.reject(error),
  );
  await rm(temporary);
  return readFile(path, "utf8");
}
