import { randomBytes } from "node:crypto";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { identityOf, type Caller } from "../../commands/caller.js";
import type { CommandContext } from "../../commands/command.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { freezeLines, type PackItem } from "./pack.js";
import { keepContent, readApprovals } from "./proposal.repository.js";
import type { Proposal, Standing } from "./standing.service.js";

const SALT_BYTES = 16;

/** What was carried out just now, in this transaction. */
interface CarriedOut extends Pick<Standing, "action" | "subject" | "items"> {
  readonly proposal: Pick<
    Proposal,
    "id" | "ulid" | "action" | "proposer" | "proposerName" | "onBehalfOf" | "reason" | "proposedAt"
  >;
  readonly contentHash: string;
  readonly at: Instant;
}

/**
 * Freezes what was published: the content that was approved, item by item, with the proposal, the approvals of that content
 * and what policy said. Kept in the transaction that published it, under its hash, which is answered; null for an action that isn't packed.
 */
export async function freezePack(
  context: CommandContext,
  { action, subject, items, proposal, contentHash, at }: CarriedOut,
  told: {
    readonly proposer: Caller;
    readonly approvers: readonly string[];
    readonly arguments: Readonly<Record<string, unknown>>;
  },
): Promise<string | null> {
  if (action.packed !== true) return null;
  const { tx } = context;
  const { id, proposer, proposerName, onBehalfOf, reason, proposedAt } = proposal;
  const approvers = [...told.approvers];
  const gate = (await action.obstacles?.(tx, subject, items)) ?? [];
  // On the same facts, under the same locks, as when it was carried out: whoever reads the pack sees what was decided on.
  const { decision, policy } = await context.judge(told.proposer, {
    capability: action.command.capability,
    channels: await channelsOf(tx, subject),
    irreversible: { proposer: identityOf(told.proposer), approvers, gate },
  });
  const given = await readApprovals(tx, proposal.ulid);
  const packed: PackItem[] = [
    { kind: "proposal", id, proposer, proposerName, onBehalfOf, reason, proposedAt },
    ...given
      .filter((one) => one.verdict === "APPROVED" && one.contentHash === contentHash)
      .map(
        ({ id: approval, ...word }) => ({ kind: "approval", id: formatNodeId("Approval", approval), ...word }) as const,
      ),
    {
      kind: "decision",
      id: "policy",
      capability: action.command.capability,
      policy,
      approvers,
      gate,
      decision: { ...decision },
    },
    ...items.map((item) => ({ kind: "node", ...item }) as const),
  ];
  const head = {
    tenantId: tx.tenantId,
    subjectId: formatNodeId(subject.label, subject.id),
    action: proposal.action,
    arguments: told.arguments,
    proposalId: id,
    contentHash,
    frozenAt: at,
  };
  const pack = freezeLines(head, packed, () => randomBytes(SALT_BYTES).toString("hex"));
  await keepContent(tx, pack);
  return pack.hash;
}
