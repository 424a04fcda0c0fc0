import { parentPort, workerData } from "node:worker_threads";
import { readFeed } from "./feed-reader.mjs";
import { readPage } from "./page-reader.mjs";

/*
 * Reads what strangers wrote: pages and feeds. It runs in a thread of its own (reader.ts), because no rule of ours bounds what
 * a page can cost; time and memory of the thread do. Plain JavaScript, so that the same files start from source and from the
 * build. Everything it answers is text: no markup leaves it.
 */

export { readFeed, readPage };
export { plain, tidy } from "./plain-text.mjs";

const READERS = { page: readPage, feed: readFeed };

if (parentPort !== null && workerData?.reader !== undefined) {
  try {
    parentPort.postMessage({ read: READERS[workerData.reader](workerData) });
  } catch (error) {
    parentPort.postMessage({
      refused:
        error.refused === true
          ? error.message
          : "It can't be read: its markup is broken beyond what a browser would mend.",
    });
  }
}
