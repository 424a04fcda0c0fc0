/** Insulation, ventilation and damp on Warmwire Explains. */
import type { EpisodeSeed } from "../../studio.js";
import type { ClaimKey } from "./claims.js";
import type { ChannelKey, PrincipalKey, TopicKey } from "./people.js";

export const explainsFabricEpisodes = [
  {
    key: "ep-loft",
    title: "Your loft, done right",
    channel: "warmwire-explains",
    topic: "topic-insulation",
    status: "PUBLISHED",
    publishedAt: "2025-02-27T16:00:00Z",
    scenes: [
      {
        title: "The warmest roof in the street",
        narration: "Look along the street after snow. The bare roof is the one that heats the sky.",
        claims: ["ins-quarter"],
      },
      {
        title: "How thick",
        narration: "The official guide says 270 millimetres, in two layers, the second across the joists.",
        claims: ["ins-270"],
      },
      {
        title: "The gap",
        narration: "Don't stuff the eaves. Leave five centimetres, or the timber gets wet.",
        claims: ["ins-eaves"],
      },
      {
        title: "Cost and time",
        narration: "About 450 euros of wool, two people, one weekend. Half of it comes back as a grant.",
        claims: ["ins-loft-450", "ins-weekend", "gr-loft-half"],
      },
    ],
  },
  {
    key: "ep-cavity",
    title: "Cavity walls: what they really save",
    channel: "warmwire-explains",
    topic: "topic-insulation",
    owner: "tomas.wrede",
    status: "PUBLISHED",
    publishedAt: "2025-03-06T16:00:00Z",
    scenes: [
      {
        title: "The brochure",
        narration:
          "Forty percent, say the brochure, the magazine and the wiki. What was measured is 14. So where does the forty come from?",
        claims: ["ins-cavity-14"],
      },
      {
        title: "A circle",
        narration:
          "The board cites the magazine, the magazine the wiki, and the wiki the board. Nobody in that circle has measured anything.",
        claims: ["ins-cavity-14"],
      },
      {
        title: "Somebody did measure",
        narration: "Brackwater compared the gas bills of 1,150 homes, before and after. The saving was 14 percent.",
        claims: ["ins-cavity-14", "ins-one-in-fifty"],
      },
      {
        title: "Where the rest went",
        narration: "Some of it went into comfort. People who had sat in the cold now sat at 0.7 degrees more.",
        claims: ["ins-comfort"],
      },
      {
        title: "The lucky few",
        narration: "Some do save a third. One home in fifty.",
        claims: ["ins-one-in-fifty"],
      },
      {
        title: "Still worth it?",
        narration: "Fourteen percent, every year, for a day's work. Yes.",
        claims: ["ins-cavity-14"],
      },
    ],
  },
  {
    key: "ep-mould",
    title: "Why mould comes",
    channel: "warmwire-explains",
    topic: "topic-damp",
    status: "PUBLISHED",
    publishedAt: "2025-03-13T16:00:00Z",
    scenes: [
      {
        title: "Behind the wardrobe",
        narration: "One home in nine has mould you can see. Mostly in the bathroom, then in the bedroom.",
        claims: ["damp-mould-112"],
      },
      {
        title: "Ten litres",
        narration: "Four people give off about ten litres of water a day. It has to go somewhere.",
        claims: ["damp-ten-litres"],
      },
      {
        title: "The cold corner",
        narration: "At 60 percent in the room, a cold corner can already be wet enough.",
        claims: ["damp-sixty"],
      },
      {
        title: "Laundry",
        narration: "Each load on the rack adds two litres.",
        claims: ["damp-laundry"],
      },
      {
        title: "What helps",
        narration: "A fan that works. Homes without one have mould three times as often.",
        claims: ["damp-fan-three"],
      },
    ],
  },
  {
    key: "ep-insulation-mould",
    title: "Does insulation make a house mouldy?",
    channel: "warmwire-explains",
    topic: "topic-damp",
    owner: "dov.hallam",
    status: "PUBLISHED",
    publishedAt: "2026-06-04T16:00:00Z",
    scenes: [
      {
        title: "The thread",
        narration:
          "A thread in a forum, 300 replies: we had the walls filled, and by Christmas it was black behind the wardrobe. Yet homes with insulated walls have less mould.",
        claims: ["damp-insulated-less"],
      },
      {
        title: "What the survey says",
        narration:
          "Interviewers looked for themselves. Homes with insulated walls had less mould, not more, and the number of mouldy homes is falling.",
        claims: ["damp-insulated-less", "damp-mould-104"],
      },
      {
        title: "What did happen there",
        narration: "New windows in the same month. The house got tight, and nobody planned where fresh air comes in.",
        claims: ["damp-sixty", "damp-fan-three"],
      },
      {
        title: "Plan the air",
        narration:
          "A bathroom fan of 15 litres a second is the least. And a wall in driving rain wants a survey first.",
        claims: ["vent-fan-15", "ins-driving-rain"],
      },
      {
        title: "Heat recovery",
        narration: "Ventilation with heat recovery keeps most of the warmth, but only in a house that is tight.",
        claims: ["vent-recovery", "vent-leaky"],
      },
    ],
  },
  {
    key: "ep-loft-again",
    title: "Your loft, again: the new thickness",
    channel: "warmwire-explains",
    topic: "topic-insulation",
    status: "PUBLISHED",
    publishedAt: "2026-03-12T16:00:00Z",
    scenes: [
      {
        title: "Thirty millimetres more",
        narration: "Last year we said 270. The new guide says 300.",
        claims: ["ins-300"],
      },
      {
        title: "Do I have to top up?",
        narration: "No. The first hundred do most of the work; a bare loft is the emergency.",
        claims: ["ins-quarter"],
      },
      {
        title: "The eaves, still",
        narration: "And still leave the gap at the eaves.",
        claims: ["ins-eaves"],
      },
      {
        title: "The money",
        narration: "Half the cost is paid, up to 800 euros. Apply before you sign anything.",
        claims: ["gr-loft-half", "gr-before-contract"],
      },
    ],
  },
] as const satisfies readonly EpisodeSeed<ClaimKey, ChannelKey, TopicKey, PrincipalKey>[];
