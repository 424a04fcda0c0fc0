import { createHash } from "node:crypto";
import { isSigned, type Signer } from "./signer.js";

/*
 * Checkpoints in the form of C2SP tlog-checkpoint, signed as C2SP signed-note with Ed25519, so that tools which know nothing of
 * us can keep, compare and witness them:
 *
 *   throughline/<tenant>
 *   <size>
 *   <root, base64>
 *
 *   — throughline/<tenant> <base64 of key hash and signature>
 */

/** How many entries the tree had, and its root then. */
export interface Checkpoint {
  readonly size: number;
  readonly root: Buffer;
}

const ED25519 = Uint8Array.of(1);

/** Names the log, and the key that signs for it. */
export const originOf = (tenantId: string): string => `throughline/${tenantId}`;

const keyHash = (origin: string, publicKey: Buffer): Buffer =>
  createHash("sha256").update(`${origin}\n`).update(ED25519).update(publicKey).digest().subarray(0, 4);

/** The public key as a line, in the form that signed-note verifiers take. */
export function verifierKey(tenantId: string, publicKey: Buffer): string {
  const origin = originOf(tenantId);
  const bytes = Buffer.concat([ED25519, publicKey]);
  return `${origin}+${keyHash(origin, publicKey).toString("hex")}+${bytes.toString("base64")}`;
}

export async function signCheckpoint(signer: Signer, tenantId: string, { size, root }: Checkpoint): Promise<string> {
  const origin = originOf(tenantId);
  const text = `${origin}\n${size}\n${root.toString("base64")}\n`;
  const signature = Buffer.concat([keyHash(origin, signer.publicKey), await signer.sign(Buffer.from(text))]);
  return `${text}\n— ${origin} ${signature.toString("base64")}\n`;
}

const TEXT = /^(?<origin>[^\n]+)\n(?<size>0|[1-9]\d{0,14})\n(?<root>[A-Za-z0-9+/]{43}=)\n/;

/** What a checkpoint of this tenant says; null unless one of these keys signed it. Signatures of others beside it don't matter. */
export function openCheckpoint(note: string, tenantId: string, ...publicKeys: readonly Buffer[]): Checkpoint | null {
  for (const publicKey of publicKeys) {
    const opened = openWith(note, tenantId, publicKey);
    if (opened !== null) return opened;
  }
  return null;
}

function openWith(note: string, tenantId: string, publicKey: Buffer): Checkpoint | null {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const said = end < 0 ? undefined : TEXT.exec(text)?.groups;
  const origin = originOf(tenantId);
  if (said === undefined || said.origin !== origin) return null;
  const ours = keyHash(origin, publicKey);
  const signed = note
    .slice(end + 2)
    .split("\n")
    .filter((line) => line.startsWith(`— ${origin} `))
    .map((line) => Buffer.from(line.slice(`— ${origin} `.length), "base64"))
    .some(
      (bytes) =>
        bytes.length === 68 &&
        bytes.subarray(0, 4).equals(ours) &&
        isSigned(publicKey, Buffer.from(text), bytes.subarray(4)),
    );
  return signed ? { size: Number(said.size), root: Buffer.from(said.root!, "base64") } : null;
}
