import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError } from "../../config.js";
import { episodeTemplate, SLOT, type EpisodeTemplate, type Slot } from "../../domains/spec/episode-template.js";

export {
  episodeTemplate,
  type EpisodeTemplate,
  type SceneTemplate,
  type Slot,
} from "../../domains/spec/episode-template.js";

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

/** Several things as a list: "A", "A and B", "A, B and C"; of many the first and how many more, or what the rest is called. */
export function listed(
  things: readonly string[],
  most = 3,
  rest: (count: number) => string = (count) => `${count} more`,
): string {
  const shown = things.length > most ? [...things.slice(0, most - 1), rest(things.length - most + 1)] : things;
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(shown);
}

/** Publishers as an episode tells of them: without a count, since no quote says how many there are. */
export const publishersTold = (publishers: readonly string[]): string =>
  listed([...new Set(publishers)], 3, () => "others");

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
export const templateText = ({ scenes, metadata, cta }: EpisodeTemplate): string =>
  [scenes.opening, scenes.body, scenes.closing]
    .flatMap(({ title, says }) => [title, says])
    .concat(metadata.title, cta)
    .join("\n")
    .replace(SLOT, " ");
