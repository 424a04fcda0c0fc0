import { formatNodeId, parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { ROLES, type Role } from "../../../graph-schema/nodes/principal.js";
import type { Instant } from "../../../graph-schema/time.js";
import { identityOf, type Caller } from "../../commands/caller.js";
import type { CommandContext, DomainEvent, Outcome } from "../../commands/command.js";
import { Denial, type Reader } from "../../commands/judge.js";
import { notFound, refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { NodeOf } from "../../graph/projection.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { actionOf, inputOf, type ProposalAction } from "./actions.js";
import type { FrozenItem } from "./content.js";
import { principalsByKey, readTies, type Given } from "./proposal.repository.js";

export type Proposal = NodeOf<"Proposal">;
type Principals = ReadonlyMap<string, NodeId>;

/** A proposal as it stands under the locks of a transaction that decides on it. */
export interface Standing {
  readonly proposal: Proposal;
  readonly action: ProposalAction;
  readonly subject: NodeId;
  readonly approvals: readonly Given[];
  /** What would be acted on; nothing of it changes until the transaction ends. */
  readonly items: readonly FrozenItem[];
  /** Those concerned who are principals here, by key: nobody takes a role of theirs until the transaction ends. */
  readonly principals: Principals;
  readonly at: Instant;
}

/** Whoever the proposal is of: who proposed it, and the person that they did it for. */
const proposersOf = ({ proposer, onBehalfOf }: Pick<Proposal, "proposer" | "onBehalfOf">): string[] =>
  onBehalfOf === null ? [proposer] : [proposer, onBehalfOf];

/** Whether the proposal is the caller's own, by their own hand or through somebody who acts for them. */
export const isOwn = (proposal: Pick<Proposal, "proposer" | "onBehalfOf">, caller: Caller): boolean =>
  [identityOf(caller), ...(caller.onBehalfOf === undefined ? [] : [caller.onBehalfOf])].some((who) =>
    proposersOf(proposal).includes(who),
  );

/**
 * Locks everything that the decision rests on, in one order for all: the content, the people, the proposal, and the tenant,
 * which whoever sets a switch locks too. An edit that came in between brings new nodes: they are locked as well, and it is
 * looked at again.
 */
export async function lockContent(
  { tx }: CommandContext,
  action: ProposalAction,
  subject: NodeId,
  others: readonly NodeId[],
): Promise<{ items: FrozenItem[]; at: Instant }> {
  const held = new Set<string>();
  let at = 0;
  const nodes = [subject, ...others, { label: "Tenant", id: tx.tenantId } as const];
  for (;;) {
    const items = await action.freeze(tx, subject);
    if (items.length === 0) throw notFound("subjectId");
    const wanted = [...nodes, ...items.map(({ id }) => parseNodeId(id)!)].filter(
      ({ label, id }) => !held.has(formatNodeId(label, id)),
    );
    if (wanted.length === 0) return { items, at };
    at = Math.max(at, (await lock(tx, wanted)).at);
    for (const { label, id } of wanted) held.add(formatNodeId(label, id));
  }
}

/** Locks a proposal with its content and its people; refuses one that isn't open any more. */
export async function standingOf(context: CommandContext, proposalId: NodeId): Promise<Standing> {
  const { tx, caller } = context;
  const [seen, ties] = [await presentNode(tx, "Proposal", proposalId.id), await readTies(tx, proposalId.id)];
  if (seen === undefined || ties === undefined) throw notFound("proposalId");
  const action = actionOf(seen.action);
  const people = [...proposersOf(seen), identityOf(caller), ...ties.approvals.map(({ approver }) => approver)];
  const principals = await principalsByKey(tx, people);
  const { items, at } = await lockContent(context, action, ties.subject, [proposalId, ...principals.values()]);
  const proposal = (await presentNode(tx, "Proposal", proposalId.id))!;
  mustBeOpen(proposal);
  if (proposal.expiresAt <= at) throw refuse("CONFLICT", "proposalId", "The proposal has expired; propose it anew.");
  const { subject, approvals } = (await readTies(tx, proposalId.id))!;
  return { proposal, action, subject, approvals, items, principals, at };
}

/** Locks a proposal that is only to be closed: its content doesn't matter. Refuses one that isn't open any more. */
export async function toClose(
  { tx }: CommandContext,
  proposalId: NodeId,
): Promise<Pick<Standing, "proposal" | "action" | "subject" | "at">> {
  const ties = await readTies(tx, proposalId.id);
  if (ties === undefined) throw notFound("proposalId");
  const { at } = await lock(tx, [proposalId, ties.subject]);
  const proposal = (await presentNode(tx, "Proposal", proposalId.id))!;
  mustBeOpen(proposal);
  return { proposal, action: actionOf(proposal.action), subject: ties.subject, at };
}

function mustBeOpen({ status }: Proposal): void {
  if (status !== "OPEN") throw refuse("CONFLICT", "proposalId", `The proposal is ${status} already.`);
}

/** Channels of what a proposal acts on. */
export async function channelsOfProposal(reader: Reader, { id }: NodeId): Promise<readonly string[]> {
  const ties = await readTies(reader, id);
  return ties === undefined ? [] : channelsOf(reader, ties.subject);
}

/** Somebody who isn't calling, from what is stored of them and what the graph says now. */
export function absent(
  { tx, region }: Pick<CommandContext, "tx" | "region">,
  who: { readonly identity: string; readonly name: string; readonly roles: readonly Role[] },
): Caller {
  const [home, actor] = who.identity.includes("/") ? who.identity.split("/", 2) : [undefined, who.identity];
  return {
    tenantId: tx.tenantId,
    ...(home === undefined ? {} : { home }),
    actor: actor!,
    name: who.name,
    roles: who.roles,
    // They were judged by the region of their token when they spoke; it is done here and now.
    region,
  };
}

type Answerable = Pick<Proposal, "proposer" | "proposerName" | "proposerRoles" | "onBehalfOf">;

/** Whoever answers for a proposal: the person, where an agent proposed it for one. */
export function answerable(context: CommandContext, proposal: Answerable, principals: Principals): Caller {
  const { onBehalfOf, proposer, proposerName, proposerRoles } = proposal;
  if (onBehalfOf === null) return absent(context, { identity: proposer, name: proposerName, roles: proposerRoles });
  // What the agent's token says is the agent's. The person's roles are those of the graph alone.
  return absent(context, { identity: onBehalfOf, name: onBehalfOf, roles: principals.has(onBehalfOf) ? ROLES : [] });
}

/** Carries the action out if these approvers are enough; null while more are needed. Throws the Denial of anything else. */
export async function carryOut(
  context: CommandContext,
  { action, subject, items }: Pick<Standing, "action" | "subject" | "items">,
  told: {
    readonly proposer: Caller;
    readonly approvers: readonly string[];
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly reason: string;
  },
): Promise<Outcome<unknown> | null> {
  const irreversible = {
    proposer: identityOf(told.proposer),
    approvers: told.approvers,
    gate: (await action.obstacles?.(context.tx, subject, items)) ?? [],
  };
  try {
    const input = inputOf(action, subject, told.arguments);
    return await context.carryOut(action.command, told.proposer, input, { irreversible, reason: told.reason });
  } catch (error) {
    if (error instanceof Denial && error.judgement.decision.denied.every((rule) => rule === "approval")) return null;
    throw error;
  }
}

/** What the world is told of each end. */
const TELL = {
  REJECTED: (subject, data) => ({ type: "proposal.rejected", subject, data }),
  WITHDRAWN: (subject, data) => ({ type: "proposal.withdrawn", subject, data }),
  EXPIRED: (subject, data) => ({ type: "proposal.expired", subject, data }),
} as const satisfies Record<string, (subject: string, data: DomainEvent["data"]) => DomainEvent>;

/** Closes a proposal that isn't carried out; its subject waits no more. */
export async function closeProposal(
  context: CommandContext,
  { proposal, action, subject }: Pick<Standing, "proposal" | "action" | "subject">,
  status: keyof typeof TELL,
  at: Instant,
): Promise<DomainEvent> {
  const { tx, operationId, newId } = context;
  await reviseNode(tx, proposal, { status }, newId(), { at, operationId });
  await action.waits?.(context, subject, false, at);
  return TELL[status](proposal.id, { action: proposal.action });
}
