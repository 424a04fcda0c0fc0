import { setTimeout as sleep } from "node:timers/promises";
import type { Reader } from "../commands/judge.js";
import { readDocuments } from "../domains/run/record.service.js";

/** Documents that are kept at hand. */
const MOST_DOCUMENTS = 100;
/** How often one that a run names is looked for, and the pause between. */
const MOST_LOOKS = 20;
const LOOK_AGAIN_MS = 50;

/**
 * The documents of runs by their hash, the newest kept at hand. A transaction that is just being committed shows its nodes a moment
 * before its indexes find them: what a run names and isn't found is looked for again, and never taken for missing from then on.
 */
export class Documents {
  readonly #kept = new Map<string, unknown>();

  constructor(private readonly reader: Reader) {}

  async read(hashes: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map(this.#kept);
    for (let look = 0; look < MOST_LOOKS; look++) {
      const wanted = hashes.filter((hash) => !found.has(hash));
      if (wanted.length === 0) break;
      if (look > 0) await sleep(LOOK_AGAIN_MS);
      for (const [hash, document] of await readDocuments(this.reader, wanted)) {
        found.set(hash, document);
        this.#kept.set(hash, document);
      }
    }
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MOST_DOCUMENTS) break;
      this.#kept.delete(oldest);
    }
    return found;
  }
}
