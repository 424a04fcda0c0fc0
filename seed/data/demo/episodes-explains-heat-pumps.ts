/** Heat pumps on Warmwire Explains. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const explainsHeatPumpEpisodes = [
  {
    key: "ep-winter-trial",
    title: "What the winter trial found",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-performance",
    status: "PUBLISHED",
    publishedAt: "2025-03-27T16:00:00Z",
    scenes: [
      {
        title: "Cold open",
        narration:
          "January, minus seven, frost on the inside of the car. In 612 homes across the country, the heating runs on electricity. Is anybody cold?",
        claims: ["hp-trial-612", "hp-stays-warm"],
      },
      {
        title: "The headline number",
        narration:
          "Put one unit of electricity in, get 3.9 units of heat out. That is the mean of the Tarn Institute's trial, over two winters.",
        claims: ["hp-spf-39"],
      },
      {
        title: "The cold spell",
        narration:
          "And in the coldest week? Still 2.9 units. The pumps worked harder, but they kept far ahead of a plain electric heater.",
        claims: ["hp-cold-29"],
      },
      {
        title: "The spare heater",
        narration: "Nearly every unit has an electric backup inside. In 94 homes of a hundred, it never switched on.",
        claims: ["hp-no-backup"],
      },
      {
        title: "Why it works at all",
        narration:
          "How can you get out more than you put in? Because the heat is not made. It is moved, from the garden to the living room.",
        claims: ["hp-moves-heat"],
      },
      {
        title: "What it means for you",
        narration: "If your installer says that heat pumps are not for our winters, show them these numbers.",
        claims: ["hp-above-three", "hp-spf-39"],
      },
    ],
  },
  {
    key: "ep-how-it-works",
    title: "How a heat pump really works",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-performance",
    owner: "tomas.wrede",
    status: "PUBLISHED",
    publishedAt: "2025-04-03T16:00:00Z",
    scenes: [
      {
        title: "The fridge in reverse",
        narration:
          "Open the fridge, put a hand behind it: warm. A heat pump is the same machine, with the kitchen on the cold side and the garden where the milk was.",
        claims: ["hp-moves-heat"],
      },
      {
        title: "One in, three out",
        narration:
          "That is why a heat pump gives you more heat than the electricity it takes. Over a year, more than three to one.",
        claims: ["hp-above-three", "hp-spf-39"],
      },
      {
        title: "The lift",
        narration:
          "What costs electricity is the lift: from the cold outside to the water in your radiators. Make the water one degree cooler, and you save about two percent.",
        claims: ["hp-flow-two-percent"],
      },
      {
        title: "Hard frost",
        narration: "In a frost the lift is larger, so the number falls. It does not fall to one.",
        claims: ["hp-cold-29", "hp-stays-warm"],
      },
      {
        title: "Bigger is not better",
        narration: "Too big a machine switches on and off all day. That costs efficiency, and it costs years of life.",
        claims: ["hp-oversized"],
      },
    ],
  },
  {
    key: "ep-old-house",
    title: "Heat pumps in an old house",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-performance",
    status: "PUBLISHED",
    publishedAt: "2025-05-15T16:00:00Z",
    scenes: [
      {
        title: "The question we get most",
        narration: "My house is from 1930. Do I have to wrap it up first? We went through what has been measured.",
        claims: ["hp-trial-612"],
      },
      {
        title: "Bare walls",
        narration:
          "In the winter trial, houses without wall insulation did nearly as well as the others. That surprised us too.",
        claims: ["hp-bare-walls-fine"],
      },
      {
        title: "The case for the loft",
        narration:
          "What is always worth it is the loft. A quarter of the heat goes out through it if nothing is there.",
        claims: ["ins-quarter", "ins-270"],
      },
      {
        title: "Flow temperature",
        narration:
          "Old houses have small radiators, and small radiators want hot water. Every degree you can take away saves two percent.",
        claims: ["hp-flow-two-percent"],
      },
      {
        title: "The neighbours",
        narration: "Where does the box go? At the neighbour's window, 45 decibels is the limit.",
        claims: ["noise-45"],
      },
      {
        title: "What it costs",
        narration: "Reckon with 8,000 to 11,000 euros, and take the grant off that: 6,000.",
        claims: ["hp-price-2019", "gr-6000"],
      },
    ],
  },
  {
    key: "ep-skip-the-walls",
    title: "Skip the walls: heat pump first",
    channel: "warmwire-explains",
    topic: "topic-insulation",
    owner: "dov.hallam",
    status: "RETRACTED",
    publishedAt: "2025-06-19T16:00:00Z",
    scenes: [
      {
        title: "A heresy",
        narration: "Everybody says: insulate first. We say: don't wait for it.",
        claims: ["hp-bare-walls-fine"],
      },
      {
        title: "The evidence",
        narration: "Seventy-one homes in the winter trial had bare walls, and their heat pumps lost next to nothing.",
        claims: ["hp-bare-walls-fine", "hp-trial-612"],
      },
      {
        title: "The bill",
        narration:
          "With one unit in and 3.9 out, heat costs about eight cents a kilowatt-hour. Cheaper than anything you burn.",
        claims: ["hp-spf-39", "hp-eight-cents"],
      },
      {
        title: "No safety net needed",
        narration: "And the backup heater you are afraid of stays off.",
        claims: ["hp-no-backup"],
      },
    ],
  },
  {
    key: "ep-after-withdrawal",
    title: "Heat pumps after the withdrawal: what we still know",
    channel: "warmwire-explains",
    topic: "topic-heat-pump-performance",
    owner: "ines.carrow",
    status: "IN_REVIEW",
    scenes: [
      {
        title: "What happened",
        narration:
          "In October the Tarn Institute took back its winter trial. We had built on it, and we want to show you what falls and what stands.",
        claims: ["hp-trial-withdrawn"],
      },
      {
        title: "The meters",
        narration: "In nearly every home the meters missed the small consumers: pumps, controls, the backup heater.",
        claims: ["hp-meters-incomplete"],
      },
      {
        title: "What falls",
        narration: "3.9 is gone. In the homes with full metering it was 3.2, which is close to what others had found.",
        claims: ["hp-complete-24", "hp-spf-33"],
      },
      {
        title: "What stands",
        narration: "More than three to one stands. Warm rooms in hard frost stand. Our own meters say the same.",
        claims: ["hp-above-three", "hp-stays-warm", "hp-bench-35"],
      },
      {
        title: "The backup heater",
        narration: "It does run: at least once in two homes of three. It just doesn't matter much.",
        claims: ["hp-backup-62"],
      },
      {
        title: "Bare walls",
        narration: "And the walls do matter. We have withdrawn our own episode on that.",
        claims: ["hp-bare-walls-worse"],
      },
      {
        title: "The cold week",
        narration:
          "In hard frost it is nearer two and a half than three. One study and one house say so, so we call it open.",
        claims: ["hp-cold-24", "hp-cold-29"],
      },
    ],
  },
  {
    key: "ep-new-noise-rule",
    title: "The new noise rule for heat pumps",
    channel: "warmwire-explains",
    topic: "topic-noise",
    status: "CORRECTED",
    publishedAt: "2025-12-11T16:00:00Z",
    scenes: [
      {
        title: "Three decibels less",
        narration:
          "From January the limit at the neighbour's window drops to 42 decibels. Our first version gave it as 43; this is the corrected one.",
        claims: ["noise-42"],
      },
      {
        title: "What goes",
        narration: "In exchange, a rule goes that blocked many terraces: the metre to the boundary.",
        claims: ["noise-metre"],
      },
      {
        title: "No permit",
        narration: "Keep the limit and you need no permit. The fitter hands you the calculation; keep it.",
        claims: ["noise-no-permit"],
      },
      {
        title: "Units already there",
        narration: "What stood in the garden before January keeps the old limit.",
        claims: ["noise-42"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
