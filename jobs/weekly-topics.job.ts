import { defineJob } from "./job.js";

export const weeklyTopics = defineJob({
  name: "weekly-topics",
  description: "Starts the flow of weekly topics for each channel that had none since Monday, 05:00 UTC.",
  // Every hour, so that a week isn't lost to an hour in which nothing may be started.
  schedule: "0 * * * *",
  jitterMs: 300_000,
  timeoutMs: 600_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.startWeeklyTopics(tick),
  due: (tick) => tick.services.duties.countWeeklyTopics(tick),
});
