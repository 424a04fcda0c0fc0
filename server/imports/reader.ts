import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ReadFeed, ReadPage } from "./reader.worker.mjs";

/** Most bytes of a page's HTML; the longest articles there are have some 3 MB. */
export const MAX_PAGE_BYTES = 10_000_000;
/** Most bytes of a feed. */
export const MAX_FEED_BYTES = 20_000_000;
/** Most entries of a feed that are taken. */
export const MAX_FEED_ENTRIES = 20_000;

/** Longest time that reading one document may take. */
const TIMEOUT_MS = 60_000;
const MEMORY_MB = 768;
/** Documents that are read at once; others wait in line. */
const AT_ONCE = 2;

export type Reading<T> = { readonly read: T } | { readonly refused: string };

/** The same file from source and from the build: plain JavaScript isn't built. */
const WORKER = join(projectFolder(dirname(fileURLToPath(import.meta.url))), "server", "imports", "reader.worker.mjs");

function projectFolder(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("no package.json above this file");
  return projectFolder(parent);
}

/** What a page says. Never throws for what the page is: that is a refusal, in words for whoever sent it. */
export const readPage = (html: string, timeoutMs?: number): Promise<Reading<ReadPage>> =>
  inThread({ reader: "page", html }, timeoutMs);

export const readFeed = (text: string, timeoutMs?: number): Promise<Reading<ReadFeed>> =>
  inThread({ reader: "feed", text, maxEntries: MAX_FEED_ENTRIES }, timeoutMs);

let running = 0;
const waiting: (() => void)[] = [];

async function inThread<T>(workerData: object, timeoutMs: number = TIMEOUT_MS): Promise<Reading<T>> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await once<T>(workerData, timeoutMs);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** A thread for each document: what one did to it, no other meets. */
function once<T>(workerData: object, timeoutMs: number): Promise<Reading<T>> {
  const worker = new Worker(WORKER, { workerData, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
  return new Promise<Reading<T>>((resolve) => {
    const timer = setTimeout(
      () =>
        resolve({ refused: `Reading it takes longer than ${timeoutMs / 1_000} seconds; its markup is too tangled.` }),
      timeoutMs,
    );
    worker.once("message", (message: Reading<T>) => resolve(message));
    // Out of memory, or out of stack: what the document asked for, not a fault of ours.
    worker.once("error", () => resolve({ refused: "Reading it takes more memory than one document may have." }));
    worker.once("exit", () => {
      clearTimeout(timer);
      resolve({ refused: "It can't be read." });
    });
  }).finally(() => worker.terminate());
}
