import { createWriteStream } from "node:fs";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import canonicalize from "canonicalize";
import { DomainError } from "../errors.js";
import type { Graph } from "../graph/graph.js";
import { entryById, readTree, sealedEntries, sealedHashes } from "./audit.query.js";
import type { StoredEntry } from "./leaf.js";
import { openCheckpoint, verifierKey } from "./note.js";
import { MerkleTree } from "./tree.js";

const PAGE = 1_000;

/** Files of an export, in its folder. */
export const EXPORT_FILES = {
  entries: "entries.jsonl",
  checkpoint: "checkpoint",
  key: "key",
  verifier: "verify.mjs",
} as const;

interface Head {
  readonly size: number;
  readonly note: string;
  /** The one of the keys that signed it: of a log that was restored or moved here, another home's until ours seals it. */
  readonly publicKey: Buffer;
}

/** The newest checkpoint of the log as it stands in the database, signed with one of these keys (see `keysOf` of sealer.ts). */
async function headOf(graph: Graph, tenantId: string, keys: readonly Buffer[]): Promise<Head> {
  const [tree] = await graph.read({ tenantId }, readTree, {});
  if (tree === undefined || tree.note === null)
    throw new DomainError("NOT_FOUND", "Nothing of this tenant's audit log is sealed yet.");
  const { size, note } = tree;
  const publicKey = keys.find((key) => openCheckpoint(note, tenantId, key)?.size === size);
  if (publicKey === undefined) throw notAsSealed();
  return { size, note, publicKey };
}

/**
 * Writes the sealed log into an empty or new folder: an entry a line as canonical JSON, the checkpoint over all of them, the
 * public key that it is signed with, and a verifier that needs nothing but Node. It is written as it is found; to judge it is for the verifier.
 */
export async function writeExport(
  graph: Graph,
  tenantId: string,
  options: { readonly keys: readonly Buffer[]; readonly folder: string; readonly verifier: string },
): Promise<{ size: number }> {
  const { keys, folder, verifier } = options;
  const { size, note, publicKey } = await headOf(graph, tenantId, keys);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw DomainError.badInput("out", `${folder} isn't empty.`);
  await pipeline(
    Readable.from(linesOf(graph, tenantId, size)),
    createWriteStream(join(folder, EXPORT_FILES.entries), { mode: 0o600 }),
  );
  await writeFile(join(folder, EXPORT_FILES.checkpoint), note);
  await writeFile(join(folder, EXPORT_FILES.key), `${verifierKey(tenantId, publicKey)}\n`);
  await copyFile(verifier, join(folder, EXPORT_FILES.verifier));
  return { size };
}

async function* linesOf(graph: Graph, tenantId: string, size: number): AsyncGenerator<string> {
  for (let from = 0; from < size;) {
    const rows = await graph.read({ tenantId }, sealedEntries, { from, limit: Math.min(PAGE, size - from) });
    for (const { entry } of rows) yield `${canonicalize(entry)}\n`;
    if (rows.length === 0) return;
    from += rows.length;
  }
}

/** An entry with what shows that it is in the log: everything is base64 but the entry itself. */
export interface Proof {
  readonly entry: StoredEntry;
  readonly index: number;
  readonly size: number;
  readonly root: string;
  /** Nodes from the leaf to the root, nearest first (RFC 6962, 2.1.1). */
  readonly inclusion: readonly string[];
  /** The signed note that tells of size and root. */
  readonly checkpoint: string;
  readonly key: string;
}

/** Shows that the log once had the first `older` entries of those that it has now. */
export interface GrowthProof {
  readonly older: number;
  readonly olderRoot: string;
  readonly size: number;
  readonly root: string;
  /** Nodes that both roots are made of (RFC 6962, 2.1.2). */
  readonly consistency: readonly string[];
  readonly checkpoint: string;
  readonly key: string;
}

const base64 = (nodes: readonly Buffer[]): string[] => nodes.map((node) => node.toString("base64"));
const notAsSealed = () =>
  new DomainError("UNAVAILABLE", "The audit log isn't as it was sealed; `audit verify` says where.");

export async function proveEntry(
  graph: Graph,
  tenantId: string,
  entryId: string,
  keys: readonly Buffer[],
): Promise<Proof> {
  const { tree, ...head } = await signedTree(graph, tenantId, keys);
  const [found] = await graph.read({ tenantId }, entryById, { id: entryId });
  if (found === undefined) throw DomainError.notFound();
  const { sequence } = found.entry;
  if (sequence === undefined || (typeof sequence === "number" && sequence >= head.size))
    throw DomainError.badInput("entry", "The entry isn't sealed yet; it will be in a moment.");
  if (typeof sequence !== "number" || !Number.isSafeInteger(sequence) || sequence < 0) throw notAsSealed();
  return { entry: found.entry, index: sequence, inclusion: base64(tree.inclusion(sequence)), ...head };
}

export async function proveGrowth(
  graph: Graph,
  tenantId: string,
  older: number,
  keys: readonly Buffer[],
): Promise<GrowthProof> {
  const { tree, ...head } = await signedTree(graph, tenantId, keys);
  if (older < 1 || older > head.size) throw DomainError.badInput("since", `The log has 1 to ${head.size} entries.`);
  return {
    older,
    olderRoot: tree.root(older).toString("base64"),
    consistency: base64(tree.consistency(older)),
    ...head,
  };
}

/** The whole tree as the newest checkpoint tells of it. */
async function signedTree(graph: Graph, tenantId: string, keys: readonly Buffer[]) {
  const { size, note, publicKey } = await headOf(graph, tenantId, keys);
  const tree = new MerkleTree(await leafHashes(graph, tenantId, size));
  const root = tree.root();
  if (tree.size !== size || openCheckpoint(note, tenantId, publicKey)?.root.equals(root) !== true) throw notAsSealed();
  return { tree, size, root: root.toString("base64"), checkpoint: note, key: verifierKey(tenantId, publicKey) };
}

async function leafHashes(graph: Graph, tenantId: string, size: number): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  while (hashes.length < size) {
    const from = hashes.length;
    const rows = await graph.read({ tenantId }, sealedHashes, { from, limit: Math.min(PAGE, size - from) });
    if (rows.length === 0) break;
    for (const { leafHash } of rows) hashes.push(Buffer.from(leafHash, "hex"));
  }
  return hashes;
}
