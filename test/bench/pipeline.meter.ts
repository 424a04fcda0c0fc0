import { Graph, type WriteTx } from "../../server/graph/graph.js";
import type { Executor } from "../../server/pipeline/executor.js";
import type { Installation } from "../../server/pipeline/office.js";

/** From and until, by this process's clock, in milliseconds. */
export type Span = readonly [from: number, until: number];

/** One go of an executor. */
export interface Go {
  readonly runId: string;
  readonly stage: string;
  readonly span: Span;
}

/** What was at work when in this process: the database, and executors. */
export interface Meter {
  readonly database: Span[];
  readonly goes: Go[];
}

type Any = unknown[];

/**
 * Notes when this process waits for the database: each statement, and what begins and ends a transaction, but not our own work
 * between two statements. For a process of its own: it changes the door that all of it goes through.
 */
export function meterDatabase(): Meter {
  const meter: Meter = { database: [], goes: [] };
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } finally {
      meter.database.push([from, performance.now()]);
    }
  };
  const door = Graph.prototype as unknown as Record<"read" | "write", (...given: Any) => Promise<unknown>>;
  const { read, write } = door;
  door.read = function (this: Graph, ...given) {
    return timed(() => read.apply(this, given));
  };
  door.write = async function (this: Graph, scope, work) {
    let from = performance.now();
    const pause = (): void => void meter.database.push([from, performance.now()]);
    const between = async (tx: WriteTx): Promise<unknown> => {
      pause();
      try {
        const run = ((...asked: Parameters<WriteTx["run"]>) => timed(() => tx.run(...asked))) as WriteTx["run"];
        return await (work as (tx: WriteTx) => Promise<unknown>)({ ...tx, run });
      } finally {
        from = performance.now();
      }
    };
    try {
      return await write.call(this, scope, between);
    } finally {
      pause();
    }
  };
  return meter;
}

/** The same flows and executors; each go is told when it begins, and noted when it has ended. */
export function meteredInstallation(
  installation: Installation,
  begun: (runId: string, stage: string) => void,
  ended: (go: Go) => void = () => undefined,
): Installation {
  const metered = (executor: Executor): Executor => ({
    ...executor,
    async run(context, input) {
      const from = performance.now();
      begun(context.runId, context.stage);
      try {
        return await executor.run(context, input);
      } finally {
        ended({ runId: context.runId, stage: context.stage, span: [from, performance.now()] });
      }
    },
  });
  const executors = [...installation.executors].map(([name, executor]) => [name, metered(executor)] as const);
  return { ...installation, executors: new Map(executors) };
}

/** Milliseconds of `within` in which nothing of `spans` was at work. */
export function idleMs([from, until]: Span, spans: readonly Span[]): number {
  let idle = 0;
  let at = from;
  for (const [begin, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (end <= at || begin >= until) continue;
    idle += Math.max(0, begin - at);
    at = Math.max(at, end);
  }
  return idle + Math.max(0, until - at);
}
