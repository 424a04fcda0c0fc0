import type { Executor } from "../executor.js";
import { claimRepair, correctionCheck, correctionProposal, correctionScope } from "./correction.js";
import { featureBuild, featureCheck, featureRelease, featureSpec } from "./feature.js";
import { embeddedOps } from "./ops.js";
import { embeddedPlanner } from "./planner.js";
import { embeddedQa } from "./qa.js";
import { embeddedResearch } from "./research.js";
import { embeddedScenes } from "./scenes.js";
import { embeddedScript } from "./script.js";
import type { EpisodeTemplate } from "./template.js";
import { embeddedScoring } from "./topic-scoring.js";
import { topicCandidates, topicProposals, topicRanking } from "./weekly-topics.js";

/** Who does the work of the flows that come along without a model and without a network: the same pages and templates give the same episode. */
export const embeddedExecutors = (templateOf: (channelId: string) => EpisodeTemplate): readonly Executor[] => [
  embeddedPlanner(templateOf),
  embeddedScoring(),
  embeddedResearch(templateOf),
  embeddedScenes(templateOf),
  embeddedScript(templateOf),
  embeddedQa(templateOf),
  embeddedOps(templateOf),
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
