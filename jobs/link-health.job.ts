import { defineJob } from "./job.js";

export const linkHealth = defineJob({
  name: "link-health",
  description: "Looks whether sources' addresses still answer, a few at a time, and each once a day at most.",
  schedule: "*/10 * * * *",
  jitterMs: 120_000,
  timeoutMs: 480_000,
  scope: "tenant",
  run: (tick) => tick.services.duties.lookAtLinks(tick),
  due: (tick) => tick.services.duties.countLinks(tick),
});
