import { z } from "zod";
import { SPEC_KINDS, type SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import { episodeTemplate } from "./episode-template.js";
import { NO_RULES, qaRules } from "./qa-rules.js";
import { semver } from "./semver.js";

/*
 * What a studio keeps versions of: templates (how an episode is told), prompts (what a model is asked in a stage) and QA specs
 * (what a channel's episodes are held to).
 */

/** Stages that a model may do, and that a prompt can be for. */
export const PROMPT_STAGES = ["planner", "research", "scenes", "script"] as const;
export type PromptStage = (typeof PROMPT_STAGES)[number];

export const specName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and hyphens, at most 40, a letter first");

const prompt = z.strictObject({
  stage: z.enum(PROMPT_STAGES, `must be one of ${PROMPT_STAGES.join(", ")}`),
  text: z.string().trim().min(20, "must have at least 20 characters").max(10_000, "must be at most 10000 characters"),
});
export type Prompt = z.infer<typeof prompt>;

/** What a template leaves out: its name and version are those that it is published under. */
const template = (name: string, version: string) =>
  z.preprocess((value) => (isObject(value) ? { ...value, template: name, version } : value), episodeTemplate);

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What it leaves out is no limit. */
const qaSpec = z.preprocess((value) => (isObject(value) ? { ...NO_RULES, ...value } : value), qaRules);

/** The shape of what a spec of the kind says, under the name and version that it is published as. */
export const contentOf = (kind: SpecKind, name: string, version: string): z.ZodType =>
  kind === "TEMPLATE" ? template(name, version) : kind === "PROMPT" ? prompt : qaSpec;

/** `name`, which means its current version, or `name@1.2.0`. */
export const specReference = z.string().transform((text, context): { name: string; semver: string | null } => {
  const [name = "", version, ...more] = text.split("@");
  const good = specName.safeParse(name).success && more.length === 0;
  if (good && (version === undefined || semver.safeParse(version).success)) return { name, semver: version ?? null };
  context.addIssue({
    code: "custom",
    message: "must be a spec's name, such as calm, or a name and version, such as calm@1.2.0",
  });
  return z.NEVER;
});

/** The natural key of a version. */
export const specKey = (kind: SpecKind, name: string, version: string): string => `${kind} ${name} ${version}`;

export const specKind = z.enum(SPEC_KINDS);
