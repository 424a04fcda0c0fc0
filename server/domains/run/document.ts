import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** A JSON value as it is kept: canonical, so that equal values have one hash. */
export interface Document {
  readonly text: string;
  readonly sha256: string;
}

export function documentOf(value: unknown): Document {
  const text = canonicalize(value) ?? "null";
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}
