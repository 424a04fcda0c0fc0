import type { KeyOf } from "../../studio.js";
import { chargingClaims } from "./claims-charging.js";
import { fabricClaims } from "./claims-fabric.js";
import { heatPumpMarketClaims } from "./claims-heat-pump-market.js";
import { heatPumpPerformanceClaims } from "./claims-heat-pump-performance.js";
import { kitchenClaims } from "./claims-kitchen.js";
import { moneyClaims } from "./claims-money.js";
import { solarClaims } from "./claims-solar.js";

export const claims = [
  ...heatPumpPerformanceClaims,
  ...heatPumpMarketClaims,
  ...fabricClaims,
  ...solarClaims,
  ...kitchenClaims,
  ...chargingClaims,
  ...moneyClaims,
] as const;

export type ClaimKey = KeyOf<typeof claims>;
