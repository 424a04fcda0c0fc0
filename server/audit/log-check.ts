import { isErased, isWhollyErased, leafHashOf, type StoredEntry } from "./leaf.js";
import type { Checkpoint } from "./note.js";
import { append, rootOf } from "./tree.js";

/** The command that an erasure of texts stands under in the log; without such an entry a missing text is a flaw. */
export const ERASURE = "eraseAuditTexts";

export interface Flaw {
  /** The first sequence that can't be relied on. */
  readonly sequence: number;
  readonly problem: string;
}

/**
 * Goes through a log from its beginning, entry by entry, and keeps no more of it than the tree's frontier: each entry must stand
 * in its place and hash to its leaf, and the tree must have had every signed root at that root's size.
 */
export class LogCheck {
  #size = 0;
  #frontier: Buffer[] = [];
  #flaw: Flaw | null = null;
  #sure = 0;
  /** Erased entries behind the last erasure, by the operation that they name: the next erasure must be that one. */
  readonly #erased = new Map<string, number>();

  get size(): number {
    return this.#size;
  }
  get root(): Buffer {
    return rootOf(this.#frontier);
  }
  /** The tree's, in hex. */
  get frontier(): string[] {
    return this.#frontier.map((root) => root.toString("hex"));
  }
  get flaw(): Flaw | null {
    return this.#flaw;
  }
  /** All entries before this one are as they were sealed: the size of the last signed root that was met. */
  get sure(): number {
    return this.#sure;
  }

  /** The next entry of the log. After the first flaw nothing more is looked at. */
  add(entry: StoredEntry): void {
    if (this.#flaw !== null) return;
    const sequence = this.#size;
    const problem = problemOf(entry, sequence);
    if (problem !== null) return this.fail(sequence, problem);
    this.#frontier = append(this.#frontier, sequence, Buffer.from(String(entry.leafHash), "hex"));
    this.#size += 1;
    this.#noteErasure(entry, sequence);
  }

  /** An erasure erases all before it, so each erased entry names the next one that the log tells of. */
  #noteErasure(entry: StoredEntry, sequence: number): void {
    if (entry.command === ERASURE && entry.outcome === "DONE") {
      this.#erased.delete(String(entry.operationId));
      this.checkErasures([]);
    }
    const by = String(entry.erasedBy);
    if (isErased(entry) && !this.#erased.has(by)) this.#erased.set(by, sequence);
  }

  /** A signed root of the tree at its present size. */
  meet(checkpoint: Checkpoint): void {
    if (this.#flaw !== null) return;
    if (checkpoint.size !== this.#size) throw new Error("a checkpoint is met at its size");
    if (checkpoint.root.equals(this.root)) this.#sure = this.#size;
    else this.fail(this.#sure, `the first ${this.#size} entries aren't those that were signed`);
  }

  /** At the end: whatever is erased behind the last erasure must be told of by an entry that waits for the sealer. */
  checkErasures(waiting: readonly unknown[]): void {
    for (const [operationId, sequence] of this.#erased)
      if (!waiting.includes(operationId)) this.fail(sequence, "its texts are gone, and the log tells of no erasure");
  }

  /** The first flaw counts. */
  fail(sequence: number, problem: string): void {
    this.#flaw ??= { sequence, problem };
  }
}

function problemOf(entry: StoredEntry, sequence: number): string | null {
  if (entry.sequence !== sequence) return `entry ${sequence} isn't there`;
  if (isErased(entry) && !isWhollyErased(entry)) return `entry ${sequence} is half erased`;
  if (!isErased(entry) && typeof entry.salt !== "string") return `entry ${sequence} has no salt`;
  return entry.leafHash === leafOf(entry, sequence) ? null : `entry ${sequence} isn't what was sealed`;
}

/** Null for what was never plain data, so that nobody can have sealed it. */
function leafOf(entry: StoredEntry, sequence: number): string | null {
  try {
    return leafHashOf(entry, { sequence, salt: typeof entry.salt === "string" ? entry.salt : "" }).toString("hex");
  } catch {
    return null;
  }
}
