import { defineJob } from "./job.js";

export const shelfLives = defineJob({
  name: "shelf-lives",
  description: "Marks the claims whose shelf life is over: they need a recheck, and aren't thereby wrong.",
  schedule: "20 * * * *",
  jitterMs: 300_000,
  timeoutMs: 600_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.recheckDue(tick),
  due: (tick) => tick.services.duties.countDueClaims(tick),
});
