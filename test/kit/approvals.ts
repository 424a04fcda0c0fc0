import { parseNodeId } from "../../graph-schema/node-id.js";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import type { Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import { execute, type Executed } from "../../server/commands/execute.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import type { Graph } from "../../server/graph/graph.js";
import type { NodeOf } from "../../server/graph/projection.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { buildChain } from "./build.js";
import { testGraph } from "./graph.js";
import { testOffice } from "./office.js";
import { recordsOf } from "./records.js";
import { operationId, type TestTenant } from "./tenant.js";

/** One command of somebody, in the tenant alone: its twin has another past. */
export const act = <I, R>(
  command: Command<I, R>,
  who: Caller,
  input: object,
  graph: Graph = testGraph(),
): Promise<Executed<R>> =>
  execute({ ...testOffice(), graph }, command, who, { operationId: operationId(), reason: "a test", ...input });

/** The same, for what must be done. */
export async function done<I, R>(command: Command<I, R>, who: Caller, input: object): Promise<R> {
  const executed = await act(command, who, input);
  if (!executed.ok) throw new Error(`${command.name}: ${JSON.stringify(executed.problems)}`);
  return executed.result;
}

/** The problem codes of a refusal; empty when it was done. */
export const codesOf = (executed: Executed<unknown>): string[] =>
  executed.ok ? [] : executed.problems.map(({ code }) => code);

/** A node as it is now. */
export async function nodeNow<L extends NodeLabel>(t: TestTenant, label: L, id: string): Promise<NodeOf<L>> {
  const found = (await nodesById(testGraph(), t.scope, [parseNodeId(id)!], Date.now() + 60_000)).get(id);
  if (found?.label !== label) throw new Error(`there is no ${id}`);
  return found as unknown as NodeOf<L>;
}

/** Ids of one of each, and the content of a proposal that somebody else made. */
export type Proposals = Record<"own" | "others" | "contentHash" | "exemption" | "killSwitch", string>;

const endSwitch = defineQuery({
  name: "testEndSwitch",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (s:KillSwitch {tenantId: $tenantId, id: $id}) SET s.expiresAt = 1`,
  row: noRow,
});

/** A proposal of `who`, one of somebody else's, an exemption, and a switch that has ended though nobody has noted it. */
export async function buildProposals(t: TestTenant, who: Caller): Promise<Proposals> {
  const [ed, ann] = [t.person("ed", "tenant-admin"), t.person("ann", "approver")];
  const rule = { rule: "publish-gate", until: Date.now() + 3_600_000 };
  const granting = { action: "grantExemption", subjectId: t.channelId, arguments: rule };
  await done(approve, ann, await done(propose, ed, granting));
  const granted = (await recordsOf(t.scope)).events.find(({ type }) => type === "exemption.granted");
  const publishing = async (proposer: Caller) =>
    done(propose, proposer, { action: "publishEpisode", subjectId: (await buildChain(t)).episode });
  const { proposalId: others, contentHash } = await publishing(ed);
  const { killSwitchId } = await done(setKillSwitch, ed, { scope: "CAPABILITY", target: "webhook.write" });
  await testGraph().write(t.scope, (tx) => tx.run(endSwitch, { id: killSwitchId.split(":")[1]! }));
  const own = (await publishing(who)).proposalId;
  return { own, others, contentHash, exemption: String(granted?.subject), killSwitch: killSwitchId };
}
