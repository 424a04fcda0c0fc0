import { ulid } from "ulid";
import { FOREVER } from "../../graph-schema/time.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Caller } from "../commands/caller.js";
import type { Command } from "../commands/command.js";
import { givenBy } from "../commands/own-operation.js";
import { approve } from "../domains/approval/approval.service.js";
import { propose } from "../domains/proposal/proposal.service.js";
import { readFallen, readRetractable } from "../reads/retractable/retractable.query.js";
import { readImpact, type ImpactReading } from "../reads/impact/impact.query.js";
import { nodesById } from "../reads/node/node.query.js";
import type { Services } from "../services.js";
import { CliError, usageError } from "./exit.js";
import { say } from "./output.js";
import { ownCaller } from "./own-caller.js";
import { refused } from "./refused.js";
import { DEMO_TENANT } from "./sign-in.js";

const EDITOR = { key: "cli.demo-editor", name: "Demo editor", kind: "HUMAN", roles: ["editor"] } as const;
const REASON = "demo retraction: its publisher took it back";

export interface DemoRetraction {
  /** Null where nothing live stands on any source. */
  readonly sourceId: string | null;
  /** How many claims and scenes stand on it, as `impact` counts them. */
  readonly claims: number;
  readonly scenes: number;
  /** Ids of the live episodes that stand on it, as `impact` lists them. */
  readonly liveEpisodes: readonly string[];
  readonly incidentId: string | null;
  readonly taskIds: readonly string[];
  /** Why nothing was retracted. */
  readonly problem?: string;
}

interface Asked {
  /** The source to retract; without one the newest that the newest live episode stands on. */
  readonly source?: string;
  /** The demo studio, unless a test brings its own. */
  readonly tenantId?: string;
}

/** Retracts a source as a studio does: somebody proposes it, others approve; and tells what fell. */
export async function demoRetraction(
  services: Services,
  { source, tenantId = DEMO_TENANT }: Asked,
): Promise<DemoRetraction> {
  const sourceId = source ?? (await readRetractable(services.graph, { tenantId }));
  if (sourceId === null) return none("No live episode stands on a source that could be retracted: publish one first.");
  const before = await impactOf(services, tenantId, sourceId);
  if (before === null) throw usageError(`there is no ${sourceId} in the tenant ${tenantId}`);
  if (before.liveEpisodes.count === 0)
    return none(`No live episode stands on ${sourceId}: retracting it would open no task.`);
  const editor = await ownCaller(services, { tenantId, ...EDITOR });
  const { proposalId } = await give(services, propose, editor, { action: "retractSource", subjectId: sourceId });
  await approveAll(services, tenantId, proposalId);
  const impact = (await impactOf(services, tenantId, sourceId))!;
  const { incidentId, taskIds } = await readFallen(services.graph, { tenantId }, parseNodeId(sourceId)!.id);
  const counted = new Map(impact.totals);
  const liveEpisodes = impact.liveEpisodes.nodes.map(({ id }) => id);
  say(`retracted ${sourceId}: ${liveEpisodes.length} live episodes stood on it, each has a correction task`);
  return {
    sourceId,
    claims: counted.get("Claim") ?? 0,
    scenes: counted.get("Scene") ?? 0,
    liveEpisodes,
    incidentId,
    taskIds,
  };
}

function none(problem: string): DemoRetraction {
  say(`nothing was retracted: ${problem}`);
  return { sourceId: null, claims: 0, scenes: 0, liveEpisodes: [], incidentId: null, taskIds: [], problem };
}

async function impactOf({ graph }: Services, tenantId: string, sourceId: string): Promise<ImpactReading | null> {
  const id = parseNodeId(sourceId);
  if (id?.label !== "Source") throw usageError(`--source must be the id of a Source, such as Source:01J…`);
  return readImpact(graph, { tenantId }, id, FOREVER - 1);
}

async function give<I, R>(services: Services, command: Command<I, R>, caller: Caller, input: object): Promise<R> {
  const executed = await services.execute(givenBy("cli", command), caller, {
    reason: REASON,
    ...input,
    operationId: `cli/demo/${ulid()}`,
  });
  if (!executed.ok) throw refused(executed.problems);
  return executed.result;
}

/** Approves as many times as policy asks for, each time as somebody else. */
async function approveAll(services: Services, tenantId: string, proposalId: string): Promise<void> {
  for (let nth = 1; ; nth++) {
    const found = await nodesById(services.graph, { tenantId }, [parseNodeId(proposalId)!], FOREVER - 1);
    const proposal = found.get(proposalId);
    if (proposal?.label !== "Proposal") throw new Error(`${proposalId} isn't there`);
    if (proposal.status === "DONE") return;
    if (proposal.status !== "OPEN") throw new CliError(`${proposalId} is ${proposal.status}: somebody else closed it.`);
    if (nth > proposal.needed + 1) throw new CliError(`${proposalId} wants more approvals than the demo studio gives.`);
    const key = `cli.demo-approver-${nth}`;
    const who = { tenantId, key, name: `Demo approver ${nth}`, kind: "HUMAN", roles: ["approver"] } as const;
    const approver = await ownCaller(services, who);
    await give(services, approve, approver, { proposalId, contentHash: proposal.contentHash });
    say(`approved by ${who.name}`);
  }
}
