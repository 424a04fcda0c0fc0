import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PACINGS } from "../../../graph-schema/documents/scene.js";
import { ConfigError } from "../../config.js";

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

const SLOT = /\{([^{}]*)\}/g;

const line = (...allowed: readonly Slot[]) =>
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
const said = (...allowed: readonly Slot[]) => line(...allowed).min(1);

const sceneTemplate = (...slots: readonly Slot[]) =>
  z.strictObject({
    title: said(...slots),
    pacing: z.enum(PACINGS),
    /** Said before the claims; empty for nothing. Whole sentences, or a claim behind it would be a part of its own. */
    says: line(...slots).refine((value) => value === "" || /[.!?…]["”’)]*$/u.test(value), "must end like a sentence"),
  });

export const episodeTemplate = z.strictObject({
  template: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens"),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "a semantic version"),
  /** ISO 639-1: sources in another language are left out. */
  language: z.string().regex(/^[a-z]{2}$/, "two lower-case letters"),
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
  /** What the channel wants of its episodes, and over how many days and weeks QA looks back. */
  qa: z
    .strictObject({
      targets: z
        .strictObject({
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
export type EpisodeTemplate = z.infer<typeof episodeTemplate>;
export type SceneTemplate = EpisodeTemplate["scenes"]["body"];

/** Fills the slots in, once: braces in what is filled in stay what they are. */
export const fill = (template: string, values: Partial<Record<Slot, string>>, longest = 500): string =>
  short(
    template
      .replace(SLOT, (_, name: Slot) => values[name] ?? "")
      .replace(/\s+/gu, " ")
      // A name that ends with a point, such as "Inc.", at the end of a sentence.
      .replace(/(?<!\.)\.\.(?!\.)/gu, ".")
      .trim(),
    longest,
  );

export const short = (text: string, longest: number): string =>
  text.length <= longest
    ? text
    : `${text
        .slice(0, longest - 1)
        .replace(/[\uD800-\uDBFF]$/, "")
        .trimEnd()}…`;

/** Several things as a list: "A", "A and B", "A, B and C"; of many the first and how many more. */
export function listed(things: readonly string[], most = 3): string {
  const shown = things.length > most ? [...things.slice(0, most - 1), `${things.length - most + 1} more`] : things;
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(shown);
}

/** Reads a template; throws a ConfigError with everything that is wrong with it. */
export function readTemplate(text: string, name: string): EpisodeTemplate {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message.split("\n")[0]}`]);
  }
  const parsed = episodeTemplate.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${name}: ${path.join(".")}: ${message}`));
}

/** The build copies no YAML, so the built output finds it in the sources. */
const PLAIN = ["../templates/plain.yaml", "../../../../server/pipeline/templates/plain.yaml"].map((path) =>
  join(import.meta.dirname, path),
);

let plain: EpisodeTemplate | undefined;
/** The template of channels that have none. */
export const plainTemplate = (): EpisodeTemplate =>
  (plain ??= readTemplate(readFileSync(PLAIN.find((path) => existsSync(path)) ?? PLAIN[0]!, "utf8"), "plain.yaml"));

/** All that a template says, without its slots. */
export const templateText = ({ scenes, metadata }: EpisodeTemplate): string =>
  [scenes.opening, scenes.body, scenes.closing]
    .flatMap(({ title, says }) => [title, says])
    .concat(metadata.title)
    .join("\n")
    .replace(SLOT, " ");
