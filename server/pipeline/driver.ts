import { flow as flowDocument, type FlowDocument } from "../../graph-schema/documents/flow.js";
import { systemCaller } from "../commands/caller.js";
import type { Command } from "../commands/command.js";
import type { Reader } from "../commands/judge.js";
import { Refusal } from "../commands/problem.js";
import { advanceRun, type Step } from "../domains/run/advance.service.js";
import { runPins, type RunPins } from "../domains/channel/pins.js";
import { documentOf } from "../domains/run/document.js";
import { dueRuns, readRun, type RunRecord } from "../domains/run/record.service.js";
import { beginStage, MAX_STARTS } from "../domains/run/stage.service.js";
import { LeaseLost } from "../jobs/lease.js";
import { retryMs } from "./backoff.js";
import { isPassing, readerOf, type Installation, type PipelineOffice } from "./office.js";
import { Documents } from "./documents.js";
import { liveOf, mayRetry, planRun, tryOf, type Action, type Seen } from "./plan.js";
import { Quarantine } from "./quarantine.js";
import { operationOf, runStage } from "./run-stage.js";
import { inputOf, missed, repairedIn, valueAt, type Values } from "./values.js";

/** Runs that one process drives on at once, in one tenant. */
const WIDTH = 16;
/** A pause no longer than this is waited for; for a longer one the run is parked, and others get its place. */
const SHORT_MS = 5_000;
/** How often the record is looked at while stages are at work: for what was cancelled, and for new runs. */
const LOOK_MS = 250;
/** How often a run that may not be written of is looked at. */
const BLOCKED_MS = 2_000;

export interface Drive {
  readonly tenantId: string;
  /** Aborted when the lease is lost or the process stops. */
  readonly signal: AbortSignal;
  trouble(error: unknown): void;
}

interface UnderWay {
  readonly done: Promise<void>;
  readonly stop: AbortController;
}

/**
 * Drives the runs of one tenant on until nothing more is due: begins stages, waits for them, and writes what follows. It
 * decides when, never what: all that it goes by stands in the graph, and whoever drives on after it comes to the same. Only
 * the holder of the tenant's lease drives.
 */
export class Driver {
  readonly #office: PipelineOffice;
  readonly #reader: Reader;
  readonly #underWay = new Map<string, Map<string, UnderWay>>();
  /** Tries under way of each stage of each flow, for its concurrency. */
  readonly #busy = new Map<string, number>();
  readonly #flows = new Map<string, FlowDocument>();
  /** Runs that policy lets nothing be written of just now. */
  readonly #blocked = new Set<string>();
  /** Runs that have nothing under way and wait for a time: they take no place of others either. */
  readonly #resting = new Set<string>();
  /** When each run that is due is looked at next, by this process's clock, and whether it waits for that; at once where nothing stands. */
  readonly #looks = new Map<string, { readonly at: number; readonly waits: boolean }>();
  /** Runs with a stage that may not begin while others are at work: they are looked at when one ends. */
  readonly #held = new Set<string>();
  /** Outputs that were read, by hash: they never change. */
  readonly #documents: Documents;
  #settled = 0;
  /** Whether something has moved since the last look began: then it is looked at again before anything is waited for. */
  #stirred = false;
  #wake: (() => void) | null = null;

  constructor(
    office: PipelineOffice,
    readonly installation: Installation,
    readonly drive: Drive,
    /** Of this process: its drivers share it. */
    readonly quarantine: Quarantine = new Quarantine(),
  ) {
    this.#office = office;
    this.#reader = readerOf(this.#office.graph, drive.tenantId);
    this.#documents = new Documents(this.#reader);
  }

