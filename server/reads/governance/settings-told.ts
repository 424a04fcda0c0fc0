import type { Instant } from "../../../graph-schema/time.js";
import type { GovernanceSettings } from "./governance.type.js";
import { KEEPING_KINDS, shelfLifeOf, type GovernanceSettings as Settings } from "./settings.js";

/** Settings as the API tells them. */
export const settingsTold = (settings: Settings, asOf: Instant): GovernanceSettings => ({
  asOf,
  version: settings.version,
  tiers: settings.tiers,
  shelfLives: KEEPING_KINDS.map((kind) => ({ kind, days: shelfLifeOf(settings, kind) })),
  furtherGroups: settings.furtherGroups,
  copyShare: settings.copyShare,
});
