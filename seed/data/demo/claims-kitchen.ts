/** Induction cooking and hot water. */
import type { ClaimSeed } from "../../studio.js";
import type { FactKey } from "./sources.js";

export const kitchenClaims = [
  {
    key: "ind-85",
    text: "An induction hob puts about 85 percent of its energy into the pan, a gas flame less than 40.",
    kind: "SCIENCE",
    supportedBy: ["potlab-hobs/efficiency", "bench-hob-log/efficiency"],
  },
  {
    key: "ind-half-the-time",
    text: "Induction boils water in little more than half the time that gas takes.",
    kind: "SCIENCE",
    supportedBy: ["potlab-hobs/time", "bench-hob-log/induction", "bench-hob-log/gas"],
  },
  {
    key: "ind-gas-faster",
    text: "Nothing boils water faster than a gas flame.",
    kind: "SCIENCE",
    status: "WRONG",
    supportedBy: ["flame-column/faster"],
    contradictedBy: ["potlab-hobs/time", "bench-hob-log/induction"],
  },
  {
    key: "ind-magnet",
    text: "Any pan whose base holds a magnet works on induction.",
    kind: "PRODUCT",
    supportedBy: ["potlab-hobs/magnet"],
  },
  {
    key: "ind-seven-pans",
    text: "Seven pans in ten already work on induction.",
    kind: "COUNT",
    supportedBy: ["potlab-hobs/seven-in-ten"],
  },
  {
    key: "ind-no2-guideline",
    text: "The guideline for nitrogen dioxide indoors is 200 micrograms a cubic metre over one hour.",
    kind: "LAW",
    supportedBy: ["health-kitchen-air/guideline"],
  },
  {
    key: "ind-no2-42",
    text: "Without a hood to the outside, gas kitchens exceed the nitrogen dioxide guideline on 42 of 100 evenings.",
    kind: "SCIENCE",
    supportedBy: ["health-kitchen-air/above"],
    considered: ["bench-hob-log/nitrogen-dioxide"],
  },
  {
    key: "ind-no2-bench",
    text: "Two gas burners took our shut kitchen to 312 micrograms of nitrogen dioxide in half an hour.",
    kind: "SCIENCE",
    supportedBy: ["bench-hob-log/nitrogen-dioxide"],
  },
  {
    key: "ind-particles",
    text: "Frying makes fine particles on every hob, electric ones too.",
    kind: "SCIENCE",
    supportedBy: ["health-kitchen-air/particles"],
  },
  {
    key: "ind-recirculating",
    text: "A hood that only filters and returns the air does not remove nitrogen dioxide.",
    kind: "SCIENCE",
    supportedBy: ["health-kitchen-air/recirculating"],
  },
  {
    key: "ind-two-litres",
    text: "Two litres of water took us 0.224 kilowatt-hours by induction and 0.515 by gas.",
    kind: "SCIENCE",
    supportedBy: ["bench-hob-log/induction", "bench-hob-log/gas"],
  },
  {
    key: "ind-old-pans",
    text: "A steel plate under an old pan costs a third of the speed.",
    kind: "OTHER",
    supportedBy: [],
  },
  {
    key: "hw-weekly-60",
    text: "A cylinder may be kept at 50 degrees if it reaches 60 once a week.",
    kind: "LAW",
    supportedBy: ["health-hot-water/weekly"],
  },
  {
    key: "hw-legionella-range",
    text: "Legionella multiply between 25 and 45 degrees and die within minutes at 60.",
    kind: "SCIENCE",
    supportedBy: ["health-hot-water/range"],
  },
  {
    key: "hw-loss-11",
    text: "The Copperfern C200 cylinder loses 1.1 kilowatt-hours of heat a day.",
    kind: "PRODUCT",
    status: "NEEDS_RECHECK",
    supportedBy: ["copperfern-brochure/loss"],
    contradictedBy: ["bench-cylinder-log/loss"],
  },
  {
    key: "hw-loss-17",
    text: "The Copperfern C200 cylinder loses 1.7 kilowatt-hours of heat a day as installed.",
    kind: "PRODUCT",
    supportedBy: ["bench-cylinder-log/loss"],
    contradictedBy: ["copperfern-brochure/loss"],
  },
  {
    key: "hw-lagging",
    text: "Lagging valves and two metres of pipe for 24 euros cut the cylinder's loss to 1.2 kilowatt-hours a day.",
    kind: "SCIENCE",
    supportedBy: ["bench-cylinder-log/lagged"],
  },
  {
    key: "hw-fifty-degrees",
    text: "Storing water at 50 instead of 55 degrees raised the heat pump's performance from 2.6 to 2.9.",
    kind: "SCIENCE",
    supportedBy: ["bench-cylinder-log/fifty"],
    considered: ["brackwater-field/flow-degree"],
  },
  {
    key: "hw-shower",
    text: "A ten-minute shower takes 2.6 kilowatt-hours of heat.",
    kind: "SCIENCE",
    supportedBy: ["bench-cylinder-log/shower"],
  },
] as const satisfies readonly ClaimSeed<FactKey>[];
