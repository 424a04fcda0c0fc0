import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "../config.js";
import { errno } from "../graph/embedded/problem.js";
import { fetchDocument, type Fetched } from "../imports/fetch.js";
import { MAX_FEED_BYTES, MAX_PAGE_BYTES } from "../imports/reader.js";
import { tooLong } from "../imports/whole.js";
import { CliError } from "./exit.js";

/** One document that is sent whole. */
export interface Document {
  /** A file that holds it; a fetched one is kept in a folder of its own until `dispose`. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly contentType: string;
  /** Where it was read. */
  readonly url: string;
  readonly dispose: () => Promise<void>;
}

export const DOCUMENTS = {
  page: {
    what: "A page",
    maxBytes: MAX_PAGE_BYTES,
    takes: ["text/html", "application/xhtml+xml"],
    typeOf: (name: string) => (/\.xht(?:ml)?$/i.test(name) ? "application/xhtml+xml" : "text/html"),
  },
  feed: {
    what: "A feed",
    maxBytes: MAX_FEED_BYTES,
    takes: [
      "application/rss+xml",
      "application/atom+xml",
      "application/rdf+xml",
      "application/feed+json",
      "application/json",
      "application/xml",
      "text/xml",
    ],
    typeOf: (name: string) => (extname(name).toLowerCase() === ".json" ? "application/feed+json" : "application/xml"),
  },
} as const;
export type DocumentKind = keyof typeof DOCUMENTS;

/** Reads what the argument names, a web address or a file. Throws a CliError that says why there is nothing to import. */
export function readDocument(kind: DocumentKind, given: string, config: Config, url?: string): Promise<Document> {
  return /^https?:\/\//i.test(given) ? download(kind, given, config) : ofFile(kind, resolve(given), url);
}

async function ofFile(kind: DocumentKind, path: string, url: string | undefined): Promise<Document> {
  const { what, maxBytes, typeOf } = DOCUMENTS[kind];
  const info = await stat(path).catch((error: unknown) => {
    throw new CliError(
      errno(error) === "ENOENT"
        ? `There is no file ${path}.`
        : `${path} can't be read (${errno(error) ?? String(error)}).`,
    );
  });
  if (!info.isFile()) throw new CliError(`${path} isn't a plain file; name one ${kind}, or its address.`);
  if (info.size > maxBytes) throw new CliError(`${path}: ${tooLong(maxBytes, what)}`);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CliError(`${path} can't be opened (${errno(error) ?? String(error)}); check its permissions.`);
  });
  if (bytes.length === 0) throw new CliError(`${path} is empty; there is nothing to import.`);
  return {
    path,
    sha256: sha256(bytes),
    size: bytes.length,
    contentType: typeOf(basename(path)),
    url: url ?? pathToFileURL(path).href,
    dispose: async () => {},
  };
}

async function download(kind: DocumentKind, address: string, config: Config): Promise<Document> {
  const { what, maxBytes, takes } = DOCUMENTS[kind];
  // Feeds are served as anything; what isn't one is refused by what it says.
  const lenient = kind === "feed" ? [...takes, "text/html", "text/plain", "application/octet-stream"] : takes;
  const reach = { networks: config.importNetworks, httpsOnly: false };
  const fetched = await fetchDocument(address, { reach, maxBytes, what, takes: lenient });
  if ("refused" in fetched) throw new CliError(`${address} wasn't imported: ${fetched.refused}`);
  const folder = await mkdtemp(join(tmpdir(), "throughline-import-"));
  const path = join(folder, kind);
  await writeFile(path, fetched.bytes, { mode: 0o600 });
  return {
    path,
    sha256: sha256(fetched.bytes),
    size: fetched.bytes.length,
    contentType: sentType(kind, fetched),
    url: fetched.url,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** As it came, but a feed that came as something else by what it begins with; its encoding is kept. */
function sentType(kind: DocumentKind, { contentType, bytes }: Fetched): string {
  const { takes, typeOf } = DOCUMENTS[kind];
  const [type = "", ...rest] = (contentType ?? typeOf("")).split(";");
  if ((takes as readonly string[]).includes(type.trim().toLowerCase())) return contentType ?? typeOf("");
  const isJson = /^[\s\uFEFF]*[{[]/.test(Buffer.from(bytes.subarray(0, 100)).toString("utf8"));
  return [isJson ? "application/feed+json" : "application/xml", ...rest].join(";");
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
