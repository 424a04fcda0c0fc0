import type { Executor } from "../executor.js";
import { embeddedOps } from "./ops.js";
import { embeddedPlanner } from "./planner.js";
import { embeddedQa } from "./qa.js";
import { embeddedResearch } from "./research.js";
import { embeddedScenes } from "./scenes.js";
import { embeddedScript } from "./script.js";
import { ffmpegFinder, type LookForFfmpeg } from "../ffmpeg.js";
import type { EpisodeTemplate } from "./template.js";
import { embeddedScoring } from "./topic-scoring.js";

/** Who does the work of an episode without a model and without a network: the same pages and templates give the same episode. */
export const embeddedExecutors = (
  templateOf: (channelId: string) => EpisodeTemplate,
  ffmpeg: LookForFfmpeg = ffmpegFinder(null),
): readonly Executor[] => [
  embeddedPlanner(templateOf),
  embeddedScoring(),
  embeddedResearch(templateOf),
  embeddedScenes(templateOf),
  embeddedScript(templateOf),
  embeddedQa(templateOf),
  embeddedOps(templateOf, ffmpeg),
];
