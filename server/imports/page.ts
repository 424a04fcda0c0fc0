import type { Services } from "../services.js";
import type { ImportEvent, ImportRequest } from "./claims.js";
import { decode } from "./decode.js";
import { readingOfPage, type SourceReading } from "./reading.js";
import { MAX_PAGE_BYTES, readPage } from "./reader.js";
import type { ReadPage } from "./reader.worker.mjs";
import { writeReadings } from "./readings.js";
import { whole } from "./whole.js";

export interface DocumentRequest extends ImportRequest {
  /** Where it was read: a web address, or a file's name as a `file:` address. Nothing is fetched from it. */
  readonly readAt: string;
  /** The media type and encoding that came with it. */
  readonly contentType: string | null;
}

/** Imports one page: a source, a snapshot of its article's text, and facts quoted from that. */
export async function* importPage(services: Services, request: DocumentRequest): AsyncGenerator<ImportEvent> {
  const bytes = await whole(request.chunks, MAX_PAGE_BYTES, "A page");
  const read = "refused" in bytes ? bytes : await pageOf(bytes.bytes, request);
  yield* writeReadings(services, request, [{ line: 1, id: request.readAt.slice(0, 200), read }]);
}

/** What a page says, or why it says nothing. */
export async function pageOf(
  bytes: Uint8Array,
  { contentType, readAt }: Pick<DocumentRequest, "contentType" | "readAt">,
): Promise<SourceReading | { refused: string }> {
  const page = await readHtml(bytes, contentType);
  return "refused" in page ? page : readingOfPage(page.read, readAt);
}

/** The page itself, wherever it was read. */
export async function readHtml(
  bytes: Uint8Array,
  contentType: string | null,
): Promise<{ read: ReadPage } | { refused: string }> {
  const decoded = decode(bytes, contentType);
  if ("refused" in decoded) return decoded;
  if (!/<(?:!doctype|[a-z][a-z0-9]*)[\s/>]/i.test(decoded.text))
    return { refused: "It isn't HTML: there is no element in it." };
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:rss|feed|rdf:RDF)[\s>]/i.test(decoded.text))
    return { refused: "It is a feed, not a page; import it with `import feed`." };
  const page = await readPage(decoded.text);
  if ("refused" in page) return page;
  if (page.read.text === "")
    return { refused: "It shows no text; a page that is drawn by its scripts must be saved by a browser first." };
  return page;
}
