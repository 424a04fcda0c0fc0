import type { Studio } from "../../studio.js";
import { claims } from "./claims.js";
import { episodes } from "./episodes.js";
import { channels, principals, tenant, topics } from "./people.js";
import { sources } from "./sources.js";

/** Northlight Media: a smaller studio in the same field, which shares sources and sentences with the other but no node. */
export const northlight = {
  tenant,
  principals,
  channels,
  topics,
  sources,
  claims,
  episodes,
  incidents: [],
  decisions: [
    {
      key: "nl-decision-balcony-savings",
      title: "How much does a balcony system save?",
      outcome: "About 120 euros a year, and only where somebody is at home by day.",
      rationale: "The shop's 200 euros suppose that every unit is used. The test metered eleven kits for a year.",
      decidedAt: "2026-05-06T09:30:00Z",
      about: [
        { label: "Claim", key: "nl-sol-balcony-saves" },
        { label: "Claim", key: "nl-sol-balcony-200" },
      ],
      basedOn: [
        { label: "Fact", key: "nl-balcony-test/saves" },
        { label: "Fact", key: "nl-balcony-shop/two-hundred" },
      ],
    },
  ],
} as const satisfies Studio;
