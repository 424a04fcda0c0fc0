import { z } from "zod";
import type { InboundData } from "../../../graph-schema/events.js";
import { formatNodeId, parseNodeId } from "../../../graph-schema/node-id.js";
import { identityOf } from "../../commands/caller.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse, type Problem } from "../../commands/problem.js";
import { presentNode, reviseNode, type Stamp } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { channelsOfRun, keepDocument, readRun, stageRunByKey, type Run } from "./run.repository.js";
import { stageEvents, stageKey } from "./stage.service.js";

/** After a signal there is something to do. A run's version grows with it, so that nobody parks it on what they saw before. */
async function wake({ tx, newId }: CommandContext, run: Run, stamp: Stamp): Promise<void> {
  const woken = await reviseNode(tx, run, { status: "RUNNING", wakeAt: null }, newId(), stamp);
  if (!woken) await reviseNode(tx, run, { wakeAt: stamp.at }, newId(), stamp);
}

/** Approves a stage that waits for it, or rejects it, which ends the run. Nobody decides on what they started. */
export const decideStage = defineCommand({
  name: "decideStage",
  capability: "proposal.decide",
  input: z.object({ runId: nodeId("PipelineRun"), stage: text(60), approve: z.boolean() }),
  channels: (tx, { runId }) => channelsOfRun(tx, runId.id),
  async run(context, { runId, stage: name, approve }) {
    const { tx, caller, newId, operationId, reason } = context;
    await lockAll(tx, [runId], ["runId"]);
    const { run, stages } = (await readRun(tx, runId.id))!;
    const waiting = stages.find(
      (stage) =>
        stage.stage === name && stage.waitingFor === "APPROVAL" && stage.status === "WAITING" && !stage.superseded,
    );
    if (waiting === undefined) throw refuse("CONFLICT", "stage", `No stage ${name} of this run waits for approval.`);
    const own = [run.startedBy, run.onBehalfOf];
    if (own.includes(identityOf(caller)) || caller.onBehalfOf !== undefined)
      throw refuse(
        "FORBIDDEN",
        "runId",
        "Nobody approves a stage of a run that they started, nor in somebody else's name.",
      );
    const { at } = await lock(tx, [runId, { label: "StageRun", id: waiting.ulid }]);
    const stamp = { at, operationId };
    const by = { waitingFor: null, approvedBy: identityOf(caller) };
    const changed = approve
      ? ({ ...by, status: "READY", outcome: "APPROVED" } as const)
      : ({ ...by, status: "FAILED", outcome: "REJECTED", problem: reason, retryable: false, finishedAt: at } as const);
    await reviseNode(tx, waiting, changed, newId(), stamp);
    await wake(context, run, stamp);
    const after = (await presentNode(tx, "StageRun", waiting.ulid))!;
    const events = stageEvents(tx.tenantId, run, after, at);
    return { result: { runId: run.id, stageRunId: waiting.id }, at, events };
  },
});

/** What a report brought as the stage's output, judged by whoever knows the documents of flows. */
export const judgedOutput = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), text: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ ok: z.literal(false), problem: z.string().max(2_000) }),
]);
export type JudgedOutput = z.infer<typeof judgedOutput>;

/** What a report from outside did: null where nothing of ours is named, a problem where it moves nothing. */
export interface CalledBack {
  readonly subject: string;
  readonly at: number;
  readonly problems: readonly Problem[];
  readonly events: readonly DomainEvent[];
}

/**
 * Takes an orchestrator's word that a stage is done, or isn't: moves exactly that try, and only while it waits for it. A run
 * named in the orchestrator's own words is none of ours: undefined. Null where the id is of our kind and there is no such run.
 */
export async function callBack(
  context: CommandContext,
  data: InboundData<"stage.completed"> | InboundData<"stage.failed">,
  output: JudgedOutput | null = null,
): Promise<CalledBack | null | undefined> {
  const { tx, newId, operationId } = context;
  const id = parseNodeId(data.run_id);
  if (id?.label !== "PipelineRun") return undefined;
  const subject = formatNodeId(id.label, id.id);
  const held = await lock(tx, [id]);
  const key = stageKey(id, data.stage, data.attempt);
  const stageRunId = held.found.has(subject) ? await stageRunByKey(tx, key) : undefined;
  if (stageRunId === undefined) return null;
  const { at: later } = await lock(tx, [{ label: "StageRun", id: stageRunId }]);
  const at = Math.max(held.at, later);
  const run = (await presentNode(tx, "PipelineRun", id.id))!;
  const stage = (await presentNode(tx, "StageRun", stageRunId))!;
  if (stage.status !== "WAITING" || stage.waitingFor !== "CALLBACK" || stage.superseded) {
    const { problems } = refuse(
      "CONFLICT",
      "data",
      `That try of the stage is ${stage.status} and waits for no report.`,
    );
    return { subject, at, problems, events: [] };
  }
  if ("output_url" in data && data.output_url !== undefined) {
    const message = `Nothing is fetched from there: report it without output_url, and with what was made as \`output\`, or have a later stage read it.`;
    return { subject, at, problems: refuse("BAD_INPUT", "data.output_url", message).problems, events: [] };
  }
  const brought = "output" in data && data.output !== undefined;
  if (brought && output?.ok !== true) {
    const message = output?.problem ?? "Nobody here can judge it; report it to the installation that runs the flow.";
    return { subject, at, problems: refuse("BAD_INPUT", "data.output", message).problems, events: [] };
  }
  const made = brought && output?.ok === true ? output : null;
  if (made !== null) await keepDocument(tx, made.sha256, made.text);
  const stamp = { at, operationId };
  const ended = { waitingFor: null, finishedAt: at } as const;
  const changed =
    "error" in data
      ? ({
          ...ended,
          status: "FAILED",
          outcome: "CALLED_BACK",
          problem: data.error,
          retryable: data.retryable,
          retryAt: at,
        } as const)
      : ({
          ...ended,
          status: "DONE",
          outcome: "CALLED_BACK",
          ...(made === null ? {} : { outputHash: made.sha256 }),
        } as const);
  await reviseNode(tx, stage, changed, newId(), stamp);
  await wake(context, run, stamp);
  const after = (await presentNode(tx, "StageRun", stageRunId))!;
  return { subject, at, problems: [], events: stageEvents(tx.tenantId, run, after, at) };
}
