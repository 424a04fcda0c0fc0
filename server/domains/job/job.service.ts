import { z } from "zod";
import { defineCommand } from "../../commands/command.js";
import { notFound } from "../../commands/problem.js";
import { lock } from "../../graph/lock.js";
import { newRun } from "../../jobs/lease.js";
import { setRun } from "../../jobs/run.query.js";
import { MAX_JOB_NAME, tickName } from "../../jobs/tick.js";
import { openRun } from "./job.repository.js";

/**
 * Asks for a run of a job now, beside its schedule; whichever process runs jobs takes it up within about a second. A dry
 * run counts what the job would do, and does nothing.
 */
export const runJob = defineCommand({
  name: "runJob",
  capability: "job.run",
  input: z.object({ name: z.string().min(1).max(MAX_JOB_NAME), dryRun: z.boolean().nullish() }),
  async run({ tx }, { name: job, dryRun }) {
    const { at } = await lock(tx, []);
    const run = tickName(job, tx.tenantId, at, "millisecond");
    if (!(await openRun(tx, job, run))) throw notFound("name");
    await tx.run(setRun, { name: run, born: newRun(job, at, dryRun ?? false), changed: { status: "WAITING" } });
    return {
      result: { run },
      at,
      events: [{ type: "job.asked", subject: `Tenant:${tx.tenantId}`, data: { job, run, dryRun: dryRun ?? false } }],
    };
  },
});
