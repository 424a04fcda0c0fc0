import { z } from "zod";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import type { Reader } from "../../commands/judge.js";
import type { Graph } from "../../graph/graph.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { readDue } from "./proposal.repository.js";
import { closeProposal, toClose } from "./standing.service.js";

/** Things of each kind that one run ends; whoever has more runs again. */
const MOST = 100;

/**
 * Says of proposals, exemptions and switches that have expired that they have. Nothing waits for it: what has expired
 * counts no more from that instant on. `more` says whether there is something left to do.
 */
export const expireProposals = defineCommand({
  name: "expireProposals",
  capability: "job.run",
  input: z.object({}),
  async run(context) {
    const { tx } = context;
    const { at: now } = await lock(tx, []);
    const limits = { now, most: MOST };
    const proposals = await readDue(tx, "Proposal", limits);
    const exemptions = await readDue(tx, "Exemption", limits);
    const switches = await readDue(tx, "KillSwitch", limits);
    const events: DomainEvent[] = [];
    let at = now;
    for (const id of proposals) {
      const closing = await toClose(context, { label: "Proposal", id });
      at = Math.max(at, closing.at);
      events.push(await closeProposal(context, closing, "EXPIRED", closing.at));
    }
    for (const id of exemptions) events.push(...(await end(context, "Exemption", "ENDED", tellEnded, id)));
    for (const id of switches) events.push(...(await end(context, "KillSwitch", "LIFTED", tellLifted, id)));
    const counts = { proposals: proposals.length, exemptions: exemptions.length, switches: switches.length };
    const more = Object.values(counts).includes(MOST);
    return { result: { ...counts, more }, at, events, detail: counts };
  },
});

const tellEnded = (subject: string) => ({ type: "exemption.ended", subject, data: {} });
const tellLifted = (subject: string) => ({ type: "kill-switch.lifted", subject, data: {} });

/** Ends one that somebody else may have ended meanwhile. */
async function end(
  { tx, operationId, newId }: CommandContext,
  label: "Exemption" | "KillSwitch",
  status: "ENDED" | "LIFTED",
  tell: (subject: string) => DomainEvent,
  id: string,
): Promise<DomainEvent[]> {
  const { at } = await lock(tx, [{ label, id }]);
  const node = (await presentNode(tx, label, id))!;
  const revised = await reviseNode(tx, node, { status } as never, newId(), { at, operationId });
  return revised ? [tell(node.id)] : [];
}

/** How many things there are to end; each kind is counted up to what one run ends. */
export async function countExpired(graph: Graph, tenantId: string, now: Instant): Promise<number> {
  const scope = { tenantId };
  const reader: Reader = { ...scope, run: (query, params) => graph.read(scope, query, params) };
  const kinds = ["Proposal", "Exemption", "KillSwitch"] as const;
  const due = await Promise.all(kinds.map((label) => readDue(reader, label, { now, most: MOST })));
  return due.flat().length;
}
