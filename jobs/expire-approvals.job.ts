import { defineJob } from "./job.js";

export const expireApprovals = defineJob({
  name: "expire-approvals",
  description: "Ends the proposals, exemptions and kill switches whose time is over.",
  // With seconds, so that the history has only the minutes in which something ended.
  schedule: "0 * * * * *",
  scope: "tenant",
  run: (tick) => tick.services.duties.expire(tick),
  due: (tick) => tick.services.duties.countExpired(tick),
});
