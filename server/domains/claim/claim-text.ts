import { createHash } from "node:crypto";

/** Unicode NFC, runs of white space as one space, trimmed: two claims that differ in nothing else are one. */
export const normalizeClaim = (text: string): string => text.normalize("NFC").replace(/\s+/gu, " ").trim();

/** A claim's natural key: SHA-256 of its normalised text, hex. */
export const claimKey = (normalized: string): string => createHash("sha256").update(normalized).digest("hex");
