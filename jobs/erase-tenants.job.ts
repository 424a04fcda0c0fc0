import { defineJob } from "./job.js";

export const eraseTenants = defineJob({
  name: "erase-tenants",
  description:
    "Deletes what erased tenants had, and exports of moves that were called off; audit logs stay, without what people wrote.",
  schedule: "*/5 * * * *",
  timeoutMs: 3_600_000,
  scope: "platform",
  run: (tick) => tick.services.duties.eraseTenants(tick),
  due: (tick) => tick.services.duties.countErasable(tick),
});
