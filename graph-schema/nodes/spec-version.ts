import { z } from "zod";
import { defineNode } from "../node.js";

/** How episodes are told, what models are asked, and what a channel's episodes are held to. */
export const SPEC_KINDS = ["TEMPLATE", "PROMPT", "QA"] as const;
export type SpecKind = (typeof SPEC_KINDS)[number];

/** One published version of a spec of the studio's library. What it says never changes; only whether it is the current one does. */
export const specVersion = defineNode({
  label: "SpecVersion",
  shape: z.object({
    kind: z.enum(SPEC_KINDS),
    name: z.string(),
    /** Semantic: `major.minor.patch`. */
    semver: z.string(),
    /** SHA-256 of what it says, as canonical JSON; the Body of this hash holds it. */
    contentHash: z.string(),
    /** What is new, for people. */
    notes: z.string(),
    /** Whether it is the one that its bare name means. */
    current: z.boolean(),
  }),
  key: "kind, name and version",
  searched: false,
});
export type SpecVersionProperties = z.infer<typeof specVersion.shape>;
