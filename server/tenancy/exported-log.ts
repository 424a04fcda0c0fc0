import { openCheckpoint } from "../audit/note.js";
import type { ExportLine } from "./export.js";

type NodeLine = ExportLine & { readonly type: "node" };

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * The audit log's part of an export, judged while it is read through, in memory of a few counts: a log that lost its tree, or whose
 * entries aren't all either sealed or waiting to be, would never be sealed again. That the entries are what was sealed is verified
 * once they are in the database.
 */
export class ExportedLog {
  #entries = 0;
  #sealed = 0;
  #last = -1;
  #checkpoints = 0;
  #size: number | null = null;

  constructor(
    readonly tenantId: string,
    /** Public keys of the audits that are trusted. */
    readonly keys: readonly Buffer[],
  ) {}

  /** How many entries are sealed. */
  get sealed(): number {
    return this.#sealed;
  }

  /** What is wrong with a node of the log; null for nothing, and for any other node. */
  add({ labels: [label, ...marks], properties }: NodeLine): string | null {
    if (label === "AuditEntry") return this.#addEntry(properties, marks.includes("Unsealed"));
    if (label === "Checkpoint") this.#checkpoints += 1;
    return label === "AuditTree" ? this.#addTree(properties) : null;
  }

  #addEntry({ sequence, leafHash, salt }: NodeLine["properties"], waits: boolean): string | null {
    this.#entries += 1;
    if (waits)
      return [sequence, leafHash, salt].every((value) => value === undefined)
        ? null
        : "an audit entry that waits to be sealed has its place in the log already.";
    if (!isCount(sequence) || typeof leafHash !== "string")
      return "an audit entry is neither sealed nor waiting to be.";
    this.#sealed += 1;
    this.#last = Math.max(this.#last, sequence);
    return null;
  }

  #addTree({ size, note }: NodeLine["properties"]): string | null {
    if (this.#size !== null || !isCount(size)) return "its audit log has another tree than one.";
    this.#size = size;
    if (note === undefined) return size === 0 ? null : "nobody signed the tree of its audit log.";
    const signed = openCheckpoint(String(note), this.tenantId, ...this.keys);
    if (signed === null)
      return "its audit log is signed with a key that isn't known here: put what `audit key` prints where it comes from into regions.yaml, as one of that region's auditKeys.";
    return signed.size === size ? null : "nobody signed the tree of its audit log as it stands.";
  }

  /** What is wrong with the log as a whole; null for nothing. */
  problem(): string | null {
    const size = this.#size ?? 0;
    if (this.#entries === 0) return "Its audit log isn't in it.";
    if (this.#size === null && (this.#sealed > 0 || this.#checkpoints > 0))
      return "Its audit log was sealed, and the tree isn't in it.";
    if (this.#sealed !== size || this.#last !== size - 1)
      return `Its audit log has ${this.#sealed} sealed entries, and its tree tells of ${size}.`;
    return null;
  }
}
