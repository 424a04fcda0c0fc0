import { z } from "zod";

/** What every domain edge carries: when it held, and the ids of the operations that opened and closed it. */
export const edgeBase = z.object({
  validFrom: z.number(),
  validTo: z.number(),
  openedBy: z.string(),
  closedBy: z.string().nullable().default(null),
});

/** Who says that a fact supports, contradicts or was considered for a claim. */
export const EVIDENCE_BASES = ["PERSON", "FILE"] as const;

/** Properties of SUPPORTED_BY, CONTRADICTED_BY and CONSIDERED. */
export const evidenceEdge = edgeBase.extend({
  /** `FILE`: an imported file asserts it, and nobody here has judged it. */
  basis: z.enum(EVIDENCE_BASES),
  /** How many imported rows assert it; an edge on a FILE basis closes when none does any more. */
  assertingRows: z.number().int(),
});
