import { createHash } from "node:crypto";

/*
 * The Merkle tree of RFC 6962, section 2.1: SHA-256, 0x00 before a leaf's data and 0x01 before two nodes, and a tree that isn't
 * full splits at the largest power of two below its size.
 */

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const hashLeaf = (data: string | Uint8Array): Buffer => sha256(LEAF, Buffer.from(data));
export const hashNodes = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** Roots of the full subtrees that a tree is made of, largest first: all that appending needs to know. */
export type Frontier = readonly Buffer[];

/** How many roots a tree of this size has. */
export const frontierLength = (size: number): number => size.toString(2).replaceAll("0", "").length;

/** The frontier after one more leaf; `size` is the tree's before it. */
export function append(frontier: Frontier, size: number, leafHash: Buffer): Buffer[] {
  const roots = [...frontier];
  let root = leafHash;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) root = hashNodes(roots.pop()!, root);
  roots.push(root);
  return roots;
}

export function rootOf(frontier: Frontier): Buffer {
  return frontier.length === 0 ? sha256() : frontier.reduceRight((right, left) => hashNodes(left, right));
}

/** The largest power of two below `size`, which is at least 2. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** A whole tree in memory, 64 bytes a leaf, for proofs. */
export class MerkleTree {
  /** Full subtrees by their height, from the leaves on. */
  readonly #levels: Buffer[][];

  constructor(leafHashes: readonly Buffer[]) {
    this.#levels = [[...leafHashes]];
    for (let below = this.#levels[0]!; below.length > 1; below = this.#levels.at(-1)!) {
      const level: Buffer[] = [];
      for (let i = 0; i + 1 < below.length; i += 2) level.push(hashNodes(below[i]!, below[i + 1]!));
      this.#levels.push(level);
    }
  }

  get size(): number {
    return this.#levels[0]!.length;
  }

  /** The root of the first `size` leaves. */
  root(size: number = this.size): Buffer {
    return size === 0 ? rootOf([]) : this.#subtree(0, size);
  }

  /** Nodes that lead from a leaf to the root of the first `size` leaves, nearest first (PATH of the RFC). */
  inclusion(index: number, size: number = this.size): Buffer[] {
    if (index < 0 || index >= size || size > this.size) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
    return this.#path(index, 0, size);
  }

  /** Nodes that show the first `older` leaves to be the beginning of the first `size` (PROOF of the RFC). */
  consistency(older: number, size: number = this.size): Buffer[] {
    if (older < 0 || older > size || size > this.size) throw new RangeError(`no tree of ${older} in one of ${size}`);
    return older === 0 ? [] : this.#subproof(older, 0, size, true);
  }

  #subtree(start: number, end: number): Buffer {
    const size = end - start;
    if (size === 1) return this.#levels[0]![start]!;
    const split = splitOf(size);
    if (split * 2 === size) return this.#levels[Math.log2(size)]![start / size]!;
    return hashNodes(this.#subtree(start, start + split), this.#subtree(start + split, end));
  }

  #path(index: number, start: number, end: number): Buffer[] {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...this.#path(index, start, middle), this.#subtree(middle, end)]
      : [...this.#path(index, middle, end), this.#subtree(start, middle)];
  }

  #subproof(older: number, start: number, end: number, known: boolean): Buffer[] {
    if (older === end - start) return known ? [] : [this.#subtree(start, end)];
    const split = splitOf(end - start);
    const middle = start + split;
    return older <= split
      ? [...this.#subproof(older, start, middle, known), this.#subtree(middle, end)]
      : [...this.#subproof(older - split, middle, end, false), this.#subtree(start, middle)];
  }
}
