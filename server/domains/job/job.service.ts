import { z } from "zod";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { notFound, refuse } from "../../commands/problem.js";
import { SYSTEM_TENANT } from "../../graph/graph.js";
import { lock } from "../../graph/lock.js";
import { newRun } from "../../jobs/lease.js";
import { setRun } from "../../jobs/run.query.js";
import { MAX_JOB_NAME, tickName } from "../../jobs/tick.js";
import { openRun } from "./job.repository.js";

const runInput = z.object({ name: z.string().min(1).max(MAX_JOB_NAME), dryRun: z.boolean().nullish() });

/**
 * Asks for a run of a job now, beside its schedule; whichever process runs jobs takes it up within about a second. A dry
 * run counts what the job would do, and does nothing.
 */
export const runJob = defineCommand({ name: "runJob", capability: "job.run", input: runInput, run: ask });

/** The same for the platform's jobs: for this process alone, since no tenant's people run what is everybody's. */
export const runPlatformJob = defineCommand({
  name: "runPlatformJob",
  capability: "job.run",
  input: runInput.extend({ region: z.string().min(1).max(40) }),
  // The platform's tenant has no node, so no region is allowed or denied by it.
  allowedRegions: ({ region }) => [region],
  run(context, { name, dryRun }) {
    if (context.tx.tenantId !== SYSTEM_TENANT || context.caller.internal === undefined)
      throw refuse("FORBIDDEN", "name", "Only the installation itself runs the platform's jobs.");
    return ask(context, { name, dryRun });
  },
});

async function ask({ tx }: CommandContext, { name: job, dryRun }: z.infer<typeof runInput>) {
  const { at } = await lock(tx, []);
  const run = tickName(job, tx.tenantId, at, "millisecond");
  if (!(await openRun(tx, job, run))) throw notFound("name");
  await tx.run(setRun, { name: run, born: newRun(job, at, dryRun ?? false), changed: { status: "WAITING" } });
  return {
    result: { run },
    at,
    events: [{ type: "job.asked", subject: `Tenant:${tx.tenantId}`, data: { job, run, dryRun: dryRun ?? false } }],
  };
}
