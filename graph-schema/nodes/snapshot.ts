import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const SNAPSHOT_KINDS = ["FULL", "EXCERPT"] as const;

/** What was read at a source, once. The text lives on a Body that snapshots with equal text share. */
export const snapshot = defineNode({
  label: "Snapshot",
  shape: z.object({
    url: optional(z.string()),
    revision: optional(z.string()),
    /** Of the text as stored, UTF-8, hex. */
    sha256: z.string(),
    mediaType: z.string(),
    capturedAt: z.number(),
    kind: z.enum(SNAPSHOT_KINDS),
    /** UTF-8 bytes of the text as stored. */
    bytes: z.number().int(),
    /** True when the text was longer than may be stored and its end was left out. */
    cut: z.boolean(),
  }),
  key: "the source's key, the revision where there is one, and the SHA-256 of the text",
  searched: false,
});
export type SnapshotProperties = z.infer<typeof snapshot.shape>;
