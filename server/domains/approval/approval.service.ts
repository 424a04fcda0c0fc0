import { z } from "zod";
import { ROLES } from "../../../graph-schema/nodes/principal.js";
import { identityOf, type Caller } from "../../commands/caller.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { Denial } from "../../commands/judge.js";
import { refuse } from "../../commands/problem.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { openEdge } from "../../graph/edge.js";
import { createNode, reviseNode } from "../../graph/life.js";
import type { Stamp } from "../../graph/life.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { sealContent } from "../proposal/content.js";
import { freezePack } from "../proposal/freeze-pack.service.js";
import {
  absent,
  answerable,
  carryOut,
  channelsOfProposal,
  closeProposal,
  isOwn,
  standingOf,
  toClose,
  type Proposal,
  type Standing,
} from "../proposal/standing.service.js";

/**
 * Approves a proposal, for exactly the content named. Everything that it rests on is locked first and judged again: the
 * content, the approvers' and the proposer's present rights, switches, the publish gate. With the last approval that policy
 * asks for the action is carried out in the same transaction, so that nothing comes between the check and the act; a denial
 * of the action refuses the approval with it.
 */
export const approve = defineCommand({
  name: "approve",
  capability: "proposal.decide",
  // What is carried out may touch thousands of nodes, such as the claims that stand on a retracted source.
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({
    proposalId: nodeId("Proposal"),
    contentHash: z.string().regex(/^[0-9a-f]{64}$/, "must be the SHA-256 that the proposal tells, in hex"),
  }),
  channels: (tx, { proposalId }) => channelsOfProposal(tx, proposalId),
  async run(context, { proposalId, contentHash }) {
    const { tx, operationId, newId, caller } = context;
    const standing = await standingOf(context, proposalId);
    const { proposal, subject } = standing;
    mustBeAnother(proposal, caller);
    const channels = await channelsOf(tx, subject);
    const judgement = await mayDecide(context, caller, channels);
    if (!judgement.decision.allow) throw new Denial(judgement);
    const args = JSON.parse(proposal.arguments) as Record<string, unknown>;
    const subjectId = `${subject.label}:${subject.id}`;
    const present = sealContent({ action: proposal.action, subjectId, arguments: args, items: standing.items });
    // An edit voids what was proposed, too: else whoever edits and approves would be alone with it.
    if (present.hash !== proposal.contentHash)
      throw refuse("CONTENT_CHANGED", "contentHash", "It was edited since it was proposed: have it proposed anew.");
    if (present.hash !== contentHash)
      throw refuse("CONTENT_CHANGED", "contentHash", "It was proposed anew since: look at the difference.");
    const earlier = await countingApprovers(context, standing, channels);
    if (earlier.includes(identityOf(caller)))
      throw refuse("CONFLICT", "proposalId", "They have approved it already; others are needed.");
    const proposer = answerable(context, proposal, standing.principals);
    const approvers = [...earlier, identityOf(caller)];
    const told = { proposer, approvers, arguments: args, reason: proposal.reason };
    const done = await carryOut(context, standing, told);
    const stamp = { at: done?.at ?? standing.at, operationId };
    const approvalId = await give(context, proposal, "APPROVED", stamp);
    const carried = { ...standing, proposal, contentHash: present.hash, at: stamp.at };
    const packSha256 = done === null ? null : await freezePack(context, carried, told);
    if (done !== null)
      await reviseNode(tx, proposal, { status: "DONE", packSha256: packSha256 ?? undefined }, newId(), stamp);
    const approved = { type: "proposal.approved", subject: proposal.id, data: { done: done !== null } };
    // The audit entry has the hash of the result: with the pack's in it, the sealed log tells which pack was frozen.
    const pack = packSha256 === null ? {} : { packSha256 };
    const result: { proposalId: string; approvalId: string } = { proposalId: proposal.id, approvalId, ...pack };
    return {
      result,
      at: stamp.at,
      events: [approved, ...(done?.events ?? [])],
    };
  },
});

/** Rejects a proposal, and closes it. */
export const reject = defineCommand({
  name: "reject",
  capability: "proposal.decide",
  input: z.object({ proposalId: nodeId("Proposal") }),
  channels: (tx, { proposalId }) => channelsOfProposal(tx, proposalId),
  async run(context, { proposalId }) {
    const closing = await toClose(context, proposalId);
    const { proposal, at } = closing;
    const approvalId = await give(context, proposal, "REJECTED", { at, operationId: context.operationId });
    const event = await closeProposal(context, closing, "REJECTED", at);
    return { result: { proposalId: proposal.id, approvalId }, at, events: [event] };
  },
});

/** Nobody approves what is their own, nor in somebody else's name. */
function mustBeAnother(proposal: Proposal, caller: Caller): void {
  if (isOwn(proposal, caller)) throw refuse("FORBIDDEN", "proposalId", "Nobody approves their own proposal.");
  if (caller.onBehalfOf !== undefined)
    throw refuse("FORBIDDEN", "proposalId", "Approvals are given in person, not for somebody else.");
}

const mayDecide = (context: CommandContext, who: Caller, channels: readonly string[]) =>
  context.judge(who, { capability: "proposal.decide", channels, irreversible: null });

/** Who has approved exactly this content, isn't its proposer, and still may. Whoever has no principal here can't be asked again. */
async function countingApprovers(
  context: CommandContext,
  { proposal, approvals, principals }: Standing,
  channels: readonly string[],
): Promise<string[]> {
  const given = approvals.filter(
    ({ verdict, contentHash }) => verdict === "APPROVED" && contentHash === proposal.contentHash,
  );
  const counting: string[] = [];
  for (const identity of new Set(given.map(({ approver }) => approver))) {
    const who = absent(context, { identity, name: identity, roles: ROLES });
    if (!principals.has(identity) || isOwn(proposal, who)) continue;
    if ((await mayDecide(context, who, channels)).decision.allow) counting.push(identity);
  }
  return counting;
}

/** Keeps the approver's word. Answers its public id. */
async function give(
  { tx, caller, reason, newId }: CommandContext,
  proposal: Proposal,
  verdict: "APPROVED" | "REJECTED",
  stamp: Stamp,
): Promise<string> {
  const from = { label: "Approval", id: newId() } as const;
  const { contentHash } = proposal;
  const properties = { verdict, contentHash, reason, approver: identityOf(caller), approverName: caller.name };
  await createNode(tx, from, { ...properties, title: `${verdict} by ${caller.name}`, givenAt: stamp.at }, stamp);
  await openEdge(tx, { type: "OF", from, to: { label: "Proposal", id: proposal.ulid } }, stamp);
  return `Approval:${from.id}`;
}
