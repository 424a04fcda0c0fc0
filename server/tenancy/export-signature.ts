import { isSigned, type Signer } from "../audit/signer.js";

/*
 * The end of an export is signed with the audit key of the home that made it, over all that the end says: whose it is, how much, and
 * the hash of every line. Hash and counts alone tell of damage; whoever edits a file can write them anew, but not this.
 */

/** What the end of an export says of the lines before it. */
export interface Told {
  readonly nodes: number;
  readonly edges: number;
  readonly sha256: string;
}

/** `key` is the public key, `signature` over `textOf` by it, both base64; neither where nobody had a key to sign with. */
export interface Signature {
  readonly key: string;
  readonly signature: string;
}

/** Checkpoints, which the same key signs, begin with `throughline/`: neither is ever taken for the other. */
const textOf = (tenantId: string, { nodes, edges, sha256 }: Told): Buffer =>
  Buffer.from(`throughline-export v3\n${tenantId}\n${nodes}\n${edges}\n${sha256}\n`);

export async function signEnd(signer: Signer, tenantId: string, told: Told): Promise<Signature> {
  const signature = await signer.sign(textOf(tenantId, told));
  return { key: signer.publicKey.toString("base64"), signature: signature.toString("base64") };
}

/** Whether the signature is that key's, and the key one of those that are known. */
export function judgeSignature(
  { key, signature }: Signature,
  tenantId: string,
  told: Told,
  keys: readonly Buffer[],
): "good" | "unknown" | "forged" {
  const known = keys.find((one) => one.toString("base64") === key);
  if (known === undefined) return "unknown";
  return isSigned(known, textOf(tenantId, told), Buffer.from(signature, "base64")) ? "good" : "forged";
}
