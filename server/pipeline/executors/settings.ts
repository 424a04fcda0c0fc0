import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { idOf } from "../../../graph-schema/documents/parts.js";
import { ConfigError } from "../../config.js";
import type { SecretsProvider } from "../../secrets/secrets.js";
import type { Executor } from "../executor.js";
import type { Installation } from "../office.js";
import { ffmpegFinder, type LookForFfmpeg } from "../ffmpeg.js";
import { byChannel, type TemplateOf } from "./by-channel.js";
import { embeddedExecutors } from "./embedded.js";
import { houseWith } from "./house.js";
import { ProviderChain } from "./models/chain.js";
import { Models } from "./models/checked-answer.js";
import { modelExecutors } from "./models/model-executors.js";
import { modelSettings } from "./models/settings.js";
import { episodeTemplate, plainTemplate } from "./template.js";

/** How this installation's executors work: one file, named by THROUGHLINE_EXECUTORS. Each part may be left out. */
export const executorSettings = z
  .strictObject({
    /** Templates by name; `plain` stands in for the one that comes with this version. */
    templates: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens"), episodeTemplate)
      .default({}),
    /** Which channel tells by which template; others by `plain`. */
    channels: z.record(idOf("Channel"), z.string()).default({}),
    models: modelSettings.nullable().default(null),
  })
  .superRefine(({ templates, channels }, context) => {
    for (const [channel, name] of Object.entries(channels))
      if (name !== "plain" && !Object.hasOwn(templates, name))
        context.addIssue({ code: "custom", path: ["channels", channel], message: `there is no template ${name}` });
  });
export type ExecutorSettings = z.infer<typeof executorSettings>;

/** Reads the settings; throws a ConfigError with everything that is wrong with them. */
export function readExecutorSettings(text: string, name: string): ExecutorSettings {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message.split("\n")[0]}`]);
  }
  const parsed = executorSettings.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => `${name}: ${path.join(".") || "the whole"}: ${message}`),
  );
}

/** The executors that settings ask for: the embedded ones, and models in place of some. */
export function createExecutors(
  { templates, channels, models }: ExecutorSettings,
  secrets: SecretsProvider,
  ffmpeg: LookForFfmpeg = ffmpegFinder(null),
): readonly Executor[] {
  const templateOf = templatesOf({ templates, channels });
  const embedded = embeddedExecutors(templateOf, ffmpeg);
  if (models === null) return embedded;
  const asked = new Models(new ProviderChain(models, secrets));
  return byChannel((bound) => modelExecutors(models.stages, embedded, asked, bound), templateOf);
}

const templatesOf =
  ({ templates, channels }: Pick<ExecutorSettings, "templates" | "channels">): TemplateOf =>
  (channelId) =>
    templates[channels[channelId] ?? "plain"] ?? plainTemplate();

/** What settings bring for a channel whose config says nothing else. */
export const houseOfSettings = (settings: ExecutorSettings): NonNullable<Installation["houseOf"]> => {
  const templateOf = templatesOf(settings);
  return (channelId) => houseWith(templateOf(channelId ?? ""), settings.models?.stages ?? []);
};

/** The executors of an installation whose settings stand in this file; null where there is none. */
export function openExecutors(
  file: string | null,
  secrets: SecretsProvider,
  ffmpeg?: LookForFfmpeg,
): { readonly executors: readonly Executor[]; readonly houseOf: NonNullable<Installation["houseOf"]> } | null {
  if (file === null) return null;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError([`THROUGHLINE_EXECUTORS: ${file} can't be read (${(error as NodeJS.ErrnoException).code})`]);
  }
  const settings = readExecutorSettings(text, "THROUGHLINE_EXECUTORS");
  return { executors: createExecutors(settings, secrets, ffmpeg), houseOf: houseOfSettings(settings) };
}
