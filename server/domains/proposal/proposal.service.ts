import { z } from "zod";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { identityOf, type Caller } from "../../commands/caller.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { instant, nodeId, toProblems } from "../../commands/input.js";
import { Denial } from "../../commands/judge.js";
import { Refusal, refuse } from "../../commands/problem.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { openEdge } from "../../graph/edge.js";
import { createNode, presentNode, reviseNode } from "../../graph/life.js";
import type { Rule } from "../../policy/decision.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { ACTION_NAMES, ACTIONS, SUBJECT_LABELS, type ActionName, type ProposalAction } from "./actions.js";
import { sealContent } from "./content.js";
import { freezePack } from "./freeze-pack.service.js";
import { keepContent, openProposals, principalsByKey } from "./proposal.repository.js";
import {
  answerable,
  carryOut,
  channelsOfProposal,
  closeProposal,
  isOwn,
  lockContent,
  toClose,
  type Proposal,
} from "./standing.service.js";

const DAY_MS = 86_400_000;
/** Days that a proposal waits where it doesn't say, and at most. */
export const PROPOSAL_DAYS = { default: 7, most: 90 } as const;

/** Denials that may pass while a proposal waits; with any other it could never be carried out. */
const PASSING: readonly Rule[] = ["approval", "kill-switch", "publish-gate", "audit-lag"];

/**
 * Proposes what can't be taken back, bound to the content as it is now. Proposed again by the same person it is bound anew:
 * what was approved of the old content counts no more. Where policy asks for no approver it is carried out at once.
 */
export const propose = defineCommand({
  name: "propose",
  capability: "proposal.write",
  // What is carried out may touch thousands of nodes, such as the claims that stand on a retracted source.
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({
    action: z.enum(ACTION_NAMES),
    subjectId: nodeId(...SUBJECT_LABELS),
    arguments: z.record(z.string().max(100), z.unknown()).nullish(),
    expiresAt: instant.nullish(),
  }),
  channels: (tx, { subjectId }) => channelsOf(tx, subjectId),
  async run(context, input) {
    const { tx, operationId, newId, caller, reason } = context;
    const action: ProposalAction = ACTIONS[input.action];
    const subject = input.subjectId;
    const args = argumentsOf(action, subject, input.arguments ?? {});
    const principals = await principalsByKey(tx, [
      caller.actor,
      ...(caller.onBehalfOf === undefined ? [] : [caller.onBehalfOf]),
    ]);
    const { items, at } = await lockContent(context, action, subject, [...principals.values()]);
    await action.check?.(context, subject, { arguments: args, at });
    const who = {
      proposer: identityOf(caller),
      proposerName: caller.name,
      proposerRoles: [...caller.roles],
      onBehalfOf: caller.onBehalfOf ?? null,
    };
    const needed = await approversNeeded(context, action, subject, answerable(context, who, principals));
    const expiresAt = input.expiresAt ?? at + PROPOSAL_DAYS.default * DAY_MS;
    if (expiresAt <= at || expiresAt > at + PROPOSAL_DAYS.most * DAY_MS)
      throw refuse("BAD_INPUT", "expiresAt", `must be to come, within ${PROPOSAL_DAYS.most} days`);
    const subjectId = formatNodeId(subject.label, subject.id);
    const content = sealContent({ action: input.action, subjectId, arguments: args, items });
    await keepContent(tx, content);
    const standing = await ownOpenProposal(context, subject, input.action, at);
    // An agent never acts at once, whatever the person could: somebody else looks first.
    const told = { proposer: caller, approvers: [], arguments: args, reason };
    const done = needed > 0 ? null : await carryOut(context, { action, subject, items }, told);
    const node = { label: "Proposal", id: standing?.ulid ?? newId() } as const;
    const stamp = { at: done?.at ?? at, operationId };
    const properties = {
      ...who,
      action: input.action,
      title: action.title(items.find(({ id }) => id === subjectId)?.title ?? subjectId),
      status: done === null ? ("OPEN" as const) : ("DONE" as const),
      arguments: JSON.stringify(args),
      reason,
      contentHash: content.hash,
      needed,
      proposedAt: at,
      expiresAt,
    };
    const proposal = { ...properties, id: formatNodeId(node.label, node.id), ulid: node.id };
    const carried = { action, subject, items, proposal, contentHash: content.hash, at: stamp.at };
    const packSha256 = done === null ? null : await freezePack(context, carried, told);
    if (standing === undefined) {
      await createNode(tx, node, { ...properties, packSha256 }, stamp);
      await openEdge(tx, { type: "PROPOSES", from: node, to: subject }, stamp);
    } else await reviseNode(tx, standing, { ...properties, packSha256 }, newId(), stamp);
    if (done === null) await action.waits?.(context, subject, true, stamp.at);
    const { id } = proposal;
    const opened = { type: "proposal.opened", subject: id, data: { action: input.action, subjectId } };
    const pack = packSha256 === null ? {} : { packSha256 };
    const result: { proposalId: string; contentHash: string } = { proposalId: id, contentHash: content.hash, ...pack };
    return {
      result,
      at: stamp.at,
      events: [opened, ...(done?.events ?? [])],
    };
  },
});

