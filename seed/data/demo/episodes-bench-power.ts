/** Solar, batteries, kitchen and car on Warmwire Bench. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const benchPowerEpisodes = [
  {
    key: "ep-bench-solar-year",
    title: "A year of solar",
    channel: "warmwire-bench",
    topic: "topic-solar",
    status: "PUBLISHED",
    publishedAt: "2026-07-23T17:00:00Z",
    scenes: [
      {
        title: "4,740",
        narration: "Five kilowatts, one year, a roof not quite south. 929 for each kilowatt.",
        claims: ["sol-bench-929", "sol-yield-930"],
      },
      {
        title: "June and December",
        narration: "Most of it when we needed it least.",
        claims: ["sol-june"],
      },
      {
        title: "What we used",
        narration: "Without the battery a third, with it two thirds.",
        claims: ["sol-own-third", "sol-own-two-thirds"],
      },
      {
        title: "What it paid",
        narration: "The rest went to the grid for 9.2 cents; our system is from 2025 and keeps that.",
        claims: ["sol-export-92", "sol-ten-years"],
      },
    ],
  },
  {
    key: "ep-bench-cleaning",
    title: "Do dirty panels matter?",
    channel: "warmwire-bench",
    topic: "topic-solar",
    status: "PUBLISHED",
    publishedAt: "2026-07-09T17:00:00Z",
    scenes: [
      {
        title: "A fifth?",
        narration: "A leaflet in our letter box: up to 20 percent more after a clean, 149 euros. We got less than two.",
        claims: ["sol-clean-2"],
      },
      {
        title: "Half and half",
        narration: "We washed one half of the array and left the other. 28 days.",
        claims: ["sol-clean-2"],
      },
      {
        title: "1.6 percent",
        narration: "That is 1.6 percent, or 11 euros a year. We won't do it again.",
        claims: ["sol-clean-2", "sol-bench-929"],
      },
      {
        title: "What does eat output",
        narration: "Age does, half a percent a year, and a dead inverter does.",
        claims: ["sol-ageing", "sol-inverters"],
      },
    ],
  },
  {
    key: "ep-bench-battery-year",
    title: "A year with a home battery",
    channel: "warmwire-bench",
    topic: "topic-batteries",
    status: "PUBLISHED",
    publishedAt: "2026-07-30T17:00:00Z",
    scenes: [
      {
        title: "In and out",
        narration: "1,612 in, 1,402 out. That makes 87 percent.",
        claims: ["bat-round-trip-88"],
      },
      {
        title: "Eleven watts",
        narration: "Even when nothing happens it draws eleven watts.",
        claims: ["bat-standing-11"],
      },
      {
        title: "Two thirds",
        narration: "We now use two thirds of our sun ourselves.",
        claims: ["sol-own-two-thirds"],
      },
      {
        title: "The money",
        narration: "We paid 690 a kilowatt-hour. It will be a long wait.",
        claims: ["bat-price-690", "sol-payback-95"],
      },
      {
        title: "The rack",
        narration: "In the test laboratory they last 5,500 cycles.",
        claims: ["bat-cycles-5500"],
      },
    ],
  },
  {
    key: "ep-bench-datasheet",
    title: "Datasheet against meter: home batteries",
    channel: "warmwire-bench",
    topic: "topic-batteries",
    owner: "tomas.wrede",
    status: "PUBLISHED",
    publishedAt: "2026-07-16T17:00:00Z",
    scenes: [
      {
        title: "96 percent",
        narration:
          "It says 96 percent on the sheet of the Voltcask V8. A laboratory measured 86. Neither of them lies.",
        claims: ["bat-voltcask-86"],
      },
      {
        title: "At the cells",
        narration:
          "Read the small print: cell level. Without the inverter, in other words without what makes it work in a house.",
        claims: ["bat-voltcask-86", "bat-round-trip-88"],
      },
      {
        title: "At the house",
        narration: "At the terminals the laboratory got 86, and for our own battery we got 87.",
        claims: ["bat-voltcask-86", "bat-round-trip-88"],
      },
      {
        title: "10,000 cycles",
        narration: "And 10,000 cycles on the sheet are 4,000 in the warranty.",
        claims: ["bat-warranty-4000", "bat-cycles-5500"],
      },
    ],
  },
  {
    key: "ep-bench-hobs",
    title: "Gas, ceramic, induction: two litres",
    channel: "warmwire-bench",
    topic: "topic-induction",
    status: "PUBLISHED",
    publishedAt: "2025-06-19T17:00:00Z",
    scenes: [
      {
        title: "The race",
        narration: "Two litres, one pan, lid on, three hobs. Go.",
        claims: ["ind-half-the-time"],
      },
      {
        title: "4:45",
        narration: "Induction is done after four minutes and 45 seconds. Gas takes eight and a half.",
        claims: ["ind-half-the-time"],
      },
      {
        title: "The meter",
        narration: "0.224 kilowatt-hours against 0.515.",
        claims: ["ind-two-litres", "ind-85"],
      },
      {
        title: "Your pans",
        narration: "Take a magnet to the cupboard. Seven pans in ten will do.",
        claims: ["ind-magnet", "ind-seven-pans"],
      },
      {
        title: "The air",
        narration: "And we had a look at the air: 312 with gas, 14 with induction.",
        claims: ["ind-no2-bench", "ind-no2-guideline"],
      },
    ],
  },
  {
    key: "ep-bench-socket",
    title: "Socket or wall box: where the energy goes",
    channel: "warmwire-bench",
    topic: "topic-ev",
    status: "PUBLISHED",
    publishedAt: "2026-05-14T17:00:00Z",
    scenes: [
      {
        title: "One car, two ways",
        narration: "Same car, 20 to 80 percent, three times from the socket and three times from the box.",
        claims: ["ev-socket-loss"],
      },
      {
        title: "Twelve and seven",
        narration: "Twelve percent lost at the socket, seven at the box.",
        claims: ["ev-socket-loss"],
      },
      {
        title: "78 degrees",
        narration: "Then we tried the old double socket in the shed, and stopped.",
        claims: ["ev-hot-socket", "ev-socket-10"],
      },
      {
        title: "What a box costs",
        narration: "1,150 euros, half of it for the electrician, who gives it its own circuit.",
        claims: ["ev-wall-box-1150", "ev-own-circuit"],
      },
    ],
  },
  {
    key: "ep-bench-shower",
    title: "One shower in kilowatt-hours",
    channel: "warmwire-bench",
    topic: "topic-hot-water",
    status: "IN_REVIEW",
    scenes: [
      {
        title: "2.6",
        narration: "Ten minutes, eight litres a minute.",
        claims: ["hw-shower"],
      },
      {
        title: "By heat pump",
        narration: "At 2.9, that is 0.9 kilowatt-hours from the wall.",
        claims: ["hw-shower", "hw-fifty-degrees"],
      },
      {
        title: "In money",
        narration: "At 29.6 cents, 27 cents.",
        claims: ["tar-electricity-296"],
      },
      {
        title: "After a holiday",
        narration: "Run it hot first, with the window open.",
        claims: ["hw-legionella-range"],
      },
    ],
  },
  {
    key: "ep-bench-load",
    title: "A car and a heat pump on one connection",
    channel: "warmwire-bench",
    topic: "topic-ev",
    status: "IN_REVIEW",
    scenes: [
      {
        title: "63 amperes",
        narration: "An old connection, a heat pump, and a car that wants 32 amperes.",
        claims: ["ev-load-limit"],
      },
      {
        title: "The rule",
        narration: "The code wants a limiter, and we fitted one.",
        claims: ["ev-load-limit", "ev-own-circuit"],
      },
      {
        title: "Papers",
        narration: "Up to 7.4 kilowatts you tell the grid operator afterwards.",
        claims: ["ev-notify-74"],
      },
      {
        title: "A cold night",
        narration: "Minus six outside, the pump at full power, and the car waits.",
        claims: ["hp-bench-coldest", "ev-2300"],
      },
    ],
  },
  {
    key: "ep-bench-night-battery",
    title: "A battery on a night rate",
    channel: "warmwire-bench",
    topic: "topic-batteries",
    status: "DRAFT",
    scenes: [
      {
        title: "The idea",
        narration: "Fill it at 14.9, empty it at 35.8.",
        claims: ["tar-night-149"],
      },
      {
        title: "The loss",
        narration: "An eighth stays behind.",
        claims: ["bat-round-trip-88"],
      },
      {
        title: "The sum",
        narration: "Does it pay within eight years? Not checked yet.",
        claims: ["bat-night-rate-pays", "bat-price-560"],
      },
      {
        title: "Cycles",
        narration: "One cycle a night for fifteen years.",
        claims: ["bat-cycles-5500"],
      },
    ],
  },
  {
    key: "ep-bench-old-pans",
    title: "Induction with old pans",
    channel: "warmwire-bench",
    topic: "topic-induction",
    status: "DRAFT",
    scenes: [
      {
        title: "Three in ten",
        narration: "Seven pans in ten work. What about the other three?",
        claims: ["ind-seven-pans", "ind-magnet"],
      },
      {
        title: "The steel plate",
        narration: "There are plates to put under. We expect them to be slow.",
        claims: ["ind-old-pans"],
      },
      {
        title: "Waste",
        narration: "And to waste what induction saves.",
        claims: ["ind-85"],
      },
      {
        title: "To do",
        narration: "Measure three plates; film with the thermal camera.",
        claims: ["ind-old-pans"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
