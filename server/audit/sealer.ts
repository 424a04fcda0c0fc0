import { SYSTEM_TENANT, TIMEOUT_MS, type Graph, type WriteTx } from "../graph/graph.js";
import {
  checkpointId,
  lockTree,
  moveTree,
  restoring,
  sealEntries,
  takeUnsealed,
  unsealedTenants,
} from "./audit.query.js";
import type { CheckpointStore } from "./checkpoints.js";
import { isErased, leafHashOf, newSalt, type StoredEntry } from "./leaf.js";
import { openCheckpoint, signCheckpoint, type Checkpoint } from "./note.js";
import type { Signer } from "./signer.js";
import { AuditTampered } from "./tampered.js";
import { append, frontierLength, rootOf, type Frontier } from "./tree.js";

/** What sealing and verifying need: the database, and what is kept outside of it. */
export interface AuditOffice {
  readonly graph: Graph;
  readonly signer: Signer;
  readonly checkpoints: CheckpointStore;
  /** Public keys of the regions that a tenant may have come from: what one of them signed is as good as if we had. */
  readonly trusted?: readonly Buffer[] | undefined;
}

/** The keys that a checkpoint may be signed with: this office's own, and those that it trusts. */
export const keysOf = ({ signer, trusted = [] }: Pick<AuditOffice, "signer" | "trusted">): readonly Buffer[] => [
  signer.publicKey,
  ...trusted,
];

/** Entries that one transaction seals. */
const BATCH = 1_000;

/**
 * Seals every tenant that has unsealed entries, up to the last of them; a job calls it every half second or so. What goes wrong
 * with one tenant keeps no other waiting: it is answered in `failed`. Call it from as many places as you like, since each seal
 * holds the tenant's tree; a lease only saves the double work.
 */
export async function sealAll(
  office: AuditOffice,
  /** Whom to seal; everybody who waits unless it is said. */
  tenantIds?: readonly string[],
): Promise<{
  readonly sealed: number;
  readonly failed: readonly { readonly tenantId: string; readonly error: unknown }[];
}> {
  let sealed = 0;
  const failed: { tenantId: string; error: unknown }[] = [];
  for (const tenantId of tenantIds ?? (await tenantsWaiting(office.graph))) {
    try {
      sealed += (await sealTenant(office, tenantId)).sealed;
    } catch (error) {
      failed.push({ tenantId, error });
    }
  }
  return { sealed, failed };
}

/** Tenants with entries that wait for the sealer. */
export const tenantsWaiting = async (graph: Graph): Promise<string[]> =>
  (await graph.read({ tenantId: SYSTEM_TENANT }, unsealedTenants, {})).map(({ tenantId }) => tenantId);

/**
 * Gives a tenant's unsealed entries their sequence and place in the tree, a thousand to a transaction, and signs a checkpoint
 * after each. The checkpoint goes out of the database once its transaction is committed, so what stands outside is never ahead.
 */
export async function sealTenant(office: AuditOffice, tenantId: string): Promise<{ sealed: number; size: number }> {
  for (let sealed = 0; ;) {
    const kept = await keptOutside(office, tenantId);
    const { value: batch } = await office.graph.write({ tenantId, timeoutMs: TIMEOUT_MS.bulk }, (tx) =>
      sealBatch(office, tx, kept),
    );
    if (batch.note !== null && batch.size > (kept?.size ?? 0)) await office.checkpoints.write(tenantId, batch.note);
    sealed += batch.sealed;
    if (batch.sealed < BATCH) return { sealed, size: batch.size };
  }
}

/** The checkpoint outside the database, if there is one yet. */
async function keptOutside(office: AuditOffice, tenantId: string): Promise<Checkpoint | null> {
  const kept = await office.checkpoints.read(tenantId);
  if (kept === null) return null;
  const checkpoint = openCheckpoint(kept.note, tenantId, ...keysOf(office));
  if (checkpoint === null) throw new AuditTampered(tenantId, "the checkpoint outside isn't signed with our key");
  return checkpoint;
}

async function sealBatch(
  office: Pick<AuditOffice, "signer" | "trusted">,
  tx: WriteTx,
  kept: Checkpoint | null,
): Promise<{ sealed: number; size: number; note: string | null }> {
  // What is being read back brings a tree along, and what this process notes meanwhile comes behind it.
  if ((await tx.run(restoring, {})).length > 0) return { sealed: 0, size: 0, note: null };
  const [tree] = await tx.run(lockTree, {});
  if (tree === undefined) throw new Error("a tree is locked by making it");
  let { size } = tree;
  let frontier: Frontier = tree.frontier.map((root) => Buffer.from(root, "hex"));
  checkTree(tx.tenantId, { size, frontier, note: tree.note }, keysOf(office), kept);
  const entries = (await tx.run(takeUnsealed, { limit: BATCH })).map(({ entry }) => entry);
  if (entries.length === 0) return { sealed: 0, size, note: tree.note };
  const rows = entries.map((entry) => {
    const row = sealEntry(tx.tenantId, entry, size);
    frontier = append(frontier, size, row.hash);
    size += 1;
    return { id: row.id, sequence: row.sequence, salt: row.salt, leafHash: row.hash.toString("hex") };
  });
  const [done] = await tx.run(sealEntries, { rows });
  if (done?.sealed !== rows.length) throw new Error("an entry went away while it was sealed");
  const root = rootOf(frontier);
  const note = await signCheckpoint(office.signer, tx.tenantId, { size, root });
  const roots = frontier.map((each) => each.toString("hex"));
  await tx.run(moveTree, { size, frontier: roots, note, id: checkpointId(size), root: root.toString("base64") });
  return { sealed: rows.length, size, note };
}

function sealEntry(tenantId: string, entry: StoredEntry, sequence: number) {
  const { id } = entry;
  if (typeof id !== "string" || entry.tenantId !== tenantId) throw new AuditTampered(tenantId, "an entry has no id");
  if (entry.sequence !== undefined || entry.leafHash !== undefined)
    throw new AuditTampered(tenantId, `the sealed entry ${id} is marked as unsealed`);
  // What was erased before it was sealed has its digests and no salt.
  const salt = isErased(entry) ? null : newSalt();
  return { id, sequence, salt, hash: leafHashOf(entry, { sequence, salt: salt ?? "" }) };
}

/**
 * The sealer goes on only from a tree that it signed: else whoever rewrote the database would have the rewriting signed for by
 * the next seal, and the checkpoint outside, which tells of it, written over.
 */
function checkTree(
  tenantId: string,
  { size, frontier, note }: { size: number; frontier: Frontier; note: string | null },
  keys: readonly Buffer[],
  kept: Checkpoint | null,
): void {
  const root = rootOf(frontier);
  const signed = note === null ? null : openCheckpoint(note, tenantId, ...keys);
  const empty = size === 0 && note === null && frontier.length === 0;
  if (!empty && (signed?.size !== size || !signed.root.equals(root) || frontier.length !== frontierLength(size)))
    throw new AuditTampered(tenantId, `nobody signed its tree of ${size} entries`);
  if (kept === null) return;
  if (kept.size > size)
    throw new AuditTampered(tenantId, `it has ${size} entries, and the checkpoint outside tells of ${kept.size}`);
  if (kept.size === size && !kept.root.equals(root))
    throw new AuditTampered(tenantId, `the checkpoint outside tells of another tree of ${size} entries`);
}
