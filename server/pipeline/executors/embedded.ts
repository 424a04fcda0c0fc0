import type { Executor } from "../executor.js";
import { byChannel, type TemplateOf } from "./by-channel.js";
import { embeddedOps } from "./ops.js";
import { embeddedPlanner } from "./planner.js";
import { embeddedQa } from "./qa.js";
import { embeddedResearch } from "./research.js";
import { embeddedScenes } from "./scenes.js";
import { embeddedScript } from "./script.js";
import { embeddedScoring } from "./topic-scoring.js";
import { ffmpegFinder, type LookForFfmpeg } from "../ffmpeg.js";

const made = (templateOf: TemplateOf, ffmpeg: LookForFfmpeg): readonly Executor[] => [
  embeddedPlanner(templateOf),
  embeddedScoring(),
  embeddedResearch(templateOf),
  embeddedScenes(templateOf),
  embeddedScript(templateOf),
  embeddedQa(templateOf),
  embeddedOps(templateOf, ffmpeg),
];

/** Who does the work of an episode without a model and without a network: the same pages and templates give the same episode. */
export const embeddedExecutors = (
  templateOf: TemplateOf,
  ffmpeg: LookForFfmpeg = ffmpegFinder(null),
): readonly Executor[] => byChannel((bound) => made(bound, ffmpeg), templateOf);
