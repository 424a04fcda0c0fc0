import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { once } from "node:events";
import { basename, join } from "node:path";

export interface RefusedRow {
  readonly line: number;
  readonly id: string | null;
  readonly row: string;
  readonly problems: readonly unknown[];
}

/** Keeps the rows that an import refused, with the reasons, as JSON Lines. The file is made at the first such row. */
export class RefusedRows {
  readonly #path: string;
  #stream: WriteStream | undefined;
  count = 0;

  constructor(
    readonly folder: string,
    source: string,
    sha256: string,
  ) {
    this.#path = join(folder, `${basename(source)}-${sha256.slice(0, 12)}-${process.pid}.jsonl`);
  }

  async add(row: RefusedRow): Promise<void> {
    if (this.#stream === undefined) {
      await mkdir(this.folder, { recursive: true });
      this.#stream = createWriteStream(this.#path, { mode: 0o600 });
      await once(this.#stream, "open");
    }
    this.count += 1;
    if (!this.#stream.write(`${JSON.stringify(row)}\n`)) await once(this.#stream, "drain");
  }

  /** Where they are, if there were any. */
  async close(): Promise<string | undefined> {
    const stream = this.#stream;
    if (stream === undefined) return undefined;
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject);
      stream.end(resolve);
    });
    return this.#path;
  }
}
