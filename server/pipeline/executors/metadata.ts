import type { EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import { namesIn } from "./names.js";
import { publisherOf } from "./scenes.js";
import type { Script } from "./stage-documents.js";
import { fill, publishersTold, short, type EpisodeTemplate } from "./template.js";

/** What a platform is told of an episode: chapters by the scenes' lengths, tags from the names in its claims, and every source. */
export function metadataOf(
  episode: EpisodeDocument,
  research: Research,
  { metadata }: EpisodeTemplate,
): NonNullable<Script["metadata"]> {
  const used = new Set(episode.scenes.flatMap(({ claims }) => claims.flatMap(({ source_refs }) => source_refs)));
  const sources = research.sources.filter(({ ref }) => used.has(ref));
  const slots = { topic: research.topic.title, publishers: publishersTold(sources.map(publisherOf)) };
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

/** The topic, and what its claims name. */
const tagsOf = ({ scenes }: EpisodeDocument, topic: string, most: number): string[] => {
  const names = namesIn(scenes.flatMap(({ claims }) => claims.map(({ text }) => text)));
  return [...new Set([topic, ...names].map((tag) => short(tag, 100)))].slice(0, most);
};
