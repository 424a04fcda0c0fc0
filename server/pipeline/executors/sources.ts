import { parseNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { searchQuery, toLuceneAny } from "../../graph/search.js";
import { snapshotTextsQuery } from "../../reads/node/snapshot-text.query.js";
import { tokensOf } from "../../trace/words.js";
import { sourcesOfFacts, sourcesWithSnapshots, type HeldSource } from "./evidence.query.js";
import { isMisread, languageName, languageOf } from "./languages.js";
import { statementsOf, type Statement } from "./statements.js";

/** What a research didn't use, and why, in words for people. */
export interface LeftOut {
  /** An address, or the name of a file that isn't held. */
  readonly what: string;
  readonly code:
    | "PAGE_REFUSED"
    | "TOO_MUCH"
    | "RETRACTED"
    | "DEAD"
    | "NOT_HELD"
    | "NO_TEXT"
    | "ENCODING"
    | "LANGUAGE"
    | "NO_FACTS";
  readonly message: string;
}

/** A source that can be quoted, with what it says. */
export interface ReadSource extends HeldSource {
  readonly snapshotId: string;
  readonly snapshotKey: string;
  readonly sha256: string;
  readonly text: string;
  readonly statements: readonly Statement[];
}

export interface SourcesRead {
  readonly sources: readonly ReadSource[];
  readonly leftOut: readonly LeftOut[];
}

/** Most sources that one research reads. */
export const MOST_SOURCES = 40;
/** Characters that one research reads. */
const MOST_TEXT = 40_000_000;
/** Matches of a search that are looked at. */
const MOST_MATCHES = 200;

/** The words of a text that it can be searched by. */
export const searchWords = (text: string): string[] => [
  ...new Set(tokensOf(text).flatMap(({ kind, empty, lower }) => (kind === "mark" || empty ? [] : [lower]))),
];

/** Sources of the studio that speak of these words, by their titles and by the facts that were quoted from them; the best first. */
export async function findSources(reader: Reader, words: readonly string[]): Promise<string[]> {
  const lucene = toLuceneAny(reader.tenantId, words, ["Source", "Fact"]);
  if (lucene === null) return [];
  const wanted = {
    lucene,
    phrase: words.join(" "),
    asOf: FOREVER - 1,
    skip: 0,
    first: MOST_MATCHES,
    most: MOST_MATCHES,
  };
  const [found] = await reader.run(searchQuery, wanted);
  const nodes = found?.nodes ?? [];
  const ids = (label: string) => nodes.flatMap((node) => (node.label === label ? [node.ulid] : []));
  const counted = new Map<string, number>(ids("Source").map((id) => [id, 3]));
  for (const { id, facts } of await reader.run(sourcesOfFacts, { ids: ids("Fact") }))
    counted.set(id, (counted.get(id) ?? 0) + facts);
  return [...counted]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_SOURCES)
    .map(([id]) => id);
}

/** Reads sources by public id, and says of each that can't be used why not. */
export async function readSources(
  reader: Reader,
  publicIds: readonly string[],
  language: string,
): Promise<SourcesRead> {
  const ids = [...new Set(publicIds.map((id) => parseNodeId(id)?.id ?? id))];
  const held = await reader.run(sourcesWithSnapshots, { ids });
  const known = new Set(held.map(({ id }) => id));
  const leftOut: LeftOut[] = ids
    .filter((id) => !known.has(id))
    .map((id) => ({
      what: `Source:${id}`,
      code: "NOT_HELD",
      message: "There is no such source; import its page first.",
    }));
  const sources: ReadSource[] = [];
  let length = 0;
  // By address, so that the same pages read alike whatever ids they have.
  for (const source of held.toSorted((a, b) => (a.url < b.url ? -1 : 1))) {
    if (length > MOST_TEXT) {
      leftOut.push({
        what: source.url,
        code: "TOO_MUCH",
        message: "The research has read enough; name fewer sources.",
      });
      continue;
    }
    const read = await readOne(reader, source, language);
    if ("code" in read) leftOut.push(read);
    else {
      sources.push(read);
      length += read.text.length;
    }
  }
  return { sources, leftOut };
}

async function readOne(reader: Reader, source: HeldSource, language: string): Promise<ReadSource | LeftOut> {
  const { url, status, snapshotId, snapshotKey, sha256 } = source;
  const refused = (code: LeftOut["code"], message: string): LeftOut => ({ what: url, code, message });
  if (status === "RETRACTED") return refused("RETRACTED", "It was retracted; what stood on it needs another source.");
  if (status === "DEAD") return refused("DEAD", "Its address is dead; find where it moved to, or another source.");
  if (snapshotId === null || snapshotKey === null || sha256 === null)
    return refused("NO_TEXT", "Nothing of its text is held; import the page.");
  const [body] = await reader.run(snapshotTextsQuery, { ids: [snapshotId] });
  const text = body?.text ?? "";
  if (!/\p{L}/u.test(text)) return refused("NO_TEXT", "There are no words in its text.");
  if (isMisread(text))
    return refused("ENCODING", "It was read in another encoding than it was written in; import it with its charset.");
  const found = languageOf(text);
  if (found !== null && found !== language)
    return refused("LANGUAGE", `It reads as ${languageName(found)}; the channel tells in ${languageName(language)}.`);
  const statements = statementsOf(sha256, text);
  if (statements.length === 0)
    return refused("NO_FACTS", "No sentence of it stands by itself with a number, a date or a name in it.");
  return { ...source, snapshotId, snapshotKey, sha256, text, statements };
}
