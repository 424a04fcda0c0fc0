import { defineJob } from "./job.js";

export const recheckClaims = defineJob({
  name: "recheck-claims",
  description:
    "Marks the claims that stand on a fallen source, and opens correction tasks, where there were too many for one transaction.",
  schedule: "*/10 * * * * *",
  timeoutMs: 120_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.recheckClaims(tick),
  due: (tick) => tick.services.duties.countRechecks(tick),
});
