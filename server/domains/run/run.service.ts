import { z } from "zod";
import { flow as flowDocument, type FlowDocument } from "../../../graph-schema/documents/flow.js";
import { parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { identityOf } from "../../commands/caller.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { openEdge } from "../../graph/edge.js";
import { createNode, presentNode, reviseNode, type Stamp } from "../../graph/life.js";
import type { WriteTx } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import { documentOf } from "./document.js";
import { openLineage } from "./openlineage.js";
import { house, type House, type RunPins } from "../channel/pins.js";
import { pinsOfChannel } from "../channel/pins.service.js";
import { channelsOfRun, keepDocument, readRun, spentOnChannel, type Run } from "./run.repository.js";
import { stageEvents } from "./stage.service.js";

const jsonObject = z
  .string()
  .max(20_000, "must be at most 20000 characters")
  .transform((value, context): Record<string, unknown> => {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
        return parsed as Record<string, unknown>;
    } catch {
      // Told below.
    }
    context.addIssue({ code: "custom", message: "must be a JSON object" });
    return z.NEVER;
  });

/**
 * Starts a run of a flow, for a topic on a channel. The graph's record is the order: whichever process drives runs takes it
 * up. `resolved` and `missing` are what the installation knows of the flow: null for a name that it doesn't have.
 */
export const startRun = defineCommand({
  name: "startRun",
  capability: "run.start",
  input: z.object({
    flow: text(60),
    resolved: flowDocument.nullable(),
    /** Executors that the flow names and nobody has installed. */
    missing: z.array(z.string()),
    /** What the installation brings for channels whose config says nothing else. */
    house: house.nullish(),
    topicId: nodeId("Topic").nullish(),
    channelId: nodeId("Channel").nullish(),
    input: jsonObject.nullish(),
  }),
  // The same order after an update of the installation is the same order.
  digest: ({ flow, topicId, channelId, input }) => ({ flow, topicId, channelId, input }),
  channels: (_tx, { channelId }) => (channelId ? [`Channel:${channelId.id}`] : []),
  async run(context, { flow, resolved, missing, house: brought, topicId, channelId, input }) {
    const { tx } = context;
    if (resolved === null) throw refuse("NOT_FOUND", "flow", `There is no flow ${flow}; \`flows\` lists them.`);
    if (missing.length > 0)
      throw refuse(
        "CONFLICT",
        "flow",
        `The flow ${flow} can't run here: no executor is installed for ${missing.join(", ")}.`,
      );
    const links = [
      { type: "ABOUT", path: "topicId", of: "topic", to: topicId },
      { type: "ON", path: "channelId", of: "channel", to: channelId },
    ] as const;
    for (const { path, of, to } of links)
      if (!to && resolved.requires.includes(of))
        throw refuse("BAD_INPUT", path, `The flow ${flow} is run for a ${of}: name it.`);
    const given = links.flatMap(({ type, path, to }) => (to ? [{ type, path, to: to as NodeId }] : []));
    const { at } = await lockAll(
      tx,
      given.map(({ to }) => to),
      given.map(({ path }) => path),
    );
    return makeRun(context, resolved, given, input ?? {}, at, brought ?? null);
  },
});

/** Writes a run that begins: what it is for is locked, and `at` is the instant of that. */
export async function makeRun(
  { tx, caller, operationId, newId }: CommandContext,
  flow: FlowDocument,
  links: readonly { readonly type: "ABOUT" | "ON"; readonly to: NodeId }[],
  input: object,
  at: Instant,
  brought: House | null,
): Promise<{ result: { runId: string }; at: Instant; events: DomainEvent[] }> {
  const stamp = { at, operationId };
  const run = { label: "PipelineRun", id: newId() } as const;
  const pinned = documentOf(flow);
  await keepDocument(tx, pinned.sha256, pinned.text);
  const channel = links.find(({ type }) => type === "ON")?.to;
  const pins = channel === undefined ? null : await pinsOfChannel(tx, channel.id, brought);
  if (pins !== null) await mustAfford(tx, pins, at);
  const kept = pins === null ? null : documentOf(pins);
  if (kept !== null) await keepDocument(tx, kept.sha256, kept.text);
  const properties = {
    title: flow.title,
    flow: flow.flow,
    flowVersion: flow.version,
    flowHash: pinned.sha256,
    pinsHash: kept?.sha256 ?? null,
    status: "RUNNING" as const,
    input: JSON.stringify(input),
    startedBy: identityOf(caller),
    startedByName: caller.name,
    startedByRoles: [...caller.roles],
    onBehalfOf: caller.onBehalfOf ?? null,
    startedAt: at,
    round: 1,
  };
  await createNode(tx, run, properties, stamp);
  for (const { type, to } of links) await openEdge(tx, { type, from: run, to }, stamp);
  for (const to of pins === null ? [] : specsOf(pins)) await openEdge(tx, { type: "USES", from: run, to }, stamp);
  const id = `PipelineRun:${run.id}`;
  const told = { id, ulid: run.id, flow: flow.flow, flowVersion: flow.version };
  const events = [
    { type: "run.started", subject: id, data: { flow: flow.flow } },
    openLineage(tx.tenantId, "START", at, told),
  ];
  return { result: { runId: id }, at, events };
}

/** The versions of the studio's own library that a run goes by. */
const specsOf = ({ template, qa, prompts }: RunPins): NodeId[] =>
  [template, qa, ...prompts].flatMap((one) => {
    const id = parseNodeId(one?.spec_id ?? "");
    return id === null ? [] : [id];
  });

