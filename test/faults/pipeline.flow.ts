import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { flow } from "../../graph-schema/documents/flow.js";
import { defineCommand } from "../../server/commands/command.js";
import { DEFAULT_REGION } from "../../server/config.js";
import { lock } from "../../server/graph/lock.js";
import type { Graph } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { defineExecutor } from "../../server/pipeline/executor.js";
import type { Installation } from "../../server/pipeline/office.js";
import { referencePolicy } from "../../server/policy/reference.js";
import { createServices, type Services } from "../../server/services.js";

/*
 * A flow whose stages each leave a mark that counts itself, for the processes that are killed while they drive it. Nothing
 * here leans on the test runner: a process of its own runs it too.
 */

const mark = defineQuery({
  name: "testStageMark",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MERGE (u:Usage {tenantId: $tenantId, id: $id}) SET u.times = coalesce(u.times, 0) + 1`,
  row: noRow,
});

/** Not idempotent by itself: only its operation makes it so. */
const leaveMark = defineCommand({
  name: "testLeaveStageMark",
  capability: "job.run",
  input: z.object({ mark: z.string() }),
  async run({ tx }, input) {
    const { at } = await lock(tx, []);
    await tx.run(mark, { id: input.mark });
    return { result: {}, at, events: [{ type: "test.marked", subject: input.mark, data: {} }] };
  },
});

export const STAGES = ["one", "two", "three", "four"] as const;

const FLOW = flow.parse({
  flow: "killed",
  version: "1.0.0",
  title: "A run whose process is killed",
  stages: STAGES.map((name, i) => ({
    name,
    run: "marker",
    output: "thing",
    needs: i === 0 ? [] : [STAGES[i - 1]],
    input: { given: "run.input" },
  })),
});

const anything = z.record(z.string(), z.unknown());

/** Starts that a try may have here: few, so that the test sees the end of one that kills its process each time. */
export const MAX_STARTS = 7;

/** `told` hears of each go of a try: `worked` when it begins, `left` when it has ended. A run that is given `poison` ends its process in its second stage. */
export const killedInstallation = (
  told: (what: "worked" | "left", name: string) => void = () => undefined,
  mostStarts?: number,
): Installation => ({
  flows: new Map([[FLOW.flow, FLOW]]),
  ...(mostStarts === undefined ? {} : { maxStarts: mostStarts }),
  tasks: { marker: { said: "leaves a mark", input: anything, output: "thing", schema: anything } },
  executors: new Map([
    [
      "marker",
      defineExecutor<Record<string, unknown>, unknown>({
        name: "marker",
        version: "1",
        input: anything,
        output: anything,
        async run(context, { given }) {
          const name = `${context.runId}/${context.stage}`;
          told("worked", `${name}/${context.attempt}`);
          try {
            await sleep(10);
            const poison = context.stage === "two" && (given as { poison?: boolean }).poison === true;
            if (poison) process.kill(process.pid, "SIGKILL");
            await context.execute("mark", leaveMark, { mark: name });
            await sleep(10);
            return { output: { marked: name } };
          } finally {
            told("left", `${name}/${context.attempt}`);
          }
        },
      }),
    ],
  ]),
});

export const killedServices = (
  graph: Graph,
  told?: Parameters<typeof killedInstallation>[0],
  mostStarts?: number,
): Services =>
  createServices({
    graph,
    region: DEFAULT_REGION,
    policy: referencePolicy,
    installation: killedInstallation(told, mostStarts),
  });

/** Drives a tenant's runs as the job does, beat after beat, until it is stopped. */
export async function driveOnAndOn(
  services: Services,
  tenantId: string,
  leaseMs: number,
  stopped: AbortSignal,
  trouble: (error: unknown) => void,
): Promise<void> {
  const job = { name: "drive-runs", maxAttempts: 3, timeoutMs: 600_000, leaseMs };
  const pulse = services.jobs.pulse(
    job,
    tenantId,
    ({ guard, signal }) => services.guardedBy(guard).pipeline.drive({ tenantId, signal, trouble }),
    trouble,
  );
  while (!stopped.aborted) {
    await pulse.beat(Date.now(), false, stopped).catch(trouble);
    await sleep(50);
  }
  await pulse.close();
}
