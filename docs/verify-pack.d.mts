/** Of verify-pack.mjs, for tests; what it does stands there. */
interface Answer {
  readonly ok: boolean;
  readonly items: number;
  readonly erased: number;
  readonly subjectId: string | null;
  readonly sha256: string | null;
  readonly firstBad: { readonly line: number; readonly id: string } | null;
  readonly problem: string | null;
}
export function canonical(value: unknown): string;
export function verifyPack(bytes: Uint8Array, key: string): Answer;