/** Refuses a run of a channel that has spent what its config gives it for the calendar month. */
async function mustAfford(tx: WriteTx, { channel_id, budgets }: RunPins, at: Instant): Promise<void> {
  if (budgets.monthUsd === null) return;
  const now = new Date(at);
  const since = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const spent = await spentOnChannel(tx, parseNodeId(channel_id)!.id, since);
  if (spent >= budgets.monthUsd && (spent > 0 || budgets.monthUsd === 0))
    throw refuse(
      "CONFLICT",
      "channelId",
      `The channel's runs of this month have cost $${spent.toFixed(2)} of $${budgets.monthUsd}: wait for the next one, or raise budgets.monthUsd with setChannelConfig.`,
    );
}

const ENDED: readonly Run["status"][] = ["DONE", "BLOCKED", "FAILED", "CANCELLED"];

const RESUMED: readonly Run["status"][] = ["BLOCKED", "FAILED", "CANCELLED"];
/** Outcomes of stages that were done and ended their run. */
const ENDING: readonly string[] = ["BLOCKED", "REPAIR_EXHAUSTED"];

/** Ends a run where it stands: what is under way is told to stop, and nothing of it counts any more. */
export const cancelRun = defineCommand({
  name: "cancelRun",
  capability: "run.start",
  input: z.object({ runId: nodeId("PipelineRun") }),
  channels: (tx, { runId }) => channelsOfRun(tx, runId.id),
  async run(context, { runId }) {
    const { tx, operationId, newId } = context;
    await lockAll(tx, [runId], ["runId"]);
    const { run, stages } = (await readRun(tx, runId.id))!;
    if (ENDED.includes(run.status)) throw refuse("CONFLICT", "runId", `The run is ${run.status} already.`);
    const open = stages.filter(({ status }) => ["RUNNING", "WAITING", "READY"].includes(status));
    const { at } = await lock(tx, [runId, ...open.map(({ ulid }) => ({ label: "StageRun", id: ulid }) as const)]);
    const stamp = { at, operationId };
    const because = { outcome: "CANCELLED", problem: context.reason, finishedAt: at };
    const told: DomainEvent[] = [];
    for (const { ulid } of open) {
      const stage = (await presentNode(tx, "StageRun", ulid))!;
      await reviseNode(tx, stage, { status: "CANCELLED", waitingFor: null, ...because }, newId(), stamp);
      told.push(...stageEvents(tx.tenantId, run, (await presentNode(tx, "StageRun", ulid))!, at));
    }
    const events = await endRun(context, run, { status: "CANCELLED", ...because }, stamp);
    return { result: { runId: run.id }, at, events: [...told, ...events] };
  },
});

/** Goes on with a run that failed, was blocked or was cancelled, from the last stages that were done. What blocked it looks again. */
export const resumeRun = defineCommand({
  name: "resumeRun",
  capability: "run.start",
  input: z.object({ runId: nodeId("PipelineRun") }),
  channels: (tx, { runId }) => channelsOfRun(tx, runId.id),
  async run({ tx, operationId, newId }, { runId }) {
    await lockAll(tx, [runId], ["runId"]);
    const { run, stages } = (await readRun(tx, runId.id))!;
    if (!RESUMED.includes(run.status))
      throw refuse(
        "CONFLICT",
        "runId",
        `The run is ${run.status}: only one that failed, was blocked or was cancelled is resumed.`,
      );
    // The repairs that a run has had stay counted, unless it failed for having had them all: then it gets them anew.
    const anew = stages.filter(
      ({ status, outcome }) => ["FAILED", "CANCELLED"].includes(status) || ENDING.includes(outcome ?? ""),
    );
    const { at } = await lock(tx, [runId, ...anew.map(({ ulid }) => ({ label: "StageRun", id: ulid }) as const)]);
    const stamp = { at, operationId };
    for (const { ulid } of anew)
      await reviseNode(tx, (await presentNode(tx, "StageRun", ulid))!, { superseded: true }, newId(), stamp);
    const going = { status: "RUNNING", finishedAt: null, outcome: null, problem: null, wakeAt: null } as const;
    await reviseNode(tx, run, going, newId(), stamp);
    const events = [
      { type: "run.resumed", subject: run.id, data: { flow: run.flow } },
      openLineage(tx.tenantId, "START", at, run),
    ];
    return { result: { runId: run.id }, at, events };
  },
});

/** In OpenLineage's words, which have none for a run that did its work and must not go on: nobody may take it for complete. */
const TOLD = { DONE: "COMPLETE", BLOCKED: "FAIL", FAILED: "FAIL", CANCELLED: "ABORT" } as const;

/** Writes how a run ended. */
export async function endRun(
  { tx, newId }: Pick<CommandContext, "tx" | "newId">,
  run: Run,
  end: {
    readonly status: keyof typeof TOLD;
    readonly outcome: string | null;
    readonly problem: string | null;
    readonly finishedAt: number;
  },
  stamp: Stamp,
): Promise<DomainEvent[]> {
  await reviseNode(tx, run, { ...end, wakeAt: null }, newId(), stamp);
  const { status, outcome, problem } = end;
  return [
    { type: "run.ended", subject: run.id, data: { flow: run.flow, status, outcome } },
    openLineage(tx.tenantId, TOLD[status], stamp.at, { ...run, problem }),
  ];
}
