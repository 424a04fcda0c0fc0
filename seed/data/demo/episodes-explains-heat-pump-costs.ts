/** What heat pumps cost, on Warmwire Explains. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const explainsHeatPumpCostEpisodes = [
  {
    key: "ep-cost-2026",
    title: "What a heat pump costs",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-cost",
    owner: "priya.fenn",
    status: "PUBLISHED",
    publishedAt: "2026-02-05T16:00:00Z",
    scenes: [
      {
        title: "Three quotes",
        narration:
          "Three quotes for one house: 11, 14 and 19 thousand. Who is right? We looked at what people really paid.",
        claims: ["hp-price-13900"],
      },
      {
        title: "Invoices",
        narration:
          "Every installer has to file the invoice. At the end of 2025 the mean was 13,900 euros, before the grant.",
        claims: ["hp-price-13900", "hp-count-2025"],
      },
      {
        title: "How long it takes",
        narration: "In half of all homes the fitters are gone after three days.",
        claims: ["hp-three-days"],
      },
      {
        title: "The grant",
        narration: "Then comes the grant. Today that is 6,000 euros, and you must apply before you sign.",
        claims: ["gr-6000", "gr-before-contract"],
      },
      {
        title: "What is not in it",
        narration: "Insulation comes on top. For the loft, half the cost is paid.",
        claims: ["gr-loft-half", "ins-loft-450"],
      },
    ],
  },
  {
    key: "ep-quotes-invoices",
    title: "Why quotes are higher than invoices",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-cost",
    owner: "priya.fenn",
    status: "PUBLISHED",
    publishedAt: "2026-08-20T16:00:00Z",
    scenes: [
      {
        title: "Two averages",
        narration:
          "The installers' guild says 16,800 euros. The registry says 13,100. Both are averages, and only one of them was paid by anybody.",
        claims: ["hp-price-13100"],
      },
      {
        title: "One in four",
        narration:
          "Only one quote in four becomes an order. The dear ones mostly end in the bin, but they count in a survey of quotes.",
        claims: ["hp-one-quote-in-four"],
      },
      {
        title: "The middle half",
        narration: "Half of all invoices lie between 10,800 and 15,600 euros. If yours is above that, ask why.",
        claims: ["hp-price-range"],
      },
      {
        title: "More of them",
        narration: "14,210 were fitted in spring alone, a fifth more than last year. Prices fell all the same.",
        claims: ["hp-count-q2-2026"],
      },
      {
        title: "With the grant",
        narration: "Take 7,500 off, if a boiler goes out.",
        claims: ["gr-7500", "gr-before-contract"],
      },
    ],
  },
  {
    key: "ep-running-costs-2025",
    title: "Heat pump or gas: the running costs",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-cost",
    status: "PUBLISHED",
    publishedAt: "2025-11-06T16:00:00Z",
    scenes: [
      {
        title: "Two bills",
        narration: "Same street, same house, one with gas, one with a heat pump. Who pays more this winter?",
        claims: ["tar-electricity-314", "tar-gas-108"],
      },
      {
        title: "The rates",
        narration: "Electricity stands at 31.4 cents, gas at 10.8. So electricity is nearly three times as dear.",
        claims: ["tar-electricity-314", "tar-gas-108"],
      },
      {
        title: "The number that decides",
        narration: "But a heat pump needs only a unit of it for every 3.9 units of heat. That makes about eight cents.",
        claims: ["hp-spf-39", "hp-eight-cents"],
      },
      {
        title: "The boiler",
        narration: "A gas boiler loses a tenth up the flue, so its heat costs twelve cents.",
        claims: ["tar-gas-108"],
      },
      {
        title: "And if it is badly set up?",
        narration:
          "Then the sum changes. Every degree too much in the flow costs two percent, and a machine that is too big never gets into its stride.",
        claims: ["hp-flow-two-percent", "hp-oversized"],
      },
    ],
  },
  {
    key: "ep-running-costs-2026",
    title: "Heat pump or gas, recalculated",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-cost",
    owner: "tomas.wrede",
    status: "PUBLISHED",
    publishedAt: "2026-11-05T16:00:00Z",
    scenes: [
      {
        title: "We have to redo this",
        narration:
          "Last year we told you eight cents a kilowatt-hour. The trial behind that has been withdrawn, so here is the sum again, with figures that count everything.",
        claims: ["hp-trial-withdrawn", "hp-meters-incomplete"],
      },
      {
        title: "The new rates",
        narration: "Electricity is down to 29.6 cents, gas up to 11.7, and in January the levy adds another 0.6.",
        claims: ["tar-electricity-296", "tar-gas-117", "tar-levy"],
      },
      {
        title: "The new number",
        narration:
          "Not 3.9 but 3.3: that is what 148 homes reached over two winters, with every pump and heater on the meter.",
        claims: ["hp-spf-33"],
      },
      {
        title: "The result",
        narration:
          "For a normal house, the heat pump saves about 600 euros a year against gas. Less than we said; still a lot.",
        claims: ["hp-saves-600"],
      },
      {
        title: "Where it tips over",
        narration: "At today's rates everything above 2.3 beats gas. Even a badly set up system is above that.",
        claims: ["hp-break-even-23", "hp-low-flow"],
      },
      {
        title: "The one in the forum",
        narration:
          "And the bill that tripled? The electricity bill did. The gas bill went to nothing. Ask what the flow is set to.",
        claims: ["hp-flow-two-percent", "hp-commissioning"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
