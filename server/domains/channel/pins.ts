import { z } from "zod";
import { episodeTemplate, type EpisodeTemplate } from "../spec/episode-template.js";
import { qaRules } from "../spec/qa-rules.js";
import { PROMPT_STAGES, type PromptStage } from "../spec/spec.js";
import { configValues } from "./channel-config.js";

/*
 * What a run goes by from its beginning to its end: the channel's config and every version that it means, with what each says.
 * It is kept under its hash, so that a run that is resumed later, or after an update, still goes by what it began with.
 */

const pinned = {
  /** `name@1.2.0`. */
  ref: z.string(),
  /** Public id of the version in the studio's library; null for what comes with the installation. */
  spec_id: z.string().nullable(),
};

export const runPins = z.strictObject({
  channel_id: z.string(),
  /** 0 for a channel that has set nothing. */
  config_version: z.int().min(0),
  /** With what the channel's config says in its place; null where the installation said none. */
  template: z.strictObject({ ...pinned, content: episodeTemplate }).nullable(),
  qa: z.strictObject({ ref: z.string().nullable(), spec_id: z.string().nullable(), rules: qaRules }),
  prompts: z.array(z.strictObject({ ...pinned, stage: z.enum(PROMPT_STAGES), text: z.string() })),
  kpi_targets: configValues.shape.kpiTargets,
  budgets: configValues.shape.budgets,
});
export type RunPins = z.infer<typeof runPins>;

/** What an installation brings for channels that say nothing else. */
export interface House {
  readonly template: EpisodeTemplate;
  readonly prompts: readonly { readonly stage: PromptStage; readonly version: string; readonly text: string }[];
}

/** As it is handed on with the order for a run. */
export const house = z.object({
  template: episodeTemplate,
  prompts: z.array(z.object({ stage: z.enum(PROMPT_STAGES), version: z.string(), text: z.string() })),
});
