import type { Executor } from "../executor.js";
import { byChannel, type TemplateOf } from "./by-channel.js";
import { claimRepair, correctionCheck, correctionProposal, correctionScope } from "./correction.js";
import { featureBuild, featureCheck, featureRelease, featureSpec } from "./feature.js";
import { embeddedOps } from "./ops.js";
import { embeddedPlanner } from "./planner.js";
import { embeddedQa } from "./qa.js";
import { embeddedResearch } from "./research.js";
import { embeddedScenes } from "./scenes.js";
import { embeddedScript } from "./script.js";
import { embeddedScoring } from "./topic-scoring.js";
import { topicCandidates, topicProposals, topicRanking } from "./weekly-topics.js";
import { ffmpegFinder, type LookForFfmpeg } from "../ffmpeg.js";

const made = (templateOf: TemplateOf, ffmpeg: LookForFfmpeg): readonly Executor[] => [
  embeddedPlanner(templateOf),
  embeddedScoring(),
  embeddedResearch(templateOf),
  embeddedScenes(templateOf),
  embeddedScript(templateOf),
  embeddedQa(templateOf),
  embeddedOps(templateOf, ffmpeg),
  topicCandidates(),
  topicRanking(),
  topicProposals(),
  correctionScope(),
  claimRepair(),
  correctionCheck(),
  correctionProposal(),
  featureSpec(),
  featureBuild(),
  featureCheck(),
  featureRelease(),
];

/** Who does the work of the flows that come along without a model and without a network: the same pages and templates give the same episode. */
export const embeddedExecutors = (
  templateOf: TemplateOf,
  ffmpeg: LookForFfmpeg = ffmpegFinder(null),
): readonly Executor[] => byChannel((bound) => made(bound, ffmpeg), templateOf);
