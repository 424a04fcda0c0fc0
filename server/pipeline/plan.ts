import { upstreamOf } from "../../graph-schema/documents/flow-faults.js";
import type { FlowDocument, FlowStage } from "../../graph-schema/documents/flow.js";
import type { StageRun } from "../domains/run/record.service.js";
import { holds, valueAt, wordsOf, type Values } from "./values.js";

/*
 * What is to be done next for a run: computed from its record alone, so that whichever process looks comes to the same. It
 * neither writes nor waits.
 */

export type Action =
  | { readonly do: "begin"; readonly stage: FlowStage; readonly attempt: number; readonly approvedBy: string | null }
  | { readonly do: "ask" | "skip"; readonly stage: FlowStage; readonly attempt: number }
  | {
      readonly do: "give-up";
      readonly stage: FlowStage;
      readonly of: StageRun;
      readonly outcome: string;
      readonly problem: string;
      /** Whether it counts as a failure that another try may mend. */
      readonly retryable: boolean;
    }
  | { readonly do: "repair"; readonly stage: FlowStage; readonly stages: readonly string[] }
  | {
      readonly do: "end";
      readonly status: "DONE" | "BLOCKED" | "FAILED";
      readonly outcome: string | null;
      readonly problem: string | null;
      /** The stage that ends it, though it is done itself. */
      readonly by?: string;
    };

export interface Plan {
  readonly actions: readonly Action[];
  /** When something is due by itself; null where only a signal, or what is under way, brings it on. */
  readonly wakeAt: number | null;
  /** Nothing of the run is under way, and nothing can be done: it may be parked. */
  readonly idle: boolean;
}

export interface Seen {
  readonly flow: FlowDocument;
  readonly stages: readonly StageRun[];
  readonly values: Values;
  readonly now: number;
  /** Tries that this process has under way, by stage and attempt. */
  readonly underWay: ReadonlySet<string>;
  readonly maxStarts: number;
}

export const tryOf = (stage: string, attempt: number): string => `${stage}/${attempt}`;

/** The tries of the present round that count, oldest first. */
export const liveOf = (stages: readonly StageRun[], name: string): StageRun[] =>
  stages.filter(({ stage, superseded }) => stage === name && !superseded).sort((a, b) => a.attempt - b.attempt);

