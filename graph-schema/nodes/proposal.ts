import { z } from "zod";
import { defineNode, optional } from "../node.js";
import { ROLES } from "./principal.js";

export const PROPOSAL_STATUSES = ["OPEN", "DONE", "REJECTED", "WITHDRAWN", "EXPIRED"] as const;

/** An irreversible action that waits for its approvals. `title` says it in words. */
export const proposal = defineNode({
  label: "Proposal",
  shape: z.object({
    status: z.enum(PROPOSAL_STATUSES),
    /** The command that would run. */
    action: z.string(),
    /** Its input beside the subject, as JSON. */
    arguments: z.string(),
    reason: z.string(),
    /** The principal's natural key, and their name. */
    proposer: z.string(),
    proposerName: z.string(),
    /** The person whom an agent proposed it for: they answer for it, and can't approve it either. */
    onBehalfOf: optional(z.string()),
    /** What the proposer's token said; the graph says what is left of it when the action is carried out. */
    proposerRoles: z.array(z.enum(ROLES)),
    /** SHA-256 of what would be acted on, as it stood when it was proposed; the Body of this hash holds its text. */
    contentHash: z.string(),
    /** Distinct approvers that policy asked for when it was proposed. */
    needed: z.number().int(),
    proposedAt: z.number(),
    expiresAt: z.number(),
    /** Of what was published: SHA-256 of the frozen evidence pack; the Body of this hash holds it. */
    packSha256: optional(z.string()),
  }),
  searched: false,
});
export type ProposalProperties = z.infer<typeof proposal.shape>;
