import type { Executor } from "../executor.js";
import { byChannel, type TemplateOf } from "./by-channel.js";
import { underChannelRules } from "./channel-rules.js";
import { embeddedOps } from "./ops.js";
import { embeddedPlanner } from "./planner.js";
import { embeddedQa } from "./qa.js";
import { embeddedResearch } from "./research.js";
import { embeddedScenes } from "./scenes.js";
import { embeddedScript } from "./script.js";
import { embeddedScoring } from "./topic-scoring.js";

const made = (templateOf: TemplateOf): readonly Executor[] => [
  embeddedPlanner(templateOf),
  embeddedScoring(),
  embeddedResearch(templateOf),
  embeddedScenes(templateOf),
  embeddedScript(templateOf),
  underChannelRules(embeddedQa(templateOf)),
  embeddedOps(templateOf),
];

/** Who does the work of an episode without a model and without a network: the same pages and templates give the same episode. */
export const embeddedExecutors = (templateOf: TemplateOf): readonly Executor[] => byChannel(made, templateOf);
