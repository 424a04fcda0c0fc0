import { createTask, parse, validateDetailed } from "node-cron";
import type { Logger } from "pino";
import type { Services } from "../server/services.js";
import type { Job } from "./job.js";
import { JOBS } from "./jobs.js";
import { scheduleOf, type Schedule } from "./schedule.js";
import { Scheduler } from "./scheduler.js";

/** A job's schedule. Throws when the expression or the time zone can't be read. */
export function schedule(expression: string, timeZone: string): Schedule {
  const { valid, errors } = validateDetailed(expression);
  if (!valid) throw new Error(`the schedule ${expression}: ${errors.map(({ message }) => message).join("; ")}`);
  const { hour, minute, second } = parse(expression);
  // The wall's time is handed over as if it were UTC: what the wall shows, and when, is for schedule.ts to know.
  const task = createTask(expression, () => undefined, { timezone: "UTC" });
  const cron = { matches: (wall: Date) => task.match(wall), hours: hour, minutes: minute, seconds: second };
  return scheduleOf(cron, timeZone, expression.trim().split(/\s+/).length === 6);
}

export interface RunningJobs {
  /** Waits a little for what runs, and gives its leases up. */
  close(): Promise<void>;
}

/** Runs the jobs until closed. Any number of processes may: the leases tell whose turn it is. */
export function startJobs(options: { services: Services; log: Logger; jobs?: readonly Job[] }): RunningJobs {
  const { services, log, jobs = JOBS } = options;
  const scheduled = jobs.map((job) => ({ job, schedule: schedule(job.schedule, job.timeZone) }));
  const scheduler = new Scheduler(services, scheduled, (error, told) =>
    log.error({ err: error, ...told }, "a job went wrong"),
  );
  const heart = createTask("* * * * * *", () => scheduler.beat(), { timezone: "UTC", suppressMissedWarning: true });
  void heart.start();
  return {
    async close() {
      await heart.destroy();
      await scheduler.close();
    },
  };
}
