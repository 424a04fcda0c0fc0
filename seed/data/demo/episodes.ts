import { benchHeatEpisodes } from "./episodes-bench-heat.js";
import { benchPowerEpisodes } from "./episodes-bench-power.js";
import { explainsFabricEpisodes } from "./episodes-explains-fabric.js";
import { explainsHeatPumpCostEpisodes } from "./episodes-explains-heat-pump-costs.js";
import { explainsHeatPumpEpisodes } from "./episodes-explains-heat-pumps.js";
import { explainsLivingEpisodes } from "./episodes-explains-living.js";
import { explainsPowerEpisodes } from "./episodes-explains-power.js";

export const episodes = [
  ...explainsHeatPumpEpisodes,
  ...explainsHeatPumpCostEpisodes,
  ...explainsFabricEpisodes,
  ...explainsPowerEpisodes,
  ...explainsLivingEpisodes,
  ...benchHeatEpisodes,
  ...benchPowerEpisodes,
] as const;
