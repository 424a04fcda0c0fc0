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
  })),
});

const anything = z.record(z.string(), z.unknown());

/** `worked` is told of each go of a try. */
export const killedInstallation = (worked: (name: string) => void = () => undefined): Installation => ({
  flows: new Map([[FLOW.flow, FLOW]]),
  tasks: { marker: { said: "leaves a mark", input: anything, output: "thing", schema: anything } },
  executors: new Map([
    [
      "marker",
      defineExecutor<unknown, unknown>({
        name: "marker",
        version: "1",
        input: anything,
        output: anything,
        async run(context) {
          const name = `${context.runId}/${context.stage}`;
          worked(`${name}/${context.attempt}`);
          await sleep(10);
          await context.execute("mark", leaveMark, { mark: name });
          await sleep(10);
          return { output: { marked: name } };
        },
      }),
    ],
  ]),
});

export const killedServices = (graph: Graph, worked?: (name: string) => void): Services =>
  createServices({ graph, region: DEFAULT_REGION, policy: referencePolicy, installation: killedInstallation(worked) });

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
