import type { House } from "../../domains/channel/pins.js";
import type { PromptStage } from "../../domains/spec/spec.js";
import { PROMPTS, PROMPTS_VERSION } from "./models/prompts.js";
import { plainTemplate, type EpisodeTemplate } from "./template.js";

/** What an installation brings: how it tells, and what it asks the models that do some of its stages. */
export const houseWith = (template: EpisodeTemplate, stages: readonly PromptStage[]): House => ({
  template,
  prompts: stages.map((stage) => ({ stage, version: PROMPTS_VERSION, text: PROMPTS[stage] })),
});

/** The template that comes with this version, and no model. */
export const ownHouse = (): House => houseWith(plainTemplate(), []);
