import { defineJob } from "./job.js";

export const driveRuns = defineJob({
  name: "drive-runs",
  description: "Drives the runs of the pipeline on: begins their stages, and writes how they ended.",
  schedule: "* * * * * *",
  // A beat goes on while stages are at work; what a lost one had under way is begun again.
  timeoutMs: 86_400_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.driveRuns(tick),
  due: (tick) => tick.services.duties.countDueRuns(tick),
});
