import type { Instant } from "../graph-schema/time.js";
import { systemCaller, type Caller } from "./commands/caller.js";
import type { Command } from "./commands/command.js";
import type { Executed } from "./commands/execute.js";
import { Refusal } from "./commands/problem.js";
import { countOldResults, dropOldResults } from "./domains/operation/results.service.js";
import type { Graph } from "./graph/graph.js";

/*
 * What has to be done again and again, in one tenant at a time: jobs say when, this says what. Each duty answers how many
 * effects it had; each has a count of what there is to do, for whoever only wants to know.
 */

interface DutyOffice {
  readonly graph: Graph;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
}

/** One run of a duty in a tenant. */
export interface Duty {
  readonly tenantId: string;
  readonly scheduledAt: Instant;
  readonly signal: AbortSignal;
  /** Of one effect: the same in each go of the same run. */
  operationId(part: string | number): string;
}

export function createDuties({ graph, execute }: DutyOffice) {
  /** Runs a bounded command again until nothing is left for it. */
  async function untilDone<R extends { readonly more: boolean }>(
    { tenantId, signal, operationId }: Duty,
    command: Command<Record<string, never>, R>,
    reason: string,
    effectsOf: (result: R) => number,
  ): Promise<number> {
    let effects = 0;
    for (let part = 1; ; part++) {
      signal.throwIfAborted();
      const executed = await execute(command, systemCaller(tenantId), { operationId: operationId(part), reason });
      if (!executed.ok) {
        // A tenant that takes no changes just now has them made later.
        if (executed.problems.every(({ code }) => PASSING.includes(code))) return effects;
        throw new Refusal(executed.problems);
      }
      effects += effectsOf(executed.result);
      if (!executed.result.more) return effects;
    }
  }

  return {
    async dropOldResults(duty: Duty): Promise<number> {
      if ((await countOldResults(graph, duty.tenantId, duty.scheduledAt)) === 0) return 0;
      return untilDone(duty, dropOldResults, "results are kept for 30 days", ({ dropped }) => dropped);
    },
    countOldResults: ({ tenantId, scheduledAt }: Duty) => countOldResults(graph, tenantId, scheduledAt),
  };
}

export type Duties = ReturnType<typeof createDuties>;

const PASSING: readonly string[] = ["TENANT_SUSPENDED", "KILL_SWITCH", "RESIDENCY"];