  /** Answers how many tries were settled. */
  async run(): Promise<number> {
    const { signal } = this.drive;
    const stop = () => this.#stopAll(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (!signal.aborted) {
        this.#stirred = false;
        // Those that stand still, under a switch or till a time, take no place of others.
        const most = WIDTH + this.#blocked.size + this.#resting.size;
        const due = new Set([...(await dueRuns(this.#reader, most)), ...this.#underWay.keys()]);
        for (const id of this.#looks.keys()) if (!due.has(id)) this.#looks.delete(id);
        const now = performance.now();
        const ready = [...due].filter((id) => (this.#looks.get(id)?.at ?? 0) <= now);
        const steps = await Promise.all(ready.map((id) => this.#lookAt(id)));
        if (steps.includes("moved") || this.#stirred) continue;
        const waits = [...this.#looks.values()].flatMap(({ at, waits: so }) => (so ? [at - performance.now()] : []));
        if (waits.length === 0 && this.#underWay.size === 0) break;
        await this.#pause(Math.max(1, Math.min(LOOK_MS, ...waits)));
      }
    } finally {
      signal.removeEventListener("abort", stop);
      this.#stopAll(new Error("the driver stops"));
      await Promise.allSettled(
        [...this.#underWay.values()].flatMap((tries) => [...tries.values()].map(({ done }) => done)),
      );
    }
    signal.throwIfAborted();
    return this.#settled;
  }

  /** Looks at one run and steps it on. What moves it meanwhile has it looked at again at once. */
  async #lookAt(id: string): Promise<"moved" | number | null> {
    this.#looks.set(id, { at: Infinity, waits: true });
    const step = await this.#stepOrTell(id);
    if (step === "moved") this.#looks.delete(id);
    else if (this.#looks.has(id))
      this.#looks.set(id, { at: performance.now() + Math.min(LOOK_MS, step ?? LOOK_MS), waits: step !== null });
    return step;
  }

  /** One run that can't be driven on keeps no other from it; without its lease nobody drives any. */
  async #stepOrTell(id: string): Promise<"moved" | number | null> {
    try {
      return await this.#step(id);
    } catch (error) {
      if (error instanceof LeaseLost || this.drive.signal.aborted) throw error;
      this.drive.trouble(error);
      this.#blocked.add(id);
      return BLOCKED_MS;
    }
  }

  /** One step of one run: `moved` when something was written or begun, else milliseconds until something is due, or null. */
  async #step(id: string): Promise<"moved" | number | null> {
    // Before the record is read: a try that ends in between is then still taken for one under way.
    const underWay = new Set(this.#underWay.get(id)?.keys());
    this.#resting.delete(id);
    const record = await readRun(this.#reader, id);
    if (record === undefined || !["RUNNING", "WAITING"].includes(record.run.status)) {
      for (const { stop } of this.#underWay.get(id)?.values() ?? []) stop.abort(new Error("the run has ended"));
      return null;
    }
    if (this.#blocked.has(id)) {
      const channels = record.channelId === null ? [] : [record.channelId];
      const caller = systemCaller(this.drive.tenantId);
      if (!(await this.#office.judge(caller, "run.advance", { channels })).decision.allow) return BLOCKED_MS;
      this.#blocked.delete(id);
    }
    const flow = await this.#flowOf(record.run.flowHash);
    const seen: Seen = {
      flow,
      stages: record.stages,
      values: await this.#valuesOf(flow, record),
      now: record.now,
      underWay,
      maxStarts: this.installation.maxStarts ?? MAX_STARTS,
    };
    const plan = planRun(seen);
    let moved = false;
    for (const action of plan.actions) moved = (await this.#act(record, seen, action)) || moved;
    if (moved) return "moved";
    if (this.#blocked.has(id)) return BLOCKED_MS;
    if (plan.idle && (plan.wakeAt === null || plan.wakeAt - record.now > SHORT_MS)) {
      if (record.run.status === "RUNNING" || record.run.wakeAt !== plan.wakeAt)
        await this.#advance(record, { do: "park", wakeAt: plan.wakeAt }, `park/${record.run.version}`);
      return null;
    }
    if (plan.wakeAt === null) return null;
    if (underWay.size === 0) this.#resting.add(id);
    return Math.max(1, plan.wakeAt - record.now);
  }

  async #act(record: RunRecord, seen: Seen, action: Action): Promise<boolean> {
    switch (action.do) {
      case "begin":
        return this.#begin(record, seen, action);
      case "ask":
      case "skip": {
        const { stage, attempt } = action;
        const how = action.do === "ask" ? "ASK" : "SKIP";
        const words = action.do === "ask" ? stage.approval?.question : stage.when && missed(stage.when, seen.values);
        const operationId = `${operationOf(record.run.ulid, stage.name, attempt)}/${action.do}/${record.run.version}`;
        const input = {
          runId: record.run.id,
          stage: stage.name,
          attempt,
          executor: stage.run,
          how,
          words: words ?? null,
        };
        return (await this.#write(record, beginStage, { ...input, operationId })) !== null;
      }
      case "give-up": {
        const { stage, of, outcome, problem, retryable } = action;
        const tries = [
          ...liveOf(record.stages, stage.name).slice(0, -1),
          { ...of, status: "FAILED", retryable } as typeof of,
        ];
        const failures = tries.filter(({ status }) => status === "FAILED").length;
        const pause = mayRetry(stage, tries) ? retryMs(stage, failures) : null;
        const step: Step = { do: "give-up", stage: stage.name, attempt: of.attempt, outcome, problem, retryMs: pause };
        return this.#advance(record, step, `give-up/${stage.name}/${of.attempt}`);
      }
      case "repair": {
        const { stage, stages } = action;
        const step: Step = { do: "repair", stage: stage.name, stages: [...stages] };
        return this.#advance(record, step, `repair/${record.run.round}`);
      }
      case "end": {
        const { status, outcome, problem, by } = action;
        const step: Step = { do: "end", status, outcome, problem, by: by ?? null };
        return this.#advance(record, step, `end/${record.run.version}`);
      }
    }
  }

  async #begin(record: RunRecord, seen: Seen, action: Extract<Action, { do: "begin" }>): Promise<boolean> {
    const { stage, attempt, approvedBy } = action;
    const { run } = record;
    const place = `${run.flow} ${stage.name}`;
    const busy = this.#busy.get(place) ?? 0;
    const hold = (): false => {
      this.#held.add(run.ulid);
      return false;
    };
    if (busy >= (stage.concurrency ?? Infinity)) return hold();
    const starts = record.stages.find((one) => one.stage === stage.name && one.attempt === attempt)?.starts ?? 0;
    const leave = this.quarantine.enter(`${run.ulid}/${tryOf(stage.name, attempt)}`, starts);
    if (leave === null) return hold();
    this.#busy.set(place, busy + 1);
    const end = () => {
      leave();
      this.#busy.set(place, this.#busy.get(place)! - 1);
      for (const held of this.#held) this.#looks.delete(held);
      if (this.#held.size > 0) this.#stirred = true;
      this.#held.clear();
    };
    let begun = false;
    try {
      const input = inputOf(stage, seen.values);
      const executor = this.installation.executors.get(stage.run);
      const pins = await this.#pinsOf(run.pinsHash);
      const cacheKey =
        stage.cache === undefined || executor === undefined
          ? null
          : documentOf({
              run: [stage.run, executor.version, stage.output],
              by: stage.cache.by.map((reference) => valueAt(seen.values, reference)),
              ...(pins === null || executor.cachedBy === undefined ? {} : { pins: executor.cachedBy(pins) }),
            }).sha256;
      const written = await this.#write(record, beginStage, {
        operationId: `${operationOf(run.ulid, stage.name, attempt)}/begin/${run.version}/${starts}`,
        runId: run.id,
        stage: stage.name,
        attempt,
        executor: stage.run,
        how: "RUN",
        inputHash: documentOf(input).sha256,
        cacheKey,
        approvedBy,
      });
      if (written === null) return false;
      if (written.cached) this.#settled++;
      if (!written.go) return true;
      begun = true;
      this.#work(record, action, input, pins, end);
      return true;
    } finally {
      if (!begun) end();
    }
  }

  #work(
    record: RunRecord,
    { stage, attempt }: Extract<Action, { do: "begin" }>,
    input: unknown,
    pins: RunPins | null,
    end: () => void,
  ): void {
    const { tenantId, signal, trouble } = this.drive;
    const { ulid } = record.run;
    const stop = new AbortController();
    const tries = this.#underWay.get(ulid) ?? new Map<string, UnderWay>();
    this.#underWay.set(ulid, tries);
    const name = tryOf(stage.name, attempt);
    const one = { tenantId, record, stage, attempt, round: record.run.round, input, pins };
    const executor = this.installation.executors.get(stage.run);
    const task = Object.hasOwn(this.installation.tasks, stage.run) ? this.installation.tasks[stage.run] : undefined;
    const done = runStage(this.#office, executor, task, one, AbortSignal.any([stop.signal, signal]), trouble)
      .then((status) => void (status !== null && this.#settled++))
      .catch((error: unknown) => {
        if (!stop.signal.aborted && !signal.aborted) trouble(error);
      })
      .finally(() => {
        tries.delete(name);
        if (tries.size === 0) this.#underWay.delete(ulid);
        end();
        this.#looks.delete(ulid);
        this.#stir();
      });
    tries.set(name, { done, stop });
  }

  #advance(record: RunRecord, step: Step, part: string): Promise<boolean> {
    const { id, ulid, version } = record.run;
    const input = { operationId: `run/${ulid}/${part}/${version}`, runId: id, step, version };
    return this.#write(record, advanceRun, input).then((result) => result?.go === true);
  }

  /** Null where it may not be written just now: the run stands still until it may. */
  async #write<I, R>({ run }: RunRecord, command: Command<I, R>, input: object): Promise<R | null> {
    const given = { reason: "the runner goes on", ...input };
    const executed = await this.#office.execute(command, systemCaller(this.drive.tenantId), given);
    if (executed.ok) return executed.result;
    if (isPassing(executed.problems)) {
      this.#blocked.add(run.ulid);
      return null;
    }
    throw new Refusal(executed.problems);
  }

  async #flowOf(hash: string): Promise<FlowDocument> {
    const known = this.#flows.get(hash);
    if (known !== undefined) return known;
    const flow = flowDocument.parse((await this.#documents.read([hash])).get(hash));
    this.#flows.set(hash, flow);
    return flow;
  }

  /** What references of the flow lead into: the run, and the newest outputs that count. */
  async #valuesOf(flow: FlowDocument, { run, stages, topicId, channelId }: RunRecord): Promise<Values> {
    const done = flow.stages.flatMap(({ name }) => {
      const last = liveOf(stages, name).at(-1);
      return last?.status === "DONE" && last.outputHash !== null ? [[name, last.outputHash] as const] : [];
    });
    const asked =
      stages.filter(({ outcome, superseded }) => superseded && outcome === "REPAIR").at(-1)?.outputHash ?? null;
    const before = repairedIn(flow).flatMap((name) => {
      const last = stages.filter((one) => one.stage === name && one.superseded && one.outputHash !== null).at(-1);
      return last === undefined ? [] : [[name, last.outputHash!] as const];
    });
    const hashes = [...[...done, ...before].map(([, hash]) => hash), ...(asked === null ? [] : [asked])];
    const documents = await this.#documents.read(hashes);
    const input = JSON.parse(run.input) as unknown;
    return {
      ...Object.fromEntries(done.map(([name, hash]) => [name, documents.get(hash) ?? null])),
      run: { id: run.id, topic_id: topicId, channel_id: channelId, input },
      repair: asked === null ? null : (documents.get(asked) ?? null),
      repaired: Object.fromEntries(before.map(([name, hash]) => [name, documents.get(hash) ?? null])),
    };
  }

  /** What the run took from its channel's config as it began. */
  async #pinsOf(hash: string | null): Promise<RunPins | null> {
    return hash === null ? null : runPins.parse((await this.#documents.read([hash])).get(hash));
  }

  #stopAll(reason: unknown): void {
    for (const tries of this.#underWay.values()) for (const { stop } of tries.values()) stop.abort(reason);
    this.#wake?.();
  }

  /** Looks at every run again at once: something was signalled. */
  nudge(): void {
    this.#looks.clear();
    this.#stir();
  }

  #stir(): void {
    this.#stirred = true;
    this.#wake?.();
  }

  /** Until so many milliseconds are over, or a try has ended. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#wake = end;
    });
  }
}
