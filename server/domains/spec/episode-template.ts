import { z } from "zod";
import { PACINGS } from "../../../graph-schema/documents/scene.js";

/*
 * How a channel tells an episode. All that an episode says beside its claims comes from here, so each line names what is
 * filled in: a line without a slot would be said in every episode.
 */

/** What each line may fill in. */
const SLOTS = {
  topic: "the topic's title",
  publishers: "the publishers of all sources that the episode stands on",
  publisher: "the publisher of the scene's source",
  source: "the title of the scene's source",
  names: "what the scene's claims name most; the source's title where they name nothing",
  scene: "the scene's title",
  url: "the source's address",
} as const;
export type Slot = keyof typeof SLOTS;

export const SLOT = /\{([^{}]*)\}/g;

export const line = (...allowed: readonly Slot[]) =>
  z
    .string()
    .max(300)
    .superRefine((value, context) => {
      const named = [...value.matchAll(SLOT)].map(([, name]) => name!);
      const wrong = named.find((name) => !(allowed as readonly string[]).includes(name));
      const known = allowed.map((slot) => `{${slot}}`).join(", ");
      const problem = (message: string) => context.addIssue({ code: "custom", message });
      if (wrong !== undefined) problem(`there is no {${wrong}} here; known are ${known}`);
      else if (value !== "" && named.length === 0) problem(`must fill something in: ${known}`);
    });
export const said = (...allowed: readonly Slot[]) => line(...allowed).min(1);

const isSentence = (value: string): boolean => value === "" || /[.!?…]["”’)]*$/u.test(value);

const sceneTemplate = (...slots: readonly Slot[]) =>
  z.strictObject({
    title: said(...slots),
    pacing: z.enum(PACINGS),
    /** Said before the claims; empty for nothing. Whole sentences, or a claim behind it would be a part of its own. */
    says: line(...slots).refine(isSentence, "must end like a sentence"),
  });

/** A short is at most so long, in seconds. */
const SHORT_S = 180;
export const FORMATS = ["LONG", "SHORT"] as const;

const parts = z.strictObject({
  template: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "a semantic version"),
  /** ISO 639-1: sources in another language are left out. */
  language: z.string().regex(/^[a-z]{2}$/, "two lower-case letters"),
  /** How it is to sound, in words: what models are told. The embedded executors sound as the lines below do. */
  tone: z.string().max(300).default(""),
  format: z.enum(FORMATS).default("LONG"),
  /** Said last, behind the closing scene's claims; empty for nothing. */
  cta: line("topic", "publishers").refine(isSentence, "must end like a sentence").default(""),
  visuals: z
    .strictObject({
      /** Pictures and their treatment, in words. */
      style: z.string().max(300).default(""),
      aspect: z.enum(["16:9", "9:16", "1:1"]).default("16:9"),
      colours: z
        .array(z.string().regex(/^#[0-9a-f]{6}$/, "a colour such as #1f6feb"))
        .max(8)
        .default([]),
    })
    .default({ style: "", aspect: "16:9", colours: [] }),
  planner: z.strictObject({
    duration_s: z.number().min(10).max(36_000),
    questions: z.array(said("topic")).min(1).max(20),
  }),
  scenes: z.strictObject({
    least_claims: z.int().min(1).max(100),
    claims_each: z.int().min(1).max(20),
    most: z.int().min(3).max(100),
    words_per_minute: z.strictObject({
      SLOW: z.number().min(60).max(300),
      STEADY: z.number().min(60).max(300),
      FAST: z.number().min(60).max(300),
    }),
    opening: sceneTemplate("topic", "publishers"),
    /** What it says is said once for each source, in the first of its scenes. */
    body: sceneTemplate("topic", "publishers", "publisher", "source", "names"),
    closing: sceneTemplate("topic", "publishers"),
  }),
  /** What episodes are to reach, and over how many days and weeks QA looks back. */
  qa: z
    .strictObject({
      targets: z
        .strictObject({
          views_per_day: z.number().min(0).max(1e9).nullish(),
          ctr: z.number().min(0).max(1).nullish(),
          avd_s: z.number().min(0).max(86_400).nullish(),
          rpm: z.number().min(0).max(1e6).nullish(),
        })
        .default({}),
      days: z.int().min(1).max(365).default(28),
      weeks: z.int().min(2).max(52).default(8),
    })
    .prefault({}),
  metadata: z.strictObject({
    title: said("topic", "publishers"),
    description: said("topic", "publishers"),
    chapter: said("scene", "topic"),
    source: said("source", "publisher", "url"),
    most_tags: z.int().min(0).max(50),
  }),
});

export const episodeTemplate = parts.superRefine(({ format, planner }, context) => {
  if (format === "SHORT" && planner.duration_s > SHORT_S)
    context.addIssue({
      code: "custom",
      path: ["planner", "duration_s"],
      message: `a SHORT is at most ${SHORT_S} s; say so, or make the format LONG`,
    });
});
export type EpisodeTemplate = z.infer<typeof episodeTemplate>;
export type SceneTemplate = EpisodeTemplate["scenes"]["body"];

/** What a channel's own config may say in a template's place. */
export const templatePlanner = parts.shape.planner;
export const templateMetadata = parts.shape.metadata;
