import type { FactKeyOf, KeyOf } from "../../studio.js";
import { batterySources } from "./sources-batteries.js";
import { chargingSources } from "./sources-charging.js";
import { dampSources } from "./sources-damp.js";
import { fabricSources } from "./sources-fabric.js";
import { grantSources } from "./sources-grants.js";
import { heatPumpFieldSources } from "./sources-heat-pump-field.js";
import { heatPumpMarketSources } from "./sources-heat-pump-market.js";
import { heatPumpTrialSources } from "./sources-heat-pump-trial.js";
import { kitchenSources } from "./sources-kitchen.js";
import { solarSources } from "./sources-solar.js";
import { tariffSources } from "./sources-tariffs.js";

export const sources = [
  ...heatPumpTrialSources,
  ...heatPumpFieldSources,
  ...heatPumpMarketSources,
  ...fabricSources,
  ...dampSources,
  ...solarSources,
  ...batterySources,
  ...kitchenSources,
  ...chargingSources,
  ...tariffSources,
  ...grantSources,
] as const;

export type SourceKey = KeyOf<typeof sources>;
export type FactKey = FactKeyOf<typeof sources>;
