import { createHash } from "node:crypto";

/** Most UTF-8 bytes of text that a snapshot holds; what is longer is cut, and the snapshot says so. */
export const MAX_SNAPSHOT_BYTES = 2_000_000;

export interface SnapshotText {
  readonly text: string;
  /** Of the text as stored, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly cut: boolean;
}

/** The text as it will be stored. */
export function snapshotText(given: string): SnapshotText {
  const whole = Buffer.from(given, "utf8");
  const cut = whole.length > MAX_SNAPSHOT_BYTES;
  // Cut where a character begins: a byte 10xxxxxx continues one.
  let end = Math.min(whole.length, MAX_SNAPSHOT_BYTES);
  while (cut && ((whole[end] ?? 0) & 0xc0) === 0x80) end--;
  const kept = whole.subarray(0, end);
  return {
    text: kept.toString("utf8"),
    sha256: createHash("sha256").update(kept).digest("hex"),
    bytes: kept.length,
    cut,
  };
}

/** A snapshot's natural key: what was read where, in which revision, saying what. */
export const snapshotKey = (sourceKey: string, revision: string | null, sha256: string): string =>
  `${sourceKey} ${revision ?? "-"} ${sha256}`;

/** A snapshot's title: its source's, and which reading of it this is. */
export const snapshotTitle = (sourceTitle: string, revision: string | null): string =>
  revision === null ? sourceTitle : `${sourceTitle}, revision ${revision}`;
