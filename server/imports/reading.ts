import { createHash } from "node:crypto";
import { snapshotKey, snapshotText, snapshotTitle } from "../domains/snapshot/snapshot-text.js";
import { independenceGroupOf, normalizeUrl } from "../domains/source/source-url.js";
import { factKey } from "../domains/fact/quote.js";
import { wikiPage } from "./claim-row.js";
import { factsOf, MAX_FACTS, type QuotedFact } from "../domains/fact/facts-of-text.js";
import type { ReadEntry, ReadFeed, ReadPage } from "./reader.worker.mjs";

/** What was read at one source, with all that the graph calls it by, computed before the database is asked anything. */
export interface SourceReading {
  /** The source's natural key, and its address. */
  readonly key: string;
  readonly title: string;
  readonly publisher: string | null;
  readonly byline: string | null;
  readonly excerpt: string | null;
  readonly publishedAt: number | null;
  readonly independenceGroup: string;
  /** Null when nothing of its text is known. */
  readonly snapshot: ReadSnapshot | null;
}

export interface ReadSnapshot {
  readonly key: string;
  readonly title: string;
  readonly url: string;
  readonly revision: string | null;
  readonly kind: "FULL" | "EXCERPT";
  readonly mediaType: string;
  readonly text: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly cut: boolean;
  readonly facts: readonly (QuotedFact & { readonly key: string })[];
}

/** One line of at most `max` characters out of a text that the reader has tidied; null when there is none. */
const line = (value: string | null, max: number): string | null => {
  const text = (value ?? "").replace(/\s+/gu, " ").trim();
  if (text === "") return null;
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
};

const sha256 = (value: string): string => createHash("sha256").update(value).digest("hex");

/** An http address out of what a stranger wrote; null when it is none. */
export function webAddress(value: string | null, base?: string): string | null {
  if (value === null) return null;
  try {
    const url = new URL(value, base !== undefined && /^https?:/.test(base) ? base : undefined);
    const isWeb = url.protocol === "http:" || url.protocol === "https:";
    return isWeb && url.href.length <= 2_000 && url.hostname !== "" ? url.href : null;
  } catch {
    return null;
  }
}

/** One document's place: the address of the source, and which revision of it this is. */
export interface Place {
  readonly url: string;
  readonly revision: string | null;
}

/**
 * Where a page belongs. The address that a page gives as its own counts when the page came from that owner, or when nobody
 * said where it came from; a page from elsewhere can't speak for another site.
 */
export function placeOf(readAt: string, canonical: string | null, title: string): Place {
  const own = webAddress(canonical, readAt);
  if (!/^https?:/.test(readAt)) return own === null ? { url: readAt, revision: null } : wikiOr(own, own, title);
  const url = own !== null && independenceGroupOf(own) === independenceGroupOf(readAt) ? own : readAt;
  return wikiOr(readAt, url, title);
}

function wikiOr(readAt: string, url: string, title: string): Place {
  const revision = new URL(readAt).searchParams.get("oldid");
  if (revision === null) return { url: normalizeUrl(url), revision: null };
  // A wiki's address of an old revision: the source is the page, by its own address or by its title.
  const given = new URL(readAt);
  if (!new URL(url).searchParams.has("oldid")) return { url: normalizeUrl(url), revision };
  const name = given.searchParams.get("title")?.replaceAll("_", " ") ?? title.replace(/ [-–—] [^-–—]*$/u, "");
  return { url: wikiPage(given, name), revision };
}

/** A page as it was read at an address: a web address, or the name of a file. */
export function readingOfPage(page: ReadPage, readAt: string): SourceReading {
  const { kept } = page;
  const title = kept.title ?? line(page.text, 100) ?? readAt;
  const place = placeOf(readAt, page.canonical, title);
  return {
    key: place.url,
    title,
    publisher: kept.publisher ?? hostOf(place.url),
    byline: kept.byline,
    excerpt: kept.excerpt,
    publishedAt: page.publishedAt,
    independenceGroup: groupOf(place.url),
    snapshot: snapshotOf({ place, title, readAt, text: page.text, kind: "FULL" }),
  };
}

/** An entry of a feed, read at the feed's address. */
export function readingOfEntry(entry: ReadEntry, feed: ReadFeed, readAt: string): SourceReading | { refused: string } {
  if (entry.problem !== null) return { refused: entry.problem };
  const base = webAddress(feed.link, readAt) ?? readAt;
  const link = webAddress(entry.link, base) ?? (/^https?:/i.test(entry.id ?? "") ? webAddress(entry.id) : null);
  const name = entry.id ?? entry.title ?? (entry.text === "" ? null : sha256(entry.text));
  if (link === null && name === null) return { refused: "The entry has no link, id, title or text to be known by." };
  // Without an address of its own it is a part of its feed.
  const place =
    link === null
      ? { url: `${withoutHash(readAt)}#entry=${encodeURIComponent(name!)}`, revision: null }
      : placeOf(link, null, entry.title ?? "");
  const title = entry.title ?? line(entry.text, 100) ?? place.url;
  return {
    key: place.url,
    title,
    publisher: line(feed.title, 300) ?? hostOf(place.url),
    byline: entry.author ?? feed.author,
    excerpt: line(entry.text, 500),
    publishedAt: entry.publishedAt,
    independenceGroup: groupOf(place.url),
    snapshot:
      entry.text === ""
        ? null
        : snapshotOf({ place, title, readAt, text: entry.text, kind: "EXCERPT", cut: entry.cut }),
  };
}

interface Read {
  readonly place: Place;
  readonly title: string;
  readonly readAt: string;
  readonly text: string;
  readonly kind: "FULL" | "EXCERPT";
  readonly cut?: boolean;
}

function snapshotOf({ place, title, readAt, text, kind, cut = false }: Read): ReadSnapshot | null {
  if (text === "") return null;
  const body = snapshotText(text);
  const key = snapshotKey(place.url, place.revision, body.sha256);
  return {
    key,
    title: snapshotTitle(title, place.revision),
    url: readAt,
    revision: place.revision,
    kind,
    mediaType: "text/plain",
    text: body.text,
    sha256: body.sha256,
    bytes: body.bytes,
    cut: body.cut || cut,
    facts: factsOf(body.text, MAX_FACTS[kind]).map((fact) => ({ ...fact, key: factKey(key, fact.quote) })),
  };
}

const withoutHash = (address: string): string => address.replace(/#.*$/s, "");
const hostOf = (address: string): string | null => line(new URL(address).hostname, 300);
const groupOf = (address: string): string => independenceGroupOf(address) || address;
