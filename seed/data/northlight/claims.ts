import type { ClaimSeed, KeyOf } from "../../studio.js";
import type { FactKey } from "./sources.js";

/** Some texts are the same as in the other studio: tenancy must keep the claims apart. */
export const claims = [
  {
    key: "nl-hp-spf-39",
    text: "Over a season, an air-source heat pump in an ordinary home gives 3.9 units of heat for each unit of electricity.",
    kind: "SCIENCE",
    supportedBy: ["nl-tarn-trial/spf"],
    contradictedBy: ["nl-brackwater-field/spf"],
  },
  {
    key: "nl-hp-spf-33",
    text: "Over a season, an air-source heat pump in an ordinary home gives about 3.3 units of heat for each unit of electricity.",
    kind: "SCIENCE",
    supportedBy: ["nl-brackwater-field/spf"],
    contradictedBy: ["nl-tarn-trial/spf"],
  },
  {
    key: "nl-hp-cold-29",
    text: "At seven degrees of frost a heat pump still gives 2.9 units of heat for each unit of electricity.",
    kind: "SCIENCE",
    supportedBy: ["nl-tarn-trial/cold-cop"],
  },
  {
    key: "nl-hp-trial-612",
    text: "The winter trial metered 612 homes over two winters.",
    kind: "COUNT",
    supportedBy: ["nl-tarn-trial/homes"],
  },
  {
    key: "nl-hp-stays-warm",
    text: "Homes with a heat pump keep their set temperature in hard frost.",
    kind: "SCIENCE",
    supportedBy: ["nl-brackwater-field/warm"],
  },
  {
    key: "nl-hp-flow-two-percent",
    text: "Each degree less flow temperature saves about two percent of electricity.",
    kind: "SCIENCE",
    supportedBy: ["nl-brackwater-field/flow"],
  },
  {
    key: "nl-hp-count-2025",
    text: "41,300 heat pumps were installed in Calderland in 2025.",
    kind: "COUNT",
    status: "NEEDS_RECHECK",
    supportedBy: ["nl-registry-stats/year"],
  },
  {
    key: "nl-hp-price-13900",
    text: "A heat pump costs 13,900 euros on average before the grant.",
    kind: "PRICE",
    status: "NEEDS_RECHECK",
    supportedBy: ["nl-registry-stats/price"],
  },
  {
    key: "nl-tar-electricity-296",
    text: "Electricity costs 29.6 cents a kilowatt-hour at the reference rate.",
    kind: "PRICE",
    supportedBy: ["nl-regulator-rates/electricity"],
  },
  {
    key: "nl-tar-gas-117",
    text: "Gas costs 11.7 cents a kilowatt-hour at the reference rate.",
    kind: "PRICE",
    supportedBy: ["nl-regulator-rates/gas"],
  },
  {
    key: "nl-tar-levy",
    text: "The carbon levy on gas rises by 0.6 cents in January 2027.",
    kind: "LAW",
    supportedBy: ["nl-regulator-rates/levy"],
  },
  {
    key: "nl-sol-yield",
    text: "A kilowatt of panels on a south roof makes 940 kilowatt-hours a year on average.",
    kind: "SCIENCE",
    supportedBy: ["nl-met-solar-atlas/yield"],
  },
  {
    key: "nl-sol-june",
    text: "Panels make eight times as much in June as in December.",
    kind: "SCIENCE",
    supportedBy: ["nl-met-solar-atlas/june"],
  },
  {
    key: "nl-sol-east-west",
    text: "East and west roofs make 15 to 20 percent less than a south roof.",
    kind: "SCIENCE",
    supportedBy: ["nl-met-solar-atlas/east-west"],
  },
  {
    key: "nl-sol-balcony",
    text: "Two panels on a south balcony make about 500 kilowatt-hours a year.",
    kind: "SCIENCE",
    supportedBy: ["nl-balcony-test/yield"],
  },
  {
    key: "nl-sol-balcony-limit",
    text: "A plug-in solar system of up to 800 watts only needs to be registered.",
    kind: "LAW",
    supportedBy: ["nl-balcony-rule/limit", "nl-balcony-test/rule"],
  },
  {
    key: "nl-sol-balcony-saves",
    text: "A balcony system saves about 120 euros a year in a household that is at home by day.",
    kind: "PRICE",
    supportedBy: ["nl-balcony-test/saves"],
    contradictedBy: ["nl-balcony-shop/two-hundred"],
  },
  {
    key: "nl-sol-balcony-200",
    text: "A balcony system saves 200 euros a year.",
    kind: "PRICE",
    status: "WRONG",
    supportedBy: ["nl-balcony-shop/two-hundred"],
    contradictedBy: ["nl-balcony-test/saves"],
  },
  {
    key: "nl-damp-mould-112",
    text: "11.2 percent of homes in Calderland have visible mould.",
    kind: "COUNT",
    status: "NEEDS_RECHECK",
    supportedBy: ["nl-housing-survey/mould"],
  },
  {
    key: "nl-damp-fan-three",
    text: "Homes without a working extractor fan have mould three times as often.",
    kind: "COUNT",
    supportedBy: ["nl-housing-survey/fan"],
  },
  {
    key: "nl-damp-sixty",
    text: "At 60 percent humidity in the room, a cold corner can already grow mould.",
    kind: "SCIENCE",
    supportedBy: ["nl-clearair-review/sixty"],
  },
  {
    key: "nl-damp-laundry",
    text: "One load of laundry dried indoors puts about two litres of water into the air.",
    kind: "SCIENCE",
    supportedBy: ["nl-clearair-review/laundry"],
  },
  {
    key: "nl-damp-airing",
    text: "Five minutes of wide open windows change the air of a room.",
    kind: "OTHER",
    supportedBy: ["nl-clearair-review/airing"],
  },
  {
    key: "nl-gr-7500",
    text: "The state pays 7,500 euros towards a heat pump that replaces a boiler.",
    kind: "LAW",
    supportedBy: ["nl-grant-page/amount", "nl-metro-grant/amount"],
  },
  {
    key: "nl-gr-before-contract",
    text: "The grant must be applied for before the contract is signed.",
    kind: "LAW",
    supportedBy: ["nl-grant-page/before"],
  },
  {
    key: "nl-gr-wait-47",
    text: "The median application for the grant waits 47 working days for an answer.",
    kind: "COUNT",
    supportedBy: ["nl-grant-page/wait"],
  },
  {
    key: "nl-shutters",
    text: "Closed shutters cut the heat loss of an old window by a fifth.",
    kind: "SCIENCE",
    supportedBy: [],
  },
] as const satisfies readonly ClaimSeed<FactKey>[];

export type ClaimKey = KeyOf<typeof claims>;
