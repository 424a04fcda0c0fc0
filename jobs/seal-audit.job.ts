import { defineJob } from "./job.js";

export const sealAudit = defineJob({
  name: "seal-audit",
  description: "Seals the audit of all studios into their signed trees, and writes the checkpoints.",
  schedule: "* * * * * *",
  scope: "platform",
  run: (tick) => tick.services.duties.sealAudit(tick),
  due: (tick) => tick.services.duties.countUnsealed(),
});