/** What the action takes beside its subject; refuses what it wouldn't run with. */
function argumentsOf(
  action: ProposalAction,
  subject: NodeId,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!action.labels.includes(subject.label))
    throw refuse("BAD_INPUT", "subjectId", `must be the id of a ${action.labels.join(" or ")}`);
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  const parsed = action.arguments.safeParse(named);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    toProblems(parsed.error).map((problem) => ({
      ...problem,
      path: ["arguments", problem.path].filter((part) => part !== "").join("."),
    })),
  );
}

/** How many must approve. Refuses what could never be carried out as whoever answers for it, however many did. */
async function approversNeeded(
  context: CommandContext,
  { command }: ProposalAction,
  subject: NodeId,
  proposer: Caller,
): Promise<number> {
  const judgement = await context.judge(proposer, {
    capability: command.capability,
    channels: await channelsOf(context.tx, subject),
    irreversible: { proposer: identityOf(proposer), approvers: [], gate: [] },
  });
  const lasting = judgement.decision.denied.filter((rule) => !PASSING.includes(rule));
  if (lasting.length === 0)
    return Math.max(judgement.decision.approvals, context.caller.onBehalfOf === undefined ? 0 : 1);
  throw new Denial({ ...judgement, decision: { ...judgement.decision, denied: lasting } });
}

/** The caller's own open proposal of this on the locked subject, which is bound anew; somebody else's stands in the way. */
async function ownOpenProposal(
  context: CommandContext,
  subject: NodeId,
  action: ActionName,
  at: Instant,
): Promise<Proposal | undefined> {
  const { tx, caller } = context;
  const [id] = await openProposals(tx, subject, action);
  if (id === undefined) return undefined;
  const proposal = (await presentNode(tx, "Proposal", id))!;
  if (isOwn(proposal, caller)) return proposal;
  if (proposal.expiresAt > at)
    throw refuse("CONFLICT", "subjectId", `${proposal.proposerName} has proposed it already: ${proposal.id}.`);
  await closeProposal(context, { proposal, action: ACTIONS[action], subject }, "EXPIRED", at);
  return undefined;
}

/** Takes a proposal back: only who made it can. */
export const withdraw = defineCommand({
  name: "withdraw",
  capability: "proposal.write",
  input: z.object({ proposalId: nodeId("Proposal") }),
  channels: (tx, { proposalId }) => channelsOfProposal(tx, proposalId),
  async run(context, { proposalId }) {
    const { proposal, action, subject, at } = await toClose(context, proposalId);
    if (!isOwn(proposal, context.caller))
      throw refuse("FORBIDDEN", "proposalId", "Only who proposed it can withdraw it; approvers reject it.");
    const event = await closeProposal(context, { proposal, action, subject }, "WITHDRAWN", at);
    return { result: { proposalId: proposal.id }, at, events: [event] };
  },
});
