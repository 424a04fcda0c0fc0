import { defineJob } from "./job.js";

export const dropResults = defineJob({
  name: "drop-results",
  description: "Drops the results of operations that are older than 30 days; their keys are kept.",
  schedule: "20 3 * * *",
  jitterMs: 600_000,
  timeoutMs: 600_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.dropOldResults(tick),
  due: (tick) => tick.services.duties.countOldResults(tick),
});
