import type { Services } from "../services.js";
import type { ImportEvent } from "./claims.js";
import { decode } from "./decode.js";
import type { DocumentRequest } from "./page.js";
import { readingOfEntry } from "./reading.js";
import { MAX_FEED_BYTES, MAX_FEED_ENTRIES, readFeed } from "./reader.js";
import type { ReadFeed } from "./reader.worker.mjs";
import { writeReadings, type Row } from "./readings.js";
import { whole } from "./whole.js";

/** Imports a feed: RSS, Atom or JSON Feed. A source per entry, and an excerpt of what the feed has of its text. */
export async function* importFeed(services: Services, request: DocumentRequest): AsyncGenerator<ImportEvent> {
  const bytes = await whole(request.chunks, MAX_FEED_BYTES, "A feed");
  const feed = "refused" in bytes ? bytes : await feedOf(bytes.bytes, request.contentType);
  const id = request.readAt.slice(0, 200);
  if ("refused" in feed) yield* writeReadings(services, request, [{ line: 1, id, read: feed }]);
  else yield* writeReadings(services, request, rowsOf(feed.read, request.readAt));
}

export async function feedOf(
  bytes: Uint8Array,
  contentType: string | null,
): Promise<{ readonly read: ReadFeed } | { readonly refused: string }> {
  const decoded = decode(bytes, contentType);
  if ("refused" in decoded) return decoded;
  // Entities that a document declares are never resolved; one that declares many means harm, and says nothing readable.
  if ((decoded.text.match(/<!ENTITY\s/gi)?.length ?? 0) > 20)
    return { refused: "It declares more than 20 entities of its own; those are never resolved, so it can't be read." };
  return readFeed(decoded.text);
}

/** Entries as rows; those beyond the bound are one refusal that counts them all. */
export function* rowsOf(feed: ReadFeed, readAt: string): Generator<Row> {
  let line = 0;
  for (const entry of feed.entries) {
    line++;
    yield {
      line,
      id: (entry.id ?? entry.link ?? entry.title)?.slice(0, 200) ?? null,
      read: readingOfEntry(entry, feed, readAt),
    };
  }
  const beyond = feed.total - feed.entries.length;
  if (beyond > 0) {
    const refused = `A feed may have ${MAX_FEED_ENTRIES.toLocaleString("en")} entries; the ${beyond.toLocaleString("en")} from here on were left out. Split it.`;
    yield { line: line + 1, id: null, read: { refused }, count: beyond };
  }
}
