import { defineJob } from "./job.js";

export const raiseAlerts = defineJob({
  name: "raise-alerts",
  description: "Tells those who watch a node that its lineage changed.",
  // Within seconds, and not at each of them: one look serves what has happened since the last.
  schedule: "*/2 * * * * *",
  scope: "tenant",
  run: (tick) => tick.services.duties.raiseAlerts(tick),
  due: (tick) => tick.services.duties.countUnwatched(tick),
});
