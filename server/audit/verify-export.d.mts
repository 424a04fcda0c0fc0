/** Of verify-export.mjs, for tests; what it does stands there. */
interface Answer {
  readonly ok: boolean;
  readonly size: number;
  readonly root: string;
  readonly firstBad: number | null;
  readonly problem: string | null;
}
export function canonical(value: unknown): string;
export function openNote(note: string, key: string): { origin: string; size: number; root: string } | null;
export function verifyEntries(
  entries: Iterable<unknown> | AsyncIterable<unknown>,
  options: { key: string; checkpoint: string; anchor: string | null },
): Promise<Answer>;
export function verifyProof(proof: unknown, options: { key: string; anchor: string | null }): Answer;
export function rootByInclusion(leaf: Uint8Array, index: number, size: number, nodes: readonly string[]): string | null;
export function isGrowth(proof: {
  older: number;
  olderRoot: string;
  size: number;
  root: string;
  consistency: readonly string[];
}): boolean;
