import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import { tokensOf } from "../../trace/words.js";
import { publisherOf } from "./scenes.js";
import type { Script } from "./stage-documents.js";
import { fill, listed, short, type EpisodeTemplate } from "./template.js";

/** What a platform is told of an episode: chapters by the scenes' lengths, tags from the names in its claims, and every source. */
export function metadataOf(
  episode: EpisodeDocument,
  research: Research,
  { metadata }: EpisodeTemplate,
): NonNullable<Script["metadata"]> {
  const used = new Set(episode.scenes.flatMap(({ claims }) => claims.flatMap(({ source_refs }) => source_refs)));
  const sources = research.sources.filter(({ ref }) => used.has(ref));
  const slots = { topic: research.topic.title, publishers: listed([...new Set(sources.map(publisherOf))]) };
  let at = 0;
  const chapters = episode.scenes.map(({ title, duration_s }) => {
    const chapter = { at_s: Math.round(at * 10) / 10, title: fill(metadata.chapter, { ...slots, scene: title }) };
    at += duration_s;
    return chapter;
  });
  return {
    title: episode.title,
    description: fill(metadata.description, slots, 5_000),
    tags: tagsOf(episode, research.topic.title, metadata.most_tags),
    chapters,
    sources: sources.map((source) =>
      fill(metadata.source, { source: source.title, publisher: publisherOf(source), url: source.url }, 3_000),
    ),
  };
}

/** The topic, and the names that its claims say most often; of equals the first said. */
function tagsOf({ scenes }: EpisodeDocument, topic: string, most: number): string[] {
  const counts = new Map<string, number>();
  for (const { text } of scenes.flatMap(({ claims }) => claims)) {
    let name: string[] = [];
    const end = () => {
      if (name.length > 0) counts.set(name.join(" "), (counts.get(name.join(" ")) ?? 0) + 1);
      name = [];
    };
    for (const token of tokensOf(text)) {
      if (token.kind === "word" && token.name && /^\p{Lu}/u.test(token.text)) name.push(token.text);
      else end();
    }
    end();
  }
  const names = [...counts].filter(([name]) => name.length > 2).sort((a, b) => b[1] - a[1]);
  return [...new Set([topic, ...names.map(([name]) => name)].map((tag) => short(tag, 100)))].slice(0, most);
}
