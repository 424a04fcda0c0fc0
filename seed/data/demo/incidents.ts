import type { IncidentSeed } from "../../studio.js";

export const incidents = [
  {
    key: "incident-trial-withdrawn",
    title: "A withdrawn field trial stands under live episodes",
    severity: 2,
    status: "OPEN",
    description:
      "The Tarn Institute withdrew its winter trial on 2 October 2026 because the meters left out pumps, controls and backup heaters. Live episodes still state its figures: 3.9 over the season, 2.9 in frost, no backup heating in 94 of 100 homes. The press release and two papers that repeat it don't count as independent support. Open until every live episode is recalculated, corrected or retracted.",
    openedAt: "2026-10-06T09:05:00Z",
    affects: [
      { label: "Source", key: "tarn-trial" },
      { label: "Claim", key: "hp-spf-39" },
      { label: "Claim", key: "hp-cold-29" },
      { label: "Claim", key: "hp-no-backup" },
      { label: "Claim", key: "hp-bare-walls-fine" },
      { label: "Claim", key: "hp-eight-cents" },
      { label: "Episode", key: "ep-winter-trial" },
      { label: "Episode", key: "ep-how-it-works" },
      { label: "Episode", key: "ep-old-house" },
      { label: "Episode", key: "ep-skip-the-walls" },
      { label: "Episode", key: "ep-running-costs-2025" },
      { label: "Episode", key: "ep-bench-winter" },
      { label: "Episode", key: "ep-bench-vs-trial" },
    ],
  },
  {
    key: "incident-wiring-code",
    title: "An episode gave the old limit for charging points",
    severity: 3,
    status: "RESOLVED",
    description:
      'The wiring code changed on 1 April 2026. "Charging at home: the rules" still said that every point above 3.7 kilowatts must be notified before use. A viewer noticed on 9 April; the scene was recorded again and the episode marked as corrected.',
    openedAt: "2026-04-09T07:40:00Z",
    resolvedAt: "2026-04-13T15:20:00Z",
    affects: [
      { label: "Claim", key: "ev-notify-37" },
      { label: "Episode", key: "ep-charging-rules" },
      { label: "Source", key: "wiring-code" },
    ],
  },
] as const satisfies readonly IncidentSeed[];
