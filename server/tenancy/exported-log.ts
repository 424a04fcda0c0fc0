import { openCheckpoint } from "../audit/note.js";
import type { ExportedNode } from "./export.js";

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
  /** Size that the newest checkpoint tells of; -1 for none. */
  #newest = -1;
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
  add({ labels: [label, ...marks], properties }: ExportedNode): string | null {
    if (label === "AuditEntry") return this.#addEntry(properties, marks.includes("Unsealed"));
    if (label === "Checkpoint") {
      if (!isCount(properties.size)) return "a checkpoint of its audit log tells no size.";
      this.#newest = Math.max(this.#newest, properties.size);
    }
    return label === "AuditTree" ? this.#addTree(properties) : null;
  }

  #addEntry({ sequence, leafHash, salt }: ExportedNode["properties"], waits: boolean): string | null {
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

  #addTree({ size, note }: ExportedNode["properties"]): string | null {
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
    if (this.#size === null && (this.#sealed > 0 || this.#newest >= 0))
      return "Its audit log was sealed, and the tree isn't in it.";
    if (this.#sealed !== size || this.#last !== size - 1)
      return `Its audit log has ${this.#sealed} sealed entries, and its tree tells of ${size}.`;
    if (this.#newest > size)
      return `Its audit log has a checkpoint of ${this.#newest} entries, and its tree tells of ${size}.`;
    return null;
  }
}
