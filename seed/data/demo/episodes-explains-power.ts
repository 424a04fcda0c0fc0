/** Solar, batteries, tariffs and grants on Warmwire Explains. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const explainsPowerEpisodes = [
  {
    key: "ep-solar-roof",
    title: "Solar on an ordinary roof",
    channel: "warmwire-explains",
    topic: "topic-solar",
    status: "PUBLISHED",
    publishedAt: "2025-04-17T16:00:00Z",
    scenes: [
      {
        title: "What a roof makes",
        narration:
          "A kilowatt of panels is about five square metres. Facing south it makes about 930 kilowatt-hours a year.",
        claims: ["sol-yield-930"],
      },
      {
        title: "East and west",
        narration: "Facing east and west you lose 15 to 20 percent, and gain a longer day.",
        claims: ["sol-east-west"],
      },
      {
        title: "Winter",
        narration: "Don't plan your winter on it. June makes eight times what December makes.",
        claims: ["sol-june"],
      },
      {
        title: "Who uses it",
        narration: "Without a battery you use about a third yourself. The rest goes to the grid for 9.2 cents.",
        claims: ["sol-own-third", "sol-export-92"],
      },
      {
        title: "How long it lasts",
        narration: "Panels lose half a percent a year. The inverter is what breaks.",
        claims: ["sol-ageing", "sol-inverters"],
      },
      {
        title: "Payback",
        narration: "At these prices, nine and a half years.",
        claims: ["sol-payback-95"],
      },
    ],
  },
  {
    key: "ep-solar-68",
    title: "Is solar still worth it at 6.8 cents?",
    channel: "warmwire-explains",
    topic: "topic-solar",
    owner: "priya.fenn",
    status: "PUBLISHED",
    publishedAt: "2026-11-12T16:00:00Z",
    scenes: [
      {
        title: "A cut",
        narration: "In July the payment for exported power fell to 6.8 cents.",
        claims: ["sol-export-68"],
      },
      {
        title: "Old systems",
        narration: "If yours was registered before this year, nothing changes for ten years.",
        claims: ["sol-ten-years"],
      },
      {
        title: "New systems",
        narration: "For a new one, panels cost 1,350 euros a kilowatt, and the payback is now 10 to 13 years.",
        claims: ["sol-panels-1350", "sol-payback-10-13"],
      },
      {
        title: "Use it yourself",
        narration: "What you use yourself saves you 29.6 cents. So move the washing to noon.",
        claims: ["tar-electricity-296", "sol-own-third"],
      },
      {
        title: "And a battery?",
        narration: "A battery makes the payback longer, not shorter. There are other reasons for one.",
        claims: ["bat-longer-payback", "gr-no-solar"],
      },
    ],
  },
  {
    key: "ep-battery-pay",
    title: "Do home batteries pay?",
    channel: "warmwire-explains",
    topic: "topic-batteries",
    status: "PUBLISHED",
    publishedAt: "2026-09-24T16:00:00Z",
    scenes: [
      {
        title: "The price",
        narration: "A home battery now costs 560 euros for each kilowatt-hour, on the wall and connected.",
        claims: ["bat-price-560"],
      },
      {
        title: "What it does",
        narration: "Ours took our own use of solar from one third to two thirds.",
        claims: ["sol-own-third", "sol-own-two-thirds"],
      },
      {
        title: "What it loses",
        narration: "It gives back about 88 percent of what you put in.",
        claims: ["bat-round-trip-88", "bat-standing-11"],
      },
      {
        title: "How long",
        narration: "Test racks say 5,500 cycles to 80 percent. At one a day, that is fifteen years.",
        claims: ["bat-cycles-5500"],
      },
      {
        title: "No grant",
        narration: "The state pays nothing towards it.",
        claims: ["gr-no-solar"],
      },
    ],
  },
  {
    key: "ep-battery-fires",
    title: "Are home batteries dangerous?",
    channel: "warmwire-explains",
    topic: "topic-batteries",
    owner: "dov.hallam",
    status: "PUBLISHED",
    publishedAt: "2026-04-02T16:00:00Z",
    scenes: [
      {
        title: "Nineteen",
        narration: "In six years, 19 fires began in a home battery. Tumble dryers made 611.",
        claims: ["bat-fires-19"],
      },
      {
        title: "The first year",
        narration: "Most of them came within a year, and the cause was in the wiring. Who fits it matters.",
        claims: ["bat-fires-first-year"],
      },
      {
        title: "What it costs",
        narration: "At 690 euros a kilowatt-hour, don't save on the electrician.",
        claims: ["bat-price-690"],
      },
      {
        title: "Warranty",
        narration: "Read the warranty: one large maker gives ten years or 4,000 cycles, whichever comes first.",
        claims: ["bat-warranty-4000"],
      },
    ],
  },
  {
    key: "ep-night-rate",
    title: "Who gains from a night rate?",
    channel: "warmwire-explains",
    topic: "topic-tariffs",
    owner: "tomas.wrede",
    status: "PUBLISHED",
    publishedAt: "2025-12-18T16:00:00Z",
    scenes: [
      {
        title: "Fourteen point nine",
        narration: "Half price from midnight to five. The advert says that everybody saves.",
        claims: ["tar-night-149"],
      },
      {
        title: "9,200 meters",
        narration:
          "Somebody checked. Households with an electric car moved 38 percent of their use. Everybody else moved six.",
        claims: ["tar-shift-38"],
      },
      {
        title: "Winners",
        narration: "With a car you save 310 euros a year.",
        claims: ["tar-gain-310"],
      },
      {
        title: "Losers",
        narration: "Without car, battery or heat pump you pay 41 euros more, because the day is dearer.",
        claims: ["tar-lose-41"],
      },
      {
        title: "Do the sum",
        narration: "The plain rate is 31.4 cents. Compare with what you use by day, not by night.",
        claims: ["tar-electricity-314"],
      },
    ],
  },
  {
    key: "ep-grant",
    title: "The grant, step by step",
    channel: "warmwire-explains",
    topic: "topic-grants",
    status: "PUBLISHED",
    publishedAt: "2026-03-19T16:00:00Z",
    scenes: [
      {
        title: "7,500 from April",
        narration: "From April there are 7,500 euros for a heat pump that replaces a boiler.",
        claims: ["gr-7500"],
      },
      {
        title: "First apply, then sign",
        narration: "Sign first and you get nothing.",
        claims: ["gr-before-contract"],
      },
      {
        title: "How long",
        narration: "The Department says 30 working days. We will watch that.",
        claims: ["gr-30-days"],
      },
      {
        title: "Lofts too",
        narration: "The loft is paid for by half, up to 800 euros.",
        claims: ["gr-loft-half"],
      },
    ],
  },
  {
    key: "ep-prices-winter",
    title: "Electricity and gas prices this winter",
    channel: "warmwire-explains",
    topic: "topic-tariffs",
    status: "PUBLISHED",
    publishedAt: "2026-10-29T16:00:00Z",
    scenes: [
      {
        title: "The letter",
        narration: "You have a letter from your supplier. Here is what the numbers in it mean.",
        claims: ["tar-electricity-296", "tar-gas-117"],
      },
      {
        title: "Who sets them",
        narration: "The reference rates are signed by Marta Linde, who chairs the Regulator.",
        claims: ["tar-chair"],
      },
      {
        title: "January",
        narration: "In January the levy on gas goes up by 0.6 cents. That is 80 euros for a normal house.",
        claims: ["tar-levy"],
      },
      {
        title: "Heat pumps",
        narration: "At these rates a heat pump wins as soon as it gives 2.3 to one.",
        claims: ["hp-break-even-23", "hp-above-three"],
      },
    ],
  },
  {
    key: "ep-grant-wait",
    title: "The grant: still waiting",
    channel: "warmwire-explains",
    topic: "topic-grants",
    owner: "priya.fenn",
    status: "PUBLISHED",
    publishedAt: "2026-11-10T16:00:00Z",
    scenes: [
      {
        title: "Promise",
        narration: "Thirty working days, the spokesman said. We asked you, and you wrote to us.",
        claims: ["gr-30-days"],
      },
      {
        title: "Reality",
        narration: "The Department's own page now says 47. Members of the Union of Households waited 51.",
        claims: ["gr-wait-47", "gr-two-months"],
      },
      {
        title: "What to do",
        narration: "Apply in spring. Don't sign before the answer: that rule still holds.",
        claims: ["gr-before-contract", "gr-7500"],
      },
      {
        title: "Why it matters",
        narration: "More people apply than ever: 14,210 heat pumps in one quarter.",
        claims: ["hp-count-q2-2026"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
