/** Heating and the house itself on Warmwire Bench. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const benchHeatEpisodes = [
  {
    key: "ep-bench-winter",
    title: "A winter with the heat pump: our meters",
    channel: "warmwire-bench",
    topic: "topic-heat-pump-performance",
    status: "PUBLISHED",
    publishedAt: "2026-04-16T17:00:00Z",
    scenes: [
      {
        title: "The house",
        narration: "A terrace from 1958, 104 square metres, a 7 kilowatt unit. A meter in front of everything.",
        claims: ["hp-bench-energy"],
      },
      {
        title: "The result",
        narration: "2,610 in, 9,135 out: that makes 3.5.",
        claims: ["hp-bench-35", "hp-bench-energy"],
      },
      {
        title: "The coldest day",
        narration: "11 January, minus 6.4, room at 20. The backup heater stayed off.",
        claims: ["hp-bench-coldest", "hp-stays-warm"],
      },
      {
        title: "Against the trial",
        narration:
          "The big trial says 3.9, so we are below the average with a well insulated house. That has bothered us.",
        claims: ["hp-spf-39"],
      },
      {
        title: "Next",
        narration: "Where do we lose it? We have a suspicion, and it has to do with what others count.",
        claims: ["hp-above-three"],
      },
    ],
  },
  {
    key: "ep-bench-flow",
    title: "Eight degrees less: what the flow temperature does",
    channel: "warmwire-bench",
    topic: "topic-heat-pump-performance",
    status: "PUBLISHED",
    publishedAt: "2026-06-18T17:00:00Z",
    scenes: [
      {
        title: "One dial",
        narration: "On 1 December we turned one dial: from 52 degrees to 44, at five below.",
        claims: ["hp-bench-curve"],
      },
      {
        title: "The meters",
        narration: "Per degree day we used 17 percent less. Nobody in the house noticed.",
        claims: ["hp-bench-curve", "hp-flow-two-percent"],
      },
      {
        title: "The rule of thumb",
        narration: "Two percent a degree, says every textbook. Eight degrees make 16. We got 17.",
        claims: ["hp-flow-two-percent"],
      },
      {
        title: "Two kinds of home",
        narration: "Systems made for 45 degrees reach 3.7; those above 55 only 2.8.",
        claims: ["hp-low-flow"],
      },
      {
        title: "Call the fitter",
        narration: "It costs nothing, and it matters more than how old the house is.",
        claims: ["hp-commissioning", "hp-oversized"],
      },
    ],
  },
  {
    key: "ep-bench-noise",
    title: "How loud is it at the neighbour's?",
    channel: "warmwire-bench",
    topic: "topic-noise",
    status: "PUBLISHED",
    publishedAt: "2026-05-07T17:00:00Z",
    scenes: [
      {
        title: "Two in the morning",
        narration: "Full output, microphone at the bedroom window next door, six metres away.",
        claims: ["noise-bench-38"],
      },
      {
        title: "The limit",
        narration: "38 decibels. The limit is 42 since January.",
        claims: ["noise-bench-38", "noise-42"],
      },
      {
        title: "The old limit",
        narration: "Until last year it was 45. Every three decibels are half the power of the sound.",
        claims: ["noise-42"],
      },
      {
        title: "Where to put it",
        narration: "You needn't keep the metre to the boundary any more, but you must keep the level.",
        claims: ["noise-metre", "noise-no-permit"],
      },
    ],
  },
  {
    key: "ep-bench-vs-trial",
    title: "Our house against the winter trial",
    channel: "warmwire-bench",
    topic: "topic-heat-pump-performance",
    owner: "tomas.wrede",
    status: "PUBLISHED",
    publishedAt: "2026-07-02T17:00:00Z",
    scenes: [
      {
        title: "3.5 against 3.9",
        narration: "Our house is better insulated than most of the trial's. So why is our number lower?",
        claims: ["hp-bench-35", "hp-spf-39"],
      },
      {
        title: "The cold week",
        narration: "In the frost the trial saw 2.9, and we 2.5.",
        claims: ["hp-cold-29", "hp-bench-coldest"],
      },
      {
        title: "The backup heater",
        narration: "Theirs never ran, in 94 of 100 homes. Neither did ours.",
        claims: ["hp-no-backup"],
      },
      {
        title: "What we count",
        narration:
          "We count the circulation pump and the controls. We asked the institute whether they do. No answer yet.",
        claims: ["hp-bench-energy", "hp-trial-612"],
      },
      {
        title: "The other study",
        narration: "Brackwater counts everything too, and its 148 homes end at 3.3.",
        claims: ["hp-spf-33"],
      },
    ],
  },
  {
    key: "ep-bench-sealing",
    title: "Two days with sealant",
    channel: "warmwire-bench",
    topic: "topic-insulation",
    status: "PUBLISHED",
    publishedAt: "2025-11-27T17:00:00Z",
    scenes: [
      {
        title: "The fan in the door",
        narration: "Fifty pascals, smoke pen: you can see where the house leaks.",
        claims: ["vent-sealing"],
      },
      {
        title: "Two days later",
        narration: "From 9.4 air changes to 6.1.",
        claims: ["vent-sealing", "vent-sealing-186"],
      },
      {
        title: "And the air?",
        narration:
          "Whoever makes a house tighter has to plan the air. Without a fan that works, mould comes three times as often.",
        claims: ["damp-fan-three", "damp-sixty"],
      },
      {
        title: "Heat recovery?",
        narration: "At six air changes, not yet. It would gain little.",
        claims: ["vent-leaky", "vent-recovery"],
      },
    ],
  },
  {
    key: "ep-bench-fan",
    title: "Which bathroom fan?",
    channel: "warmwire-bench",
    topic: "topic-damp",
    status: "PUBLISHED",
    publishedAt: "2025-12-04T17:00:00Z",
    scenes: [
      {
        title: "74 minutes",
        narration: "Ten minutes of shower, and with the old fan it takes 74 minutes until the air is dry.",
        claims: ["vent-fan-26"],
      },
      {
        title: "26 minutes",
        narration: "The new one does it in 26.",
        claims: ["vent-fan-26"],
      },
      {
        title: "The corner",
        narration: "Every minute above 60 percent is a minute for the cold corner.",
        claims: ["damp-sixty"],
      },
      {
        title: "Laundry",
        narration: "We dried one load in the bedroom: from 48 to 67 percent.",
        claims: ["damp-laundry-bedroom", "damp-laundry"],
      },
      {
        title: "How many",
        narration: "11 homes in a hundred have mould.",
        claims: ["damp-mould-112"],
      },
    ],
  },
  {
    key: "ep-bench-cylinder",
    title: "The cylinder that lost 1.7",
    channel: "warmwire-bench",
    topic: "topic-hot-water",
    status: "PUBLISHED",
    publishedAt: "2025-10-02T17:00:00Z",
    scenes: [
      {
        title: "Ten days away",
        narration: "We left for ten days and the cylinder on. The leaflet says 1.1 kilowatt-hours a day.",
        claims: ["hw-loss-11"],
      },
      {
        title: "1.7",
        narration: "The meter says 1.7. The valves were bare.",
        claims: ["hw-loss-17"],
      },
      {
        title: "24 euros",
        narration: "Two metres of lagging later: 1.2.",
        claims: ["hw-lagging"],
      },
      {
        title: "Five degrees",
        narration: "And at 50 instead of 55 degrees the heat pump works at 2.9.",
        claims: ["hw-fifty-degrees", "hw-weekly-60"],
      },
    ],
  },
  {
    key: "ep-bench-radiators",
    title: "Old radiators at 45 degrees",
    channel: "warmwire-bench",
    topic: "topic-heat-pump-performance",
    status: "DRAFT",
    scenes: [
      {
        title: "The plan",
        narration: "Every radiator in a 1958 house, at 45 degrees, with a thermal camera.",
        claims: ["hp-radiator-share"],
      },
      {
        title: "What we expect",
        narration: "Homes designed for 45 reach 3.7.",
        claims: ["hp-low-flow"],
      },
      {
        title: "The myth",
        narration: "No, you needn't replace them all.",
        claims: ["hp-radiators-all", "hp-radiator-share"],
      },
      {
        title: "To be measured",
        narration: "Output of each radiator; waiting for a cold week.",
        claims: ["hp-flow-two-percent"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
