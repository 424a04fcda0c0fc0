import { z } from "zod";
import type { EdgeType } from "./catalog.js";

/*
 * Every domain edge carries when it held (`validFrom`, `validTo`) and the ids of the operations that opened and closed it
 * (`openedBy`, `closedBy`). What stands here is what some carry beside that.
 */

/** Who says that a fact supports, contradicts or was considered for a claim, or why it is held to. */
export const EVIDENCE_BASES = ["PERSON", "FILE", "QUOTE", "VERBATIM", "AGENT"] as const;

const evidence = z.object({
  /**
   * `FILE`: an imported file asserts it, and nobody here has judged it. `QUOTE`: the words of a fact that supports the claim
   * stand in a newer snapshot of the same source too, so the support was carried over. `VERBATIM`: the claim says a whole sentence
   * of the fact's quote, word for word; that was checked, and nobody has judged more. `AGENT`: an agent or a run of the pipeline suggests it, and nobody here has judged it;
   * never of support.
   */
  basis: z.enum(EVIDENCE_BASES),
  /** How many imported rows assert it; an edge on a FILE basis closes when none does any more. */
  assertingRows: z.number().int(),
});

export const EDGE_PROPERTIES = {
  SUPPORTED_BY: evidence,
  CONTRADICTED_BY: evidence,
  CONSIDERED: evidence,
} as const satisfies Partial<Record<EdgeType, z.ZodObject>>;

/** The properties that an edge of the type carries beside those of every edge. */
export type EdgeProperties<T extends EdgeType> = T extends keyof typeof EDGE_PROPERTIES
  ? z.infer<(typeof EDGE_PROPERTIES)[T]>
  : Record<never, never>;
