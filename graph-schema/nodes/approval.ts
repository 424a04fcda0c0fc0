import { z } from "zod";
import { defineNode } from "../node.js";

export const VERDICTS = ["APPROVED", "REJECTED"] as const;

/** One approver's word on a proposal. It holds for exactly the content that they saw. */
export const approval = defineNode({
  label: "Approval",
  shape: z.object({
    verdict: z.enum(VERDICTS),
    /** The principal's natural key, and their name. */
    approver: z.string(),
    approverName: z.string(),
    /** SHA-256 of the content that it was given for. */
    contentHash: z.string(),
    reason: z.string(),
    givenAt: z.number(),
  }),
  searched: false,
});
export type ApprovalProperties = z.infer<typeof approval.shape>;
