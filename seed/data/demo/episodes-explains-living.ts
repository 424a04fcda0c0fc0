/** Kitchen, hot water and car on Warmwire Explains, and what is still being written. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const explainsLivingEpisodes = [
  {
    key: "ep-kitchen-air",
    title: "The air in your kitchen",
    channel: "warmwire-explains",
    topic: "topic-induction",
    status: "PUBLISHED",
    publishedAt: "2025-07-03T17:00:00Z",
    scenes: [
      {
        title: "Blue flame",
        narration: "A gas flame looks clean. It makes nitrogen dioxide, and your airways don't like it.",
        claims: ["ind-no2-guideline"],
      },
      {
        title: "How much",
        narration: "Without a hood to the outside, 42 evenings in a hundred are above the guideline.",
        claims: ["ind-no2-42"],
      },
      {
        title: "We measured",
        narration: "Our own kitchen, door shut, two burners: 312 after half an hour.",
        claims: ["ind-no2-bench"],
      },
      {
        title: "The wrong hood",
        narration: "A hood that only filters gives it all back to you.",
        claims: ["ind-recirculating"],
      },
      {
        title: "Frying is frying",
        narration: "Induction helps against the gas, not against the fat: frying makes fine particles on any hob.",
        claims: ["ind-particles"],
      },
    ],
  },
  {
    key: "ep-hot-water",
    title: "How hot must hot water be?",
    channel: "warmwire-explains",
    topic: "topic-hot-water",
    owner: "dov.hallam",
    status: "PUBLISHED",
    publishedAt: "2025-10-09T17:00:00Z",
    scenes: [
      {
        title: "Sixty, always?",
        narration: "Your grandfather kept it at 60. Do you have to?",
        claims: ["hw-legionella-range"],
      },
      {
        title: "Once a week",
        narration: "In a house for one family, 50 will do, if the whole cylinder sees 60 once a week.",
        claims: ["hw-weekly-60"],
      },
      {
        title: "What it saves",
        narration: "With a heat pump, those degrees are worth having: from 2.6 to 2.9.",
        claims: ["hw-fifty-degrees", "hp-flow-two-percent"],
      },
      {
        title: "What is lost anyway",
        narration: "The cylinder itself loses 1.7 units a day, and 24 euros of lagging brings that to 1.2.",
        claims: ["hw-loss-17", "hw-lagging"],
      },
      {
        title: "A shower",
        narration: "A ten-minute shower takes 2.6. So the loss is most of a shower a day.",
        claims: ["hw-shower"],
      },
    ],
  },
  {
    key: "ep-charging-rules",
    title: "Charging at home: the rules",
    channel: "warmwire-explains",
    topic: "topic-ev",
    status: "CORRECTED",
    publishedAt: "2026-01-22T17:00:00Z",
    scenes: [
      {
        title: "Most of us charge at home",
        narration: "Seven owners in ten charge at home. Here is what the wiring code wants from them.",
        claims: ["ev-home-71"],
      },
      {
        title: "Telling the grid",
        narration:
          "Since April you must ask first only above 7.4 kilowatts. Our first version, from January, gave the old limit.",
        claims: ["ev-notify-74"],
      },
      {
        title: "Its own circuit",
        narration: "A charging point has its own circuit and its own protection.",
        claims: ["ev-own-circuit"],
      },
      {
        title: "The household socket",
        narration: "A household socket may give ten amperes, not more.",
        claims: ["ev-socket-10"],
      },
      {
        title: "With a heat pump",
        narration: "If a heat pump hangs on the same connection, something must hold the car back.",
        claims: ["ev-load-limit"],
      },
    ],
  },
  {
    key: "ep-ev-cost",
    title: "What it costs to drive on your own socket",
    channel: "warmwire-explains",
    topic: "topic-ev",
    owner: "priya.fenn",
    status: "PUBLISHED",
    publishedAt: "2026-05-28T17:00:00Z",
    scenes: [
      {
        title: "One car in eleven",
        narration: "412,000 electric cars, and most of them fill up where they sleep.",
        claims: ["ev-stock-412", "ev-home-71"],
      },
      {
        title: "A year of driving",
        narration: "A year takes about 2,300 kilowatt-hours, as much as everything else in a small household.",
        claims: ["ev-2300"],
      },
      {
        title: "Losses",
        narration: "An eighth of it never reaches the battery if you use a plain socket.",
        claims: ["ev-socket-loss"],
      },
      {
        title: "The night rate",
        narration: "On a night rate an owner saves 310 euros a year.",
        claims: ["tar-gain-310", "tar-shift-38"],
      },
      {
        title: "The wall box",
        narration: "A wall box for 1,150 euros pays for itself, slowly, out of what it doesn't lose.",
        claims: ["ev-wall-box-1150"],
      },
    ],
  },
  {
    key: "ep-ten-myths",
    title: "Ten myths about home energy",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-performance",
    owner: "ines.carrow",
    status: "DRAFT",
    scenes: [
      {
        title: "Myth: gas boils faster",
        narration: "Half the time, on induction. We put a clock beside it.",
        claims: ["ind-gas-faster", "ind-half-the-time"],
      },
      {
        title: "Myth: insulation saves 40 percent",
        narration: "It saves 14, and that is plenty.",
        claims: ["ins-cavity-40", "ins-cavity-14"],
      },
      {
        title: "Myth: you must replace every radiator",
        narration: "Two or three, mostly. We still need a source for that.",
        claims: ["hp-radiators-all", "hp-radiator-share"],
      },
      {
        title: "Myth: wash your panels",
        narration: "We washed half of ours and gained 1.6 percent.",
        claims: ["sol-clean-20", "sol-clean-2"],
      },
      {
        title: "Myth: a socket loses nothing",
        narration: "It loses 12 percent.",
        claims: ["ev-socket-no-loss", "ev-socket-loss"],
      },
      {
        title: "Myth: heat pumps are dearer than gas",
        narration: "Not at today's rates.",
        claims: ["hp-dearer", "hp-saves-600"],
      },
      {
        title: "Truth: quieter than a fridge?",
        narration: "Somebody on the team swears by it. Where is that from?",
        claims: ["noise-fridge"],
      },
      {
        title: "Myth: everybody saves at night",
        narration: "Who has no car pays more.",
        claims: ["tar-everybody", "tar-lose-41"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
