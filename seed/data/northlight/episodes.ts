import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const episodes = [
  {
    key: "nl-ep-heat-pump-basics",
    title: "Heat pumps in seven minutes",
    channel: "northlight-homes",
    topic: "nl-topic-heating",
    status: "PUBLISHED",
    publishedAt: "2026-02-12T09:00:00Z",
    scenes: [
      {
        title: "In and out",
        narration: "One unit in, 3.9 units out: the number everybody should know.",
        claims: ["nl-hp-spf-39"],
      },
      {
        title: "In the cold",
        narration: "At seven below it is still 2.9.",
        claims: ["nl-hp-cold-29"],
      },
      {
        title: "How many",
        narration: "41,300 went in last year.",
        claims: ["nl-hp-count-2025"],
      },
      {
        title: "Cost",
        narration: "13,900 euros on average, before the grant.",
        claims: ["nl-hp-price-13900"],
      },
    ],
  },
  {
    key: "nl-ep-old-houses",
    title: "Old houses, new heating",
    channel: "northlight-homes",
    topic: "nl-topic-heating",
    status: "PUBLISHED",
    publishedAt: "2026-10-15T09:00:00Z",
    scenes: [
      {
        title: "The worry",
        narration: "Will it work in a house from the thirties? In the trial it did.",
        claims: ["nl-hp-spf-39", "nl-hp-trial-612"],
      },
      {
        title: "Rooms",
        narration: "In the Brackwater homes the rooms stayed at the temperature that was set.",
        claims: ["nl-hp-stays-warm"],
      },
      {
        title: "Set it up",
        narration: "Turn the flow down: two percent for each degree.",
        claims: ["nl-hp-flow-two-percent"],
      },
      {
        title: "Grant",
        narration: "And apply before you sign.",
        claims: ["nl-gr-before-contract"],
      },
    ],
  },
  {
    key: "nl-ep-heating-bill",
    title: "Your heating bill this winter",
    channel: "northlight-homes",
    topic: "nl-topic-money",
    owner: "lucas.imre",
    status: "PUBLISHED",
    publishedAt: "2026-10-22T09:00:00Z",
    scenes: [
      {
        title: "Two rates",
        narration: "Electricity at 29.6 cents, gas at 11.7.",
        claims: ["nl-tar-electricity-296", "nl-tar-gas-117"],
      },
      {
        title: "Heat pump homes",
        narration: "With 3.3 to one, that makes nine cents for a unit of heat.",
        claims: ["nl-hp-spf-33"],
      },
      {
        title: "Gas homes",
        narration: "Gas gets dearer again in January, by 0.6 cents.",
        claims: ["nl-tar-levy"],
      },
      {
        title: "Cheap things first",
        narration: "Bleed the radiators, lower the flow, and only then think about the boiler.",
        claims: ["nl-hp-flow-two-percent"],
      },
    ],
  },
  {
    key: "nl-ep-solar",
    title: "Sun on the roof",
    channel: "northlight-homes",
    topic: "nl-topic-solar",
    status: "PUBLISHED",
    publishedAt: "2026-05-07T09:00:00Z",
    scenes: [
      {
        title: "What it makes",
        narration: "A kilowatt of panels makes about 940 units a year.",
        claims: ["nl-sol-yield"],
      },
      {
        title: "Not in December",
        narration: "In June eight times what comes in December.",
        claims: ["nl-sol-june"],
      },
      {
        title: "East and west",
        narration: "A roof to the east does nearly as well: 15 to 20 percent less.",
        claims: ["nl-sol-east-west"],
      },
      {
        title: "Balcony panels",
        narration: "No roof? Two panels on the balcony make 500 units.",
        claims: ["nl-sol-balcony"],
      },
    ],
  },
  {
    key: "nl-ep-balcony",
    title: "Solar on the balcony",
    channel: "northlight-homes",
    topic: "nl-topic-solar",
    status: "PUBLISHED",
    publishedAt: "2026-06-11T09:00:00Z",
    scenes: [
      {
        title: "Two panels",
        narration: "800 watts, one plug.",
        claims: ["nl-sol-balcony", "nl-sol-balcony-limit"],
      },
      {
        title: "The rule",
        narration: "Up to 800 watts you register it and that is all.",
        claims: ["nl-sol-balcony-limit"],
      },
      {
        title: "What it saves",
        narration: "About 120 euros a year, if somebody is at home by day.",
        claims: ["nl-sol-balcony-saves"],
      },
      {
        title: "Winter",
        narration: "Don't expect much in winter.",
        claims: ["nl-sol-june"],
      },
    ],
  },
  {
    key: "nl-ep-mould",
    title: "Dry walls, healthy rooms",
    channel: "northlight-homes",
    topic: "nl-topic-healthy",
    status: "PUBLISHED",
    publishedAt: "2026-01-15T09:00:00Z",
    scenes: [
      {
        title: "How common",
        narration: "One home in nine.",
        claims: ["nl-damp-mould-112"],
      },
      {
        title: "Humidity",
        narration: "Keep it under 60 percent.",
        claims: ["nl-damp-sixty"],
      },
      {
        title: "Open the windows",
        narration: "Five minutes, wide open, three times a day.",
        claims: ["nl-damp-airing"],
      },
      {
        title: "Fans",
        narration: "A fan that works is better still.",
        claims: ["nl-damp-fan-three"],
      },
    ],
  },
  {
    key: "nl-ep-grant",
    title: "Money from the state",
    channel: "northlight-homes",
    topic: "nl-topic-money",
    status: "CORRECTED",
    publishedAt: "2026-04-09T09:00:00Z",
    scenes: [
      {
        title: "How much",
        narration: "7,500 euros. Our first version still said 6,000.",
        claims: ["nl-gr-7500"],
      },
      {
        title: "When",
        narration: "Before you sign anything.",
        claims: ["nl-gr-before-contract"],
      },
      {
        title: "How long",
        narration: "It takes 47 working days.",
        claims: ["nl-gr-wait-47"],
      },
      {
        title: "What for",
        narration: "For a heat pump that replaces a boiler.",
        claims: ["nl-gr-7500", "nl-hp-price-13900"],
      },
    ],
  },
  {
    key: "nl-ep-shutters",
    title: "Do shutters save heat?",
    channel: "northlight-homes",
    topic: "nl-topic-healthy",
    owner: "lucas.imre",
    status: "DRAFT",
    scenes: [
      {
        title: "Old wisdom",
        narration: "Close the shutters at dusk, said grandmother.",
        claims: ["nl-shutters"],
      },
      {
        title: "Drying inside",
        narration: "And don't dry the washing behind them.",
        claims: ["nl-damp-laundry"],
      },
      {
        title: "Numbers wanted",
        narration: "We found no measurement that we trust.",
        claims: ["nl-shutters"],
      },
      {
        title: "Next week",
        narration: "We put sensors on two windows.",
        claims: ["nl-damp-sixty"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
