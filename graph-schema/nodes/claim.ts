import { z } from "zod";
import { defineNode, optional } from "../node.js";

export const CLAIM_STATUSES = ["STATED", "NEEDS_RECHECK", "WRONG"] as const;
export const CLAIM_KINDS = [
  "PRICE",
  "COUNT",
  "OFFICE_HOLDER",
  "PRODUCT",
  "LAW",
  "SCIENCE",
  "HISTORY",
  "OTHER",
] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

/** Days until a claim of the kind wants checking again; null never does. */
export const SHELF_LIFE_DAYS = {
  PRICE: 90,
  COUNT: 90,
  OFFICE_HOLDER: 180,
  PRODUCT: 180,
  LAW: 730,
  SCIENCE: 730,
  HISTORY: null,
  OTHER: null,
} as const satisfies Record<ClaimKind, number | null>;

/** A sentence that is stated, and can be right or wrong. `title` is its text. Past `recheckBy` it needs a check; it isn't thereby wrong. */
export const claim = defineNode({
  label: "Claim",
  shape: z.object({
    kind: z.enum(CLAIM_KINDS),
    status: z.enum(CLAIM_STATUSES),
    recheckBy: optional(z.number()),
    /** Why it needs a check, a line for each reason, the newest last, and since when; both null unless it does. */
    recheckReason: optional(z.string()),
    recheckSince: optional(z.number()),
  }),
  key: "SHA-256 of the normalised text",
  searched: true,
});
export type ClaimProperties = z.infer<typeof claim.shape>;