export function planRun(seen: Seen): Plan {
  const { flow, stages, values, now, underWay, maxStarts } = seen;
  const actions: Action[] = [];
  const wakes: number[] = [];
  const live = new Map(flow.stages.map(({ name }) => [name, liveOf(stages, name)]));
  const lastOf = (name: string) => live.get(name)?.at(-1);
  const nextAttempt = (name: string) =>
    Math.max(0, ...stages.filter(({ stage }) => stage === name).map(({ attempt }) => attempt)) + 1;
  const running = stages.some(({ status, superseded }) => status === "RUNNING" && !superseded);

  // A try that isn't under way here lost its process: it is begun again, under the same operation ids.
  for (const stage of flow.stages) {
    const last = lastOf(stage.name);
    if (last?.status !== "RUNNING" || underWay.has(tryOf(stage.name, last.attempt))) continue;
    if (last.starts >= maxStarts) {
      const problem = `Its process ended before it did, ${last.starts} times: it may be what ends it. Resume the run to begin it anew.`;
      actions.push({ do: "give-up", stage, of: last, outcome: "PROCESS_LOST", problem, retryable: false });
      continue;
    }
    actions.push({ do: "begin", stage, attempt: last.attempt, approvedBy: last.approvedBy });
  }

  const failed = flow.stages.flatMap((stage) => {
    const last = lastOf(stage.name);
    return last?.status === "FAILED" && !mayRetry(stage, live.get(stage.name)!) ? [{ stage, last }] : [];
  });
  const [first] = failed;
  if (first !== undefined) {
    if (running) return { actions, wakeAt: null, idle: false };
    const { stage, last } = first;
    const problem = `${stage.name}, try ${last.attempt}: ${last.problem ?? "it failed"}`;
    return {
      actions: [{ do: "end", status: "FAILED", outcome: last.outcome, problem }],
      wakeAt: null,
      idle: false,
    };
  }

  const blocking = flow.stages.find(
    ({ name, block }) => block !== undefined && lastOf(name)?.status === "DONE" && holds(block.when, values),
  );
  if (blocking?.block !== undefined) {
    if (running) return { actions, wakeAt: null, idle: false };
    const { name, block } = blocking;
    const why = block.because === undefined ? "" : wordsOf(valueAt(values, block.because));
    const problem = `${name}: ${why || `it says that ${block.when.value} is ${wordsOf(valueAt(values, block.when.value))}.`}`;
    const end = { do: "end", status: "BLOCKED", outcome: "BLOCKED", problem, by: name } as const;
    return { actions: [end], wakeAt: null, idle: false };
  }

  const asking = flow.stages.find((stage) => asksForRepair(stage, lastOf(stage.name), values));
  if (asking?.repair !== undefined) {
    const used = repairsOf(stages, asking.name);
    const { rounds, to } = asking.repair;
    const anew = from(flow, to);
    if (anew.some((name) => lastOf(name)?.status === "RUNNING")) return { actions, wakeAt: null, idle: false };
    if (used < rounds) return { actions: [{ do: "repair", stage: asking, stages: anew }], wakeAt: null, idle: false };
    if (running) return { actions, wakeAt: null, idle: false };
    const problem = `${asking.name} still asks for a repair of ${to} after ${rounds} of them.`;
    const end = { do: "end", status: "FAILED", outcome: "REPAIR_EXHAUSTED", problem, by: asking.name } as const;
    return { actions: [end], wakeAt: null, idle: false };
  }

  for (const stage of flow.stages) {
    const { name, needs } = stage;
    const last = lastOf(name);
    if (last?.status === "WAITING" && last.deadline !== null) {
      if (last.deadline > now) wakes.push(last.deadline);
      else {
        const problem = `Nobody reported within ${stage.wait_timeout} that it is done.`;
        actions.push({ do: "give-up", stage, of: last, outcome: "TIMEOUT", problem, retryable: true });
      }
    }
    if (last !== undefined && !["READY", "FAILED"].includes(last.status)) continue;
    if (!needs.every((need) => ["DONE", "SKIPPED"].includes(lastOf(need)?.status ?? ""))) continue;
    const approvedBy = live.get(name)!.find((one) => one.approvedBy !== null)?.approvedBy ?? null;
    if (last?.status === "FAILED") {
      if ((last.retryAt ?? 0) > now) wakes.push(last.retryAt!);
      else actions.push({ do: "begin", stage, attempt: nextAttempt(name), approvedBy });
    } else if (last?.status === "READY") {
      actions.push({ do: "begin", stage, attempt: last.attempt, approvedBy });
    } else {
      const attempt = nextAttempt(name);
      if (stage.when !== undefined && !holds(stage.when, values)) actions.push({ do: "skip", stage, attempt });
      else if (stage.approval !== undefined) actions.push({ do: "ask", stage, attempt });
      else actions.push({ do: "begin", stage, attempt, approvedBy });
    }
  }

  const over = flow.stages.every(({ name }) => ["DONE", "SKIPPED"].includes(lastOf(name)?.status ?? ""));
  if (over) actions.push({ do: "end", status: "DONE", outcome: null, problem: null });
  const wakeAt = wakes.length === 0 ? null : Math.min(...wakes);
  return { actions, wakeAt, idle: actions.length === 0 && !running };
}

/** Whether the newest of these tries, which failed, is followed by another. */
export function mayRetry(stage: Pick<FlowStage, "retries">, tries: readonly StageRun[]): boolean {
  const failures = tries.filter(({ status }) => status === "FAILED").length;
  return tries.at(-1)?.retryable === true && failures <= stage.retries;
}

/** The stage and everything that comes behind it. */
function from({ stages }: FlowDocument, name: string): string[] {
  const before = upstreamOf(stages);
  return stages.filter((stage) => stage.name === name || before.get(stage.name)!.has(name)).map((stage) => stage.name);
}

const asksForRepair = ({ repair }: FlowStage, last: StageRun | undefined, values: Values): boolean =>
  repair !== undefined && last?.status === "DONE" && holds(repair.when, values);

/** Repairs that a stage has had, since it had them all and somebody resumed the run. */
function repairsOf(stages: readonly StageRun[], name: string): number {
  const own = stages.filter(({ stage }) => stage === name);
  const anew = Math.max(
    0,
    ...own.filter(({ outcome }) => outcome === "REPAIR_EXHAUSTED").map(({ attempt }) => attempt),
  );
  return own.filter(({ outcome, attempt }) => outcome === "REPAIR" && attempt > anew).length;
}
