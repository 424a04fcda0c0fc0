import { deliverEvents } from "./deliver-events.job.js";
import { driveRuns } from "./drive-runs.job.js";
import { dropResults } from "./drop-results.job.js";
import { expireApprovals } from "./expire-approvals.job.js";
import { eraseTenants } from "./erase-tenants.job.js";
import type { Job } from "./job.js";
import { linkHealth } from "./link-health.job.js";
import { raiseAlerts } from "./raise-alerts.job.js";
import { recheckClaims } from "./recheck-claims.job.js";
import { resealWebhooks } from "./reseal-webhooks.job.js";
import { sealAudit } from "./seal-audit.job.js";
import { shelfLives } from "./shelf-lives.job.js";
import { weeklyTopics } from "./weekly-topics.job.js";

/** Every job there is. */
export const JOBS: readonly Job[] = [
  deliverEvents,
  driveRuns,
  dropResults,
  eraseTenants,
  expireApprovals,
  linkHealth,
  raiseAlerts,
  recheckClaims,
  resealWebhooks,
  sealAudit,
  shelfLives,
  weeklyTopics,
];
