import { z } from "zod";
import { defineNode } from "../node.js";

export const PROPOSAL_STATUSES = ["OPEN", "DONE", "REJECTED", "WITHDRAWN", "EXPIRED"] as const;

/** An irreversible action that waits for its approvals. `title` says it in words. */
export const proposal = defineNode({
  label: "Proposal",
  shape: z.object({
    status: z.enum(PROPOSAL_STATUSES),
    /** The command that would run. */
    action: z.string(),
    /** Its input, as JSON. */
    arguments: z.string(),
    /** The principal's natural key, and their name. */
    proposer: z.string(),
    proposerName: z.string(),
    /** SHA-256 of what would be acted on, as it stood when it was proposed. */
    contentHash: z.string(),
    /** Distinct approvers that policy asked for when it was proposed. */
    needed: z.number().int(),
    proposedAt: z.number(),
    expiresAt: z.number(),
  }),
  searched: false,
});
export type ProposalProperties = z.infer<typeof proposal.shape>;
