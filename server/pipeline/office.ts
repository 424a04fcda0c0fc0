import type { FlowDocument } from "../../graph-schema/documents/flow.js";
import type { Caller } from "../commands/caller.js";
import type { Command } from "../commands/command.js";
import type { Executed } from "../commands/execute.js";
import type { Judgement, Reader } from "../commands/judge.js";
import type { Graph } from "../graph/graph.js";
import type { House } from "../domains/channel/pins.js";
import type { Capability } from "../policy/capabilities.js";
import type { Executor } from "./executor.js";
import type { Task } from "./tasks.js";

/** What an installation can run: its flows, and who does the work. */
export interface Installation {
  readonly flows: ReadonlyMap<string, FlowDocument>;
  readonly tasks: Readonly<Record<string, Task>>;
  readonly executors: ReadonlyMap<string, Executor>;
  /** What a run of this channel goes by where the channel's config says nothing else. */
  readonly houseOf?: (channelId: string | null) => House;
  /** Starts that one try may have; MAX_STARTS unless a test brings its own. */
  readonly maxStarts?: number;
}

/** What the pipeline acts through. */
export interface PipelineOffice {
  readonly graph: Graph;
  readonly region: string;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
  /** Whether policy lets the caller do it just now: asked before something that was refused is tried again, so that the audit isn't filled with it. */
  judge(
    caller: Caller,
    capability: Capability,
    where: { readonly channels: readonly string[]; readonly gate?: readonly string[] },
  ): Promise<Judgement>;
}

export const readerOf = (graph: Graph, tenantId: string): Reader => ({
  tenantId,
  run: (query, params) => graph.read({ tenantId }, query, params),
});

/** Executors by name. Throws when two have one name, or one isn't the name of a task. */
export function register(
  executors: readonly Executor[],
  tasks: Readonly<Record<string, Task>>,
): Installation["executors"] {
  const found = new Map<string, Executor>();
  for (const executor of executors) {
    if (!Object.hasOwn(tasks, executor.name))
      throw new Error(`no flow can call an executor ${executor.name}: it is no task`);
    if (found.has(executor.name)) throw new Error(`two executors are called ${executor.name}`);
    found.set(executor.name, executor);
  }
  return found;
}

/** Executors that a flow names and that aren't installed. */
export const missingExecutors = (flow: FlowDocument, { executors }: Pick<Installation, "executors">): string[] =>
  [...new Set(flow.stages.map(({ run }) => run))].filter((name) => !executors.has(name)).sort();

/** What keeps a change from being written just now, and passes. */
const PASSING: readonly string[] = ["TENANT_SUSPENDED", "KILL_SWITCH", "RESIDENCY"];

export const isPassing = (problems: readonly { readonly code: string }[]): boolean =>
  problems.every(({ code }) => PASSING.includes(code));
