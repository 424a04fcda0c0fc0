import type { Studio } from "../../studio.js";
import { claims } from "./claims.js";
import { decisions } from "./decisions.js";
import { episodes } from "./episodes.js";
import { incidents } from "./incidents.js";
import { channels, principals, tenant, topics } from "./people.js";
import { sources } from "./sources.js";

/** Warmwire: home energy, explained and measured. Everybody and everything in it is invented. */
export const demo = {
  tenant,
  principals,
  channels,
  topics,
  sources,
  claims,
  episodes,
  incidents,
  decisions,
} as const satisfies Studio;
