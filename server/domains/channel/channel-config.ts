import { z } from "zod";
import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import { text } from "../../commands/input.js";
import { templateMetadata, templatePlanner } from "../spec/episode-template.js";
import { qaRules } from "../spec/qa-rules.js";
import { specReference } from "../spec/spec.js";
import { isTimeZone, timeOfDay } from "./calendar.js";

/*
 * How a channel's episodes are made and what the channel aims at. It is kept whole on the Channel, with a version that counts
 * up, so that the Channel's own history has every earlier one. What is null is as the template or the QA spec says.
 */

/** A reference that stays text: what it means is looked up when it is set, and when a run begins. */
const reference = z.string().superRefine((value, context) => {
  const parsed = specReference.safeParse(value);
  if (!parsed.success) context.addIssue({ code: "custom", message: parsed.error.issues[0]!.message });
});

const number = (least: number, most: number, unit: string) => {
  const bound = `must be from ${least} to ${most} ${unit}`.trimEnd();
  return z.number(bound).min(least, bound).max(most, bound);
};
const { duration_s, questions } = templatePlanner.shape;
const { title, description, chapter, source, most_tags } = templateMetadata.shape;

export const MOST_SLOTS = 50;

export const configValues = z.strictObject({
  /** How episodes are told; null tells them by this installation's own template. */
  template: reference.nullable(),
  /** What they are held to. */
  qaSpec: reference.nullable(),
  /** What models are asked, at most one prompt for a stage. */
  prompts: z.array(reference).max(4, "must be at most 4: one for a stage"),
  planner: z.strictObject({ durationS: duration_s.nullable(), questions: questions.nullable() }),
  metadata: z.strictObject({
    title: title.nullable(),
    description: description.nullable(),
    chapter: chapter.nullable(),
    source: source.nullable(),
    mostTags: most_tags.nullable(),
  }),
  /** In place of what the QA spec says. */
  qa: z.strictObject({ ...qaRules.shape, banned: qaRules.shape.banned.nullable() }),
  /** What figures of its episodes should reach. */
  kpiTargets: z.strictObject({
    viewsPerDay: number(0, 1e9, "views").nullable(),
    ctr: number(0, 1, "(a share, not a percentage)").nullable(),
    avdSeconds: number(0, 36_000, "seconds").nullable(),
    rpm: number(0, 10_000, "").nullable(),
  }),
  /** What one run may spend on models; the installation's own limits hold as well. */
  budgets: z.strictObject({
    runUsd: number(0, 10_000, "US dollars").nullable(),
    runTokens: z
      .int("must be a whole number of tokens")
      .min(1, "must be at least 1 token")
      .max(1e9, "must be at most 1000000000 tokens")
      .nullable(),
    /** What all of the channel's runs of a calendar month in UTC may spend. */
    monthUsd: number(0, 1_000_000, "US dollars").nullable(),
  }),
  goals: z
    .strictObject({
      monthlyRevenue: number(0, 1e9, "").nullable(),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, "must be a currency of ISO 4217, such as EUR")
        .nullable(),
      uploadsPerWeek: number(0, 100, "uploads").nullable(),
    })
    .refine((goals) => goals.monthlyRevenue === null || goals.currency !== null, {
      path: ["currency"],
      message: "must be named beside monthlyRevenue, such as EUR",
    }),
  calendar: z.strictObject({
    timeZone: text(60).refine(isTimeZone, "must be a time zone, such as UTC or Europe/Berlin"),
    slots: z
      .array(
        z.strictObject({
          weekday: z
            .int("must be 1 (Monday) to 7 (Sunday)")
            .min(1, "must be 1 (Monday) to 7 (Sunday)")
            .max(7, "must be 1 (Monday) to 7 (Sunday)"),
          time: timeOfDay,
        }),
      )
      .max(MOST_SLOTS, `must be at most ${MOST_SLOTS} slots`)
      .refine(
        (slots) => new Set(slots.map(({ weekday, time }) => `${weekday} ${time}`)).size === slots.length,
        "must name each slot once",
      ),
  }),
  phase: z.int("must be a whole number from 0 to 3").min(0, "must be from 0 to 3").max(3, "must be from 0 to 3"),
});
export type ConfigValues = z.infer<typeof configValues>;

export interface ChannelConfigState extends ConfigValues {
  /** 0 for the defaults; counts up with each change. */
  readonly version: number;
}

export const NO_CONFIG: ChannelConfigState = {
  version: 0,
  template: null,
  qaSpec: null,
  prompts: [],
  planner: { durationS: null, questions: null },
  metadata: { title: null, description: null, chapter: null, source: null, mostTags: null },
  qa: { banned: null, mostSceneSeconds: null, leastScenes: null, leastSources: null, mostWords: null },
  kpiTargets: { viewsPerDay: null, ctr: null, avdSeconds: null, rpm: null },
  budgets: { runUsd: null, runTokens: null, monthUsd: null },
  goals: { monthlyRevenue: null, currency: null, uploadsPerWeek: null },
  calendar: { timeZone: "UTC", slots: [] },
  phase: 0,
};

const stored = configValues.extend({ version: z.int().min(1) });

/** The config as a Channel keeps it; the defaults where it keeps none. */
export const configFrom = (kept: string | null): ChannelConfigState =>
  kept === null ? NO_CONFIG : stored.parse(JSON.parse(kept));

export const configText = (config: ChannelConfigState): string => JSON.stringify(config);

/** What a config names of the library in the place of a kind: bare names, and names with a version. */
export function namesIn({ template, qaSpec, prompts }: ConfigValues, kind: SpecKind): readonly string[] {
  if (kind === "PROMPT") return prompts;
  return [kind === "TEMPLATE" ? template : qaSpec].filter((name) => name !== null);
}

/** A part with fields that may be left out, which then are null: a part that is named is said whole. */
const whole = <S extends z.ZodObject>(part: S, none: z.infer<S>) =>
  z.preprocess((value) => {
    if (typeof value !== "object" || value === null) return value;
    const said = Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
    return { ...none, ...said };
  }, part);

const { shape } = configValues;

/** What a change may say. A part that is left out stays as it is; one that is named is taken whole. */
export const configChange = z.strictObject({
  template: shape.template.optional(),
  qaSpec: shape.qaSpec.optional(),
  prompts: shape.prompts.optional(),
  planner: whole(shape.planner, NO_CONFIG.planner).optional(),
  metadata: whole(shape.metadata, NO_CONFIG.metadata).optional(),
  qa: whole(shape.qa, NO_CONFIG.qa).optional(),
  kpiTargets: whole(shape.kpiTargets, NO_CONFIG.kpiTargets).optional(),
  budgets: whole(shape.budgets, NO_CONFIG.budgets).optional(),
  goals: whole(shape.goals, NO_CONFIG.goals).optional(),
  calendar: shape.calendar.optional(),
  phase: shape.phase.optional(),
});
export type ConfigChange = z.infer<typeof configChange>;

/** The config with the change; null where nothing differs. */
export function changedConfig(present: ChannelConfigState, change: ConfigChange): ChannelConfigState | null {
  const { version, ...values } = present;
  const said = Object.fromEntries(Object.entries(change).filter(([, one]) => one !== undefined));
  const next = configValues.parse({ ...values, ...said });
  return JSON.stringify(next) === JSON.stringify(configValues.parse(values)) ? null : { version: version + 1, ...next };
}
