import { defineJob } from "./job.js";

export const resealWebhooks = defineJob({
  name: "reseal-webhooks",
  description: "Seals webhooks' secrets with the present key that the one before a rotation sealed.",
  // With seconds, so that the history has only the minutes in which something was sealed.
  schedule: "30 * * * * *",
  scope: "tenant",
  run: (tick) => tick.services.duties.resealWebhooks(tick),
  due: (tick) => tick.services.duties.countToReseal(tick),
});
