import { z } from "zod";
import { defineCommand, type DomainEvent } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { channelsOfRun, readRun, type StageRun } from "./run.repository.js";
import { endRun } from "./run.service.js";
import { stageEvents } from "./stage.service.js";

const step = z.discriminatedUnion("do", [
  /** A stage asks for another round: everything from `to` on is done anew. */
  z.object({ do: z.literal("repair"), stage: z.string(), stages: z.array(z.string()) }),
  /** The run is over. `by` names the stage that ends it though it is done itself: it blocks the run, or has had all its repairs. */
  z.object({
    do: z.literal("end"),
    status: z.enum(["DONE", "BLOCKED", "FAILED"]),
    outcome: z.string().max(60).nullable(),
    problem: z.string().max(2_500).nullable(),
    by: z.string().nullish(),
  }),
  /** Nothing is due before `wakeAt`, or before a signal. */
  z.object({ do: z.literal("park"), wakeAt: z.number().nullable() }),
  /** Nobody called back in time, or a try was begun too often. */
  z.object({
    do: z.literal("give-up"),
    stage: z.string(),
    attempt: z.number(),
    outcome: z.string().max(60),
    problem: z.string().max(2_000),
    retryMs: z.number().nullable(),
  }),
]);
export type Step = z.infer<typeof step>;

/** Brings a run one step on that isn't a stage's work. What it was decided on is compared under the run's lock. */
export const advanceRun = defineCommand({
  name: "advanceRun",
  capability: "run.advance",
  input: z.object({ runId: nodeId("PipelineRun"), step, version: z.int() }),
  channels: (tx, { runId }) => channelsOfRun(tx, runId.id),
  async run(context, { runId, step: next, version }) {
    const { tx, newId, operationId } = context;
    await lockAll(tx, [runId], ["runId"]);
    const { run, stages } = (await readRun(tx, runId.id))!;
    const { at } = await lock(tx, [runId, ...stages.map(({ ulid }) => ({ label: "StageRun", id: ulid }) as const)]);
    const moot = { result: { go: false }, at, events: [] as DomainEvent[] };
    if (run.version !== version || (run.status !== "RUNNING" && run.status !== "WAITING")) return moot;
    const stamp = { at, operationId };
    const events: DomainEvent[] = [];
    const revise = async (stage: StageRun, changed: Partial<StageRun>) => {
      await reviseNode(tx, stage, changed, newId(), stamp);
      return (await presentNode(tx, "StageRun", stage.ulid))!;
    };
    const live = stages.filter(({ superseded }) => !superseded);
    switch (next.do) {
      case "repair": {
        for (const stage of live)
          if (next.stages.includes(stage.stage)) {
            const asks = stage.stage === next.stage && stage.status === "DONE";
            await revise(stage, { superseded: true, ...(asks ? { outcome: "REPAIR" } : {}) });
          }
        const anew = { round: run.round + 1, status: "RUNNING", wakeAt: null } as const;
        await reviseNode(tx, run, anew, newId(), stamp);
        const { stage, stages: names } = next;
        events.push({
          type: "run.repaired",
          subject: run.id,
          data: { flow: run.flow, stage, stages: names, round: anew.round },
        });
        break;
      }
      case "end": {
        for (const stage of live) {
          if (stage.stage === next.by && stage.status === "DONE") await revise(stage, { outcome: next.outcome });
          if (stage.status === "WAITING" || stage.status === "READY") {
            const problem = "The run ended before it.";
            const after = await revise(stage, {
              status: "CANCELLED",
              waitingFor: null,
              outcome: "CANCELLED",
              problem,
              finishedAt: at,
            });
            events.push(...stageEvents(tx.tenantId, run, after, at));
          }
        }
        const { status, outcome, problem } = next;
        events.push(...(await endRun(context, run, { status, outcome, problem, finishedAt: at }, stamp)));
        break;
      }
      case "park":
        // A signal that came in between has made a stage move: then there is something to do.
        await reviseNode(tx, run, { status: "WAITING", wakeAt: next.wakeAt }, newId(), stamp);
        events.push({ type: "run.waiting", subject: run.id, data: { flow: run.flow, wakeAt: next.wakeAt } });
        break;
      case "give-up": {
        const stage = live.find((one) => one.stage === next.stage && one.attempt === next.attempt);
        if (stage === undefined || !["WAITING", "RUNNING"].includes(stage.status)) return moot;
        const { outcome, problem, retryMs } = next;
        const failed = {
          status: "FAILED",
          waitingFor: null,
          outcome,
          problem,
          retryable: retryMs !== null,
          finishedAt: at,
        } as const;
        const after = await revise(stage, { ...failed, retryAt: retryMs === null ? null : at + retryMs });
        events.push(...stageEvents(tx.tenantId, run, after, at));
        break;
      }
    }
    return { result: { go: true }, at, events };
  },
});
