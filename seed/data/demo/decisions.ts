import type { DecisionSeed } from "../../studio.js";

export const decisions = [
  {
    key: "decision-cavity-saving",
    title: "Which saving do we give for cavity wall insulation?",
    outcome: "14 percent. The 40 percent figure is not used.",
    rationale:
      "Three sources say 40 percent, but they cite one another in a circle and none of them measured. Brackwater compared billing records of 1,150 homes with matched homes.",
    decidedAt: "2025-02-24T13:00:00Z",
    about: [
      { label: "Claim", key: "ins-cavity-14" },
      { label: "Claim", key: "ins-cavity-40" },
    ],
    basedOn: [
      { label: "Fact", key: "brackwater-cavity/saving" },
      { label: "Fact", key: "brackwater-cavity/one-in-fifty" },
      { label: "Source", key: "insulation-board" },
      { label: "Source", key: "thriftnest-guide" },
      { label: "Source", key: "hearthwiki-insulation" },
    ],
  },
  {
    key: "decision-battery-efficiency",
    title: "Where do we measure the efficiency of a battery?",
    outcome: "At the house's terminals, inverter included. Figures at cell level are not used.",
    rationale:
      "The datasheet's 96 percent and the laboratory's 86 percent are both right, at different places. What a household gets is what comes out at the terminals.",
    decidedAt: "2026-03-20T10:30:00Z",
    about: [
      { label: "Claim", key: "bat-round-trip-96" },
      { label: "Claim", key: "bat-voltcask-86" },
      { label: "Topic", key: "topic-batteries" },
    ],
    basedOn: [
      { label: "Fact", key: "cellgauge-tests/voltcask" },
      { label: "Fact", key: "voltcask-datasheet/efficiency" },
    ],
  },
  {
    key: "decision-heat-pump-price",
    title: "Quotes or invoices: which price of a heat pump do we give?",
    outcome: "Invoices, from the registry, with the quarter they hold for.",
    rationale:
      "The guild's 16,800 euros is the mean of quotes by 212 of 1,960 firms, and one quote in four becomes an order. Installers must file every invoice with the registry.",
    decidedAt: "2026-07-27T09:15:00Z",
    about: [
      { label: "Claim", key: "hp-price-13100" },
      { label: "Claim", key: "hp-price-16800" },
    ],
    basedOn: [
      { label: "Snapshot", key: "registry-stats:2026-q2" },
      { label: "Fact", key: "installers-survey/quote" },
      { label: "Fact", key: "installers-survey/one-in-four" },
    ],
  },
  {
    key: "decision-seasonal-performance",
    title: "Which seasonal performance do we state after the withdrawal?",
    outcome: "3.3, from the Brackwater study. 3.9 is wrong. The figures for frost and for the backup heater stay open.",
    rationale:
      "The trial's meters left out part of the electricity, and its own fully metered homes had 3.2. Brackwater counts everything, and our test house lies in its range. For the cold week there is one study and one house, which is too little to settle 2.9 against 2.4.",
    decidedAt: "2026-10-07T14:45:00Z",
    about: [
      { label: "Claim", key: "hp-spf-39" },
      { label: "Claim", key: "hp-spf-33" },
      { label: "Source", key: "tarn-trial" },
      { label: "Incident", key: "incident-trial-withdrawn" },
    ],
    basedOn: [
      { label: "Source", key: "tarn-notice" },
      { label: "Fact", key: "tarn-notice/overstated" },
      { label: "Fact", key: "brackwater-field/spf" },
      { label: "Fact", key: "bench-heat-pump-log/spf" },
      { label: "Incident", key: "incident-trial-withdrawn" },
    ],
  },
  {
    key: "decision-retract-skip-the-walls",
    title: 'Do we retract "Skip the walls: heat pump first"?',
    outcome: "Yes. Its whole argument rests on the withdrawn trial.",
    rationale:
      "Other episodes use the trial for a figure and can be corrected. This one advises people not to insulate because of it, and the Brackwater study finds the opposite.",
    decidedAt: "2026-10-08T10:00:00Z",
    about: [
      { label: "Episode", key: "ep-skip-the-walls" },
      { label: "Claim", key: "hp-bare-walls-fine" },
    ],
    basedOn: [
      { label: "Decision", key: "decision-seasonal-performance" },
      { label: "Fact", key: "brackwater-field/uninsulated" },
      { label: "Incident", key: "incident-trial-withdrawn" },
    ],
  },
  {
    key: "decision-hearsay",
    title: "What weight do forum posts and advertisements have?",
    outcome: "They may raise a question and never answer one. Six claims that stand on nothing else are wrong.",
    rationale:
      "Each of the six is contradicted by a measurement or a survey. A forum post tells of one house, and in the ones that we read another cause stands two replies further down.",
    decidedAt: "2026-10-28T11:00:00Z",
    about: [
      { label: "Claim", key: "damp-insulation-causes" },
      { label: "Claim", key: "sol-clean-20" },
      { label: "Claim", key: "ind-gas-faster" },
      { label: "Claim", key: "ev-socket-no-loss" },
      { label: "Claim", key: "tar-everybody" },
      { label: "Claim", key: "hp-dearer" },
    ],
    basedOn: [
      { label: "Fact", key: "housing-survey/insulated-walls" },
      { label: "Fact", key: "bench-solar-log/cleaning" },
      { label: "Fact", key: "bench-hob-log/induction" },
      { label: "Fact", key: "bench-charging-log/losses" },
      { label: "Fact", key: "dayrate-study/lose" },
      { label: "Fact", key: "households-union/costs" },
    ],
  },
] as const satisfies readonly DecisionSeed[];
