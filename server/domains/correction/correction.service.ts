import { z } from "zod";
import { parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import { identityOf } from "../../commands/caller.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import type { Reader } from "../../commands/judge.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { NodeOf } from "../../graph/projection.js";
import { isStillMarking } from "../claim/recheck.service.js";
import { channelsOf } from "../channel/channels-of.service.js";
import { claimsOfCorrection, MOST_TASK_CLAIMS } from "../../reads/repairs/claims-of-task.query.js";
import { correctedSince, episodeOfTask, standingOfTaskClaims, type ClaimStanding } from "./correction.repository.js";
import { resolveIncident } from "./resolve.service.js";

const PRESENT: Instant = FOREVER - 1;
/** Claims that a refusal names. */
const MOST_TOLD = 5;
const CORRECTING = ["correctEpisode", "retractEpisode"] as const;

type Task = NodeOf<"CorrectionTask">;

async function channelsOfTask(reader: Reader, { id }: NodeId): Promise<readonly string[]> {
  const [episode] = await reader.run(episodeOfTask, { id });
  return episode === undefined ? [] : channelsOf(reader, { label: "Episode", id: episode.id });
}

const idOf = (publicId: string): string => parseNodeId(publicId)?.id ?? "";

function mustGoOn({ state, closedBy }: Task): void {
  if (state === "OPEN" || state === "IN_PROGRESS") return;
  throw refuse("CONFLICT", "taskId", `The task is ${state} already, closed by ${closedBy ?? "somebody"}.`);
}

/** Says that the caller works on it. Whoever takes it from another says why; nobody takes what is closed. */
export const takeCorrectionTask = defineCommand({
  name: "takeCorrectionTask",
  capability: "claim.write",
  input: z.object({ taskId: nodeId("CorrectionTask") }),
  channels: (tx, { taskId }) => channelsOfTask(tx, taskId),
  async run({ tx, operationId, newId, caller }, { taskId }) {
    const { at } = await lockAll(tx, [taskId], ["taskId"]);
    const task = (await presentNode(tx, "CorrectionTask", taskId.id))!;
    mustGoOn(task);
    const takenBy = identityOf(caller);
    const wanted = { state: "IN_PROGRESS", takenBy, takenByName: caller.name, takenAt: at } as const;
    const changed = task.takenBy !== takenBy && (await reviseNode(tx, task, wanted, newId(), { at, operationId }));
    return {
      result: { taskId: task.id },
      at,
      events: changed ? [{ type: "correction.taken", subject: task.id, data: { episodeId: task.episodeId } }] : [],
    };
  },
});

/** Whether a claim can be said again: nobody doubts it, and a source that is in order bears it. */
const stands = ({ status, states }: ClaimStanding): boolean => status === "STATED" && states.includes("ACTIVE");

/** Claims of a task that don't stand, as they are told; the claims are locked, so it stays so. */
async function fallenClaims(
  { tx }: CommandContext,
  task: Task,
): Promise<{ told: string[]; at: Instant; rest: boolean }> {
  const found = await claimsOfCorrection(tx, task);
  const ids = found.slice(0, MOST_TASK_CLAIMS);
  const { at } = await lock(
    tx,
    ids.map((id): NodeId => ({ label: "Claim", id })),
  );
  const rows = ids.length === 0 ? [] : await tx.run(standingOfTaskClaims, { ids, asOf: PRESENT });
  const told = rows.filter((row) => !stands(row)).map(({ title }) => `“${title.slice(0, 120)}”`);
  return { told, at, rest: found.length > ids.length };
}

/**
 * Closes a task. DONE holds it to its word: the episode was corrected or retracted since, or each claim that stood on the source stands
 * again. DROPPED is for what needn't be done; the reason says why. With the last task its incident is resolved, once all of the fall
 * has its tasks.
 */
export const closeCorrectionTask = defineCommand({
  name: "closeCorrectionTask",
  capability: "claim.write",
  input: z.object({ taskId: nodeId("CorrectionTask"), state: z.enum(["DONE", "DROPPED"], "must be DONE or DROPPED") }),
  channels: (tx, { taskId }) => channelsOfTask(tx, taskId),
  async run(context, { taskId, state }) {
    const { tx, operationId, newId, caller, reason } = context;
    const seen = await presentNode(tx, "CorrectionTask", taskId.id);
    const incidentId = seen === undefined ? null : parseNodeId(seen.incidentId);
    const { at: before } = await lockAll(tx, [taskId, ...(incidentId === null ? [] : [incidentId])], ["taskId"]);
    const task = (await presentNode(tx, "CorrectionTask", taskId.id))!;
    mustGoOn(task);
    const at = state === "DONE" ? Math.max(before, await mustBeDone(context, task)) : before;
    const stamp = { at, operationId };
    const closed = { state, closedBy: identityOf(caller), closedAt: at, closedWhy: reason } as const;
    await reviseNode(tx, task, closed, newId(), stamp);
    const resolved = incidentId !== null && (await resolveIncident(context, incidentId.id, stamp));
    return {
      result: { taskId: task.id },
      at,
      events: [
        { type: "correction.closed", subject: task.id, data: { episodeId: task.episodeId, state } },
        ...(resolved ? [{ type: "incident.resolved", subject: task.incidentId, data: {} }] : []),
      ],
    };
  },
});

/** Refuses what isn't done; answers an instant behind the claims that it rests on. */
async function mustBeDone(context: CommandContext, task: Task): Promise<Instant> {
  const { tx } = context;
  const asked = {
    episodeId: idOf(task.episodeId),
    since: task.openedAt,
    actions: CORRECTING,
    forever: FOREVER,
  };
  if (((await tx.run(correctedSince, asked))[0]?.count ?? 0) > 0) return 0;
  if (await isStillMarking(tx, idOf(task.sourceId)))
    throw refuse(
      "CONFLICT",
      "state",
      "Claims that stand on the source are still being marked, so nobody can say yet that all of them stand: close it again when the job recheck-claims is through, which takes seconds.",
    );
  const { told, at, rest } = await fallenClaims(context, task);
  if (told.length === 0 && !rest) return at;
  const which = told.length === 0 ? "more claims than are looked at" : told.slice(0, MOST_TOLD).join(", ");
  const more = told.length > MOST_TOLD ? ` and ${told.length - MOST_TOLD} more` : "";
  throw refuse(
    "CONFLICT",
    "state",
    `It isn't done: ${which}${more} doesn't stand again. Quote a source that is in order and say that the claim holds (setClaimStatus STATED), publish a correction of the episode or retract it, or close the task as DROPPED with the reason.`,
  );
}
