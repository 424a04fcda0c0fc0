import { setTimeout as sleep } from "node:timers/promises";
import { JOBS } from "../../jobs/jobs.js";
import { schedule } from "../../jobs/main.js";
import { PLATFORM_TENANT, workOf } from "../../jobs/scheduler.js";
import { systemCaller } from "../commands/caller.js";
import type { Problem } from "../commands/problem.js";
import { runJob, runPlatformJob } from "../domains/job/job.service.js";
import { errorMessage } from "../errors.js";
import type { RunRow } from "../jobs/run.query.js";
import { readJobs, readRun, type JobFace } from "../reads/jobs/jobs.query.js";
import type { Services } from "../services.js";
import { usageError } from "./exit.js";

const END: readonly RunRow["status"][] = ["DONE", "FAILED", "SKIPPED"];
/** A process that has the job takes the run up within a second or so; this looks as often. */
const LOOK_MS = 250;

/** Every job with what the graph knows of it: of the tenant, and of the platform for the platform's. */
export async function listJobs(services: Services, tenantId: string) {
  const read = (tenant: string): Promise<JobFace[]> => readJobs(services.graph, { tenantId: tenant });
  const [ours, platform] = await Promise.all([read(tenantId), read(PLATFORM_TENANT)]);
  return JOBS.map((job) => {
    const known = (job.scope === "platform" ? platform : ours).find(({ name }) => name === job.name);
    const { name, description, timeZone, scope } = job;
    const { lastRun = null, nextRun = null, lagMs = 0, holder = null } = known ?? {};
    return { name, description, schedule: job.schedule, timeZone, scope, lastRun, nextRun, lagMs, holder };
  });
}

/**
 * Asks for the run and sees it to its end: here where nobody has the job, else by looking at whoever has. It goes the way of
 * the API's `runJob`, so that it stands in the audit.
 */
export async function runNow(
  services: Services,
  asked: { name: string; tenantId: string; region: string; dryRun: boolean; operationId: string; reason: string },
  progress: (text: string) => void,
): Promise<{ run: RunRow } | { problems: readonly Problem[] }> {
  const job = JOBS.find(({ name }) => name === asked.name);
  if (job === undefined)
    throw usageError(`There is no job ${asked.name}; there are ${JOBS.map(({ name }) => name).join(", ")}.`);
  const { timeZone, description } = job;
  const tenantId = job.scope === "platform" ? PLATFORM_TENANT : asked.tenantId;
  const { leases, now } = await services.jobs.leases(tenantId);
  const when = schedule(job.schedule, timeZone);
  if (!leases.some((lease) => lease.job === job.name)) {
    const nextAt = when.beats ? null : when.next(now);
    await services.jobs.enrol(tenantId, { job: job.name, description, schedule: job.schedule, timeZone, nextAt });
  }
  const { operationId, reason, name, dryRun } = asked;
  const command = job.scope === "platform" ? runPlatformJob : runJob;
  const input = { operationId, reason, name, dryRun, ...(job.scope === "platform" ? { region: asked.region } : {}) };
  const executed = await services.execute(command, systemCaller(tenantId), input);
  if (!executed.ok) return executed;
  const troubles = (error: unknown): void => progress(errorMessage(error));
  for (;;) {
    await services.jobs.perform(job, tenantId, { work: workOf(services, job, tenantId), troubles });
    const run = await readRun(services.graph, { tenantId }, executed.result.run);
    if (run !== null && END.includes(run.status)) return { run };
    await sleep(LOOK_MS);
  }
}
