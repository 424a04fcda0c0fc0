import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { FOREVER } from "../../graph-schema/time.js";
import type { Caller } from "../commands/caller.js";
import { DomainError } from "../errors.js";
import type { Services } from "../services.js";
import { readHtml } from "./page.js";
import { MAX_PAGE_BYTES } from "./reader.js";
import { readingOfPage, type SourceReading } from "./reading.js";
import { asked } from "./readings.command.js";
import { readStandingSources } from "./readings.query.js";
import { writeReadings, type Row } from "./readings.js";
import { tooLong } from "./whole.js";

/** Most pages that are read of one folder, folders in it included; the others are told of. */
export const MAX_PAGES = 400;
/** As deep as folders are looked into. */
const MAX_DEPTH = 8;

export interface ImportedFolder {
  /** Public ids of the sources, in the order of their files. */
  readonly sourceIds: readonly string[];
  /** Pages that weren't taken, and why: a run is given them as `left_out`. */
  readonly refused: readonly { readonly what: string; readonly message: string }[];
}

/**
 * Imports every HTML page of a folder, in the order of their names. A page that names its own address is held under that; any
 * other under one that its content makes, below `.invalid`, where nothing can ever be: the same file is the same source,
 * and another file of the same name is another.
 */
export async function importPageFolder(
  services: Services,
  { caller, folder, reason }: { readonly caller: Caller; readonly folder: string; readonly reason: string },
): Promise<ImportedFolder> {
  const all = await pagesOf(folder);
  const files = all.slice(0, MAX_PAGES);
  const refused: { what: string; message: string }[] = [];
  const readings = new Map<string, SourceReading>();
  for (const file of files) {
    const read = await readFilePage(join(folder, file), file);
    if ("refused" in read) refused.push({ what: file, message: read.refused });
    else if (readings.has(read.key))
      refused.push({ what: file, message: "Another page of the folder has its address." });
    else readings.set(read.key, read);
  }
  if (all.length > files.length)
    refused.push({
      what: `${all.length - files.length} pages behind ${files.at(-1)}`,
      message: `The first ${MAX_PAGES} of the folder are read, by name; put the others into a folder of their own.`,
    });
  const rows: Row[] = [...readings.values()].map((read, i) => ({ line: i + 1, id: read.key.slice(0, 200), read }));
  const key = createHash("sha256")
    .update([...readings.values()].map(({ key: url, snapshot }) => `${url} ${snapshot?.sha256 ?? ""}`).join("\n"))
    .digest("hex");
  for await (const event of writeReadings(services, { caller, key, reason, dryRun: false }, rows))
    if (event.type === "refused")
      refused.push({ what: event.id ?? "", message: event.problems.map((one) => one.message).join(" ") });
  const standing = await services.graph.read({ tenantId: caller.tenantId }, readStandingSources, {
    rows: asked([...readings.values()]),
    forever: FOREVER,
  });
  return { sourceIds: standing.flatMap(({ id }) => (id === null ? [] : [`Source:${id}`])), refused };
}

/** Longest input of a run, in characters of JSON: an order of a run may have 20,000, and these are put into it as a text. */
const MAX_INPUT = 18_000;

/** What a run on this folder is started with; of many refused pages the first are told one by one. */
export function runInputOf({ sourceIds: source_ids, refused }: ImportedFolder): {
  source_ids: readonly string[];
  left_out: readonly { readonly what: string; readonly message: string }[];
} {
  let length = JSON.stringify(source_ids).length;
  const told = refused.filter((one) => (length += JSON.stringify(one).length + 1) <= MAX_INPUT);
  const rest = refused.length - told.length;
  const more = { what: `${rest} more`, message: "They were refused by the import as well." };
  return { source_ids, left_out: rest === 0 ? told : [...told, more] };
}

async function readFilePage(path: string, name: string): Promise<SourceReading | { refused: string }> {
  const { size } = await lstat(path);
  // Before a byte of it is read.
  if (size > MAX_PAGE_BYTES) return { refused: tooLong(MAX_PAGE_BYTES, "A page") };
  const bytes = await readFile(path);
  const page = await readHtml(bytes, null);
  if ("refused" in page) return page;
  const reading = readingOfPage(page.read, "file:///");
  if (!reading.key.startsWith("file:")) return reading;
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const address = new URL(`https://${digest}.invalid/`);
  address.pathname = name.split(sep).map(encodeURIComponent).join("/");
  const named = readingOfPage(page.read, address.href);
  return { ...named, publisher: page.read.kept.publisher ?? name };
}

/** Names of the HTML files below a folder. Links aren't followed: they may lead out of it. */
async function pagesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (place: string, depth: number): Promise<void> => {
    const entries = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      throw DomainError.badInput("pages", `The folder can't be read (${error.code ?? error.message}).`);
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(place, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await look(path, depth + 1);
      else if (entry.isFile() && /\.(?:x?html?)$/i.test(entry.name)) found.push(relative(folder, path));
    }
  };
  await look(folder, 0);
  return found;
}
