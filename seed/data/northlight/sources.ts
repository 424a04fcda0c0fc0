/**
 * Several of these are the pages that the other studio reads too, partly with the very same text: tenancy must keep them apart.
 * Northlight has not read the withdrawal of the winter trial yet.
 */
import { paragraphs, type FactKeyOf, type SourceSeed } from "../../studio.js";
import { heatPumpTrialSources } from "../demo/sources-heat-pump-trial.js";
import { solarSources } from "../demo/sources-solar.js";
import { balconySources } from "./sources-balcony.js";

const [tarnTrial] = heatPumpTrialSources;
const [metSolarAtlas] = solarSources;

const sharedSources = [
  {
    key: "nl-tarn-trial",
    url: tarnTrial.url,
    title: tarnTrial.title,
    publisher: tarnTrial.publisher,
    tier: 1,
    reliability: "B",
    publishedAt: "2025-03-18",
    retrievedAt: "2025-08-20T12:00:00Z",
    status: "ACTIVE",
    snapshots: [
      {
        key: "nl-tarn-trial:2025",
        revision: "1.0",
        capturedAt: "2025-08-20T12:00:00Z",
        kind: "FULL",
        text: tarnTrial.snapshots[0].text,
        facts: [
          {
            key: "nl-tarn-trial/spf",
            kind: "DATA_POINT",
            statement: "Mean seasonal performance factor is 3.9",
            exact: "the mean seasonal performance factor was 3.9",
            value: 3.9,
            unit: "kWh heat per kWh electricity",
            asOfDate: "2025-03-01",
          },
          {
            key: "nl-tarn-trial/cold-cop",
            kind: "DATA_POINT",
            statement: "At -7 °C the coefficient of performance is 2.9",
            exact: "the mean coefficient of performance was 2.9",
            value: 2.9,
            unit: "kWh heat per kWh electricity",
            asOfDate: "2025-01-16",
          },
          {
            key: "nl-tarn-trial/homes",
            kind: "DATA_POINT",
            statement: "612 heat pumps were metered from October 2023 to March 2025",
            exact:
              "Between October 2023 and March 2025 we metered heat output and electricity input of 612 air-source heat pumps",
            value: 612,
            unit: "homes",
            asOfDate: "2025-03-01",
          },
        ],
      },
    ],
  },
  {
    key: "nl-brackwater-field",
    url: "https://brackwater.example/energy/heat-pump-field-study",
    title: "Two winters, 148 homes: a field study of air-source heat pumps",
    publisher: "Brackwater Technical University",
    tier: 1,
    reliability: "A",
    publishedAt: "2025-06-30",
    retrievedAt: "2026-10-12T07:30:00Z",
    status: "ACTIVE",
    snapshots: [
      {
        key: "nl-brackwater-field:2026",
        revision: "final",
        capturedAt: "2026-10-12T07:30:00Z",
        kind: "EXCERPT",
        text: paragraphs(
          "Over both winters the mean seasonal performance factor is 3.3, slightly above the interim figure because 31 systems were re-commissioned in autumn 2025.",
          "Room temperature set points were held in all but two homes. Each degree by which the flow temperature was lowered reduced electricity use by about 2.2 %.",
          "All electricity is counted: compressor, fan, circulation pumps, controls and backup heater.",
        ),
        facts: [
          {
            key: "nl-brackwater-field/spf",
            kind: "DATA_POINT",
            statement: "Mean seasonal performance factor over two winters is 3.3",
            exact: "Over both winters the mean seasonal performance factor is 3.3",
            value: 3.3,
            unit: "kWh heat per kWh electricity",
            asOfDate: "2026-04-30",
          },
          {
            key: "nl-brackwater-field/warm",
            kind: "KEY_FACT",
            statement: "All but two homes stayed at their set temperature",
            exact: "Room temperature set points were held in all but two homes",
            asOfDate: "2026-04-30",
          },
          {
            key: "nl-brackwater-field/flow",
            kind: "DATA_POINT",
            statement: "A degree less flow temperature saves 2.2 %",
            exact: "Each degree by which the flow temperature was lowered reduced electricity use by about 2.2 %",
            value: 2.2,
            unit: "% per °C",
            asOfDate: "2026-04-30",
          },
        ],
      },
    ],
  },
  {
    key: "nl-met-solar-atlas",
    url: metSolarAtlas.url,
    title: metSolarAtlas.title,
    publisher: metSolarAtlas.publisher,
    tier: 1,
    reliability: "A",
    publishedAt: "2024-04-15",
    retrievedAt: "2026-04-28T10:00:00Z",
    status: "ACTIVE",
    snapshots: [
      {
        key: "nl-met-solar-atlas:2026",
        capturedAt: "2026-04-28T10:00:00Z",
        kind: "EXCERPT",
        text: metSolarAtlas.snapshots[0].text,
        facts: [
          {
            key: "nl-met-solar-atlas/yield",
            kind: "DATA_POINT",
            statement: "A south roof yields 940 kWh a year per kW on average",
            exact: "the mean over the settled area is 940 kWh",
            value: 940,
            unit: "kWh per kW a year",
            asOfDate: "2024-04-15",
          },
          {
            key: "nl-met-solar-atlas/june",
            kind: "DATA_POINT",
            statement: "June brings eight times the yield of December",
            exact: "June brings eight times the yield of December",
            value: 8,
            unit: "times",
            asOfDate: "2024-04-15",
          },
          {
            key: "nl-met-solar-atlas/east-west",
            kind: "DATA_POINT",
            statement: "East and west roofs yield 15 to 20 % less",
            exact: "East and west roofs yield 15 to 20 percent less",
            value: 18,
            unit: "%",
            asOfDate: "2024-04-15",
          },
        ],
      },
    ],
  },
  {
    key: "nl-registry-stats",
    url: "https://homeenergyregistry.example/statistics/heat-pumps",
    title: "Heat pump statistics, quarterly",
    publisher: "Calderland Home Energy Registry",
    tier: 1,
    reliability: "A",
    publishedAt: "2026-01-20",
    retrievedAt: "2026-02-03T09:00:00Z",
    status: "STALE",
    snapshots: [
      {
        key: "nl-registry-stats:2025-q4",
        revision: "2025 Q4",
        capturedAt: "2026-02-03T09:00:00Z",
        kind: "EXCERPT",
        text: paragraphs(
          "Fourth quarter 2025. Installers registered 11,840 heat pumps in the quarter, which brings the year 2025 to 41,300.",
          "The mean price of a completed air-source installation in an existing home was 13,900 euros before any grant.",
          "Prices are taken from the invoices that installers must file. Half of all installations were finished within three days on site. Cylinder and radiators are included.",
        ),
        facts: [
          {
            key: "nl-registry-stats/year",
            kind: "DATA_POINT",
            statement: "41,300 heat pumps were registered in 2025",
            exact: "which brings the year 2025 to 41,300",
            value: 41300,
            unit: "heat pumps",
            asOfDate: "2025-12-31",
          },
          {
            key: "nl-registry-stats/price",
            kind: "DATA_POINT",
            statement: "The mean price is 13,900 euros before grant",
            exact: "was 13,900 euros before any grant",
            value: 13900,
            unit: "EUR",
            asOfDate: "2025-12-31",
          },
        ],
      },
    ],
  },
  {
    key: "nl-regulator-rates",
    url: "https://regulator-calderland.example/reference-rates",
    title: "Reference rates for households",
    publisher: "Energy Market Regulator of Calderland",
    tier: 1,
    reliability: "A",
    publishedAt: "2026-10-01",
    retrievedAt: "2026-10-14T06:50:00Z",
    status: "ACTIVE",
    snapshots: [
      {
        key: "nl-regulator-rates:2026-10",
        revision: "2026-10",
        capturedAt: "2026-10-14T06:50:00Z",
        kind: "EXCERPT",
        text: paragraphs(
          "Reference rates from 1 October 2026, taxes included. Electricity: 29.6 cents per kilowatt-hour and 138 euros standing charge a year. Gas: 11.7 cents per kilowatt-hour and 121 euros standing charge a year.",
          "The carbon levy on gas rises by 0.6 cents on 1 January 2027; it is not contained in this rate.",
          "The rates bind suppliers for customers who have not chosen a contract.",
        ),
        facts: [
          {
            key: "nl-regulator-rates/electricity",
            kind: "DATA_POINT",
            statement: "Electricity is at 29.6 ct from October 2026",
            exact: "Electricity: 29.6 cents per kilowatt-hour",
            value: 29.6,
            unit: "ct/kWh",
            asOfDate: "2026-10-01",
          },
          {
            key: "nl-regulator-rates/gas",
            kind: "DATA_POINT",
            statement: "Gas is at 11.7 ct from October 2026",
            exact: "Gas: 11.7 cents per kilowatt-hour",
            value: 11.7,
            unit: "ct/kWh",
            asOfDate: "2026-10-01",
          },
          {
            key: "nl-regulator-rates/levy",
            kind: "KEY_FACT",
            statement: "The levy on gas rises by 0.6 ct in January 2027",
            exact: "The carbon levy on gas rises by 0.6 cents on 1 January 2027",
            value: 0.6,
            unit: "ct/kWh",
            asOfDate: "2027-01-01",
          },
        ],
      },
    ],
  },
] as const satisfies readonly SourceSeed[];

export const sources = [...sharedSources, ...balconySources] as const;

export type FactKey = FactKeyOf<typeof sources>;
