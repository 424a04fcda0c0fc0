import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { errno } from "../graph/embedded/problem.js";
import { CliError } from "./exit.js";

/** A run of whole lines, small enough for one upload. `end` is the first byte that isn't in it. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** Number of its first line within the file, from 1. */
  readonly firstLine: number;
}

export interface RowFile {
  readonly sha256: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly parts: readonly Part[];
}

/** How rows are written in a file, and what it is called. */
export const ROW_FORMATS = { jsonl: "JSON Lines", csv: "CSV" } as const;
export type RowFormat = keyof typeof ROW_FORMATS;

/** Well below the 100 MB that the server takes. */
export const PART_BYTES = 48e6;

const CHUNK = 1 << 20;
/** Rows that may be broken at the head of a file before we say that it isn't JSON Lines at all. */
const HEAD_LINES = 20;
const LF = 10;

/**
 * Reads a file of rows once, in constant memory: its hash, where to cut it, and whether it is such a file at all.
 * Throws a CliError that says what it is instead. A broken row among good ones is the server's to refuse.
 */
export async function readRowFile(
  path: string,
  partBytes: number = PART_BYTES,
  format: RowFormat = "jsonl",
): Promise<RowFile> {
  const info = await stat(path).catch((error: unknown) => {
    throw new CliError(
      errno(error) === "ENOENT"
        ? `There is no file ${path}.`
        : `${path} can't be read (${errno(error) ?? String(error)}).`,
    );
  });
  if (info.isDirectory()) throw new CliError(`${path} is a folder; name one file of ${ROW_FORMATS[format]}.`);
  if (!info.isFile())
    throw new CliError(`${path} isn't a plain file, and it has to be read twice; save it to a file first.`);
  const file = await open(path, "r").catch((error: unknown) => {
    throw new CliError(`${path} can't be opened (${errno(error) ?? String(error)}); check its permissions.`);
  });
  try {
    const hash = createHash("sha256");
    const cuts = new Cuts(partBytes);
    const head = new Head(path, format);
    const buffer = Buffer.alloc(CHUNK);
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      head.take(chunk);
      hash.update(chunk);
      cuts.take(chunk, position);
      position += bytesRead;
    }
    head.finish();
    return { sha256: hash.digest("hex"), size: info.size, modifiedMs: info.mtimeMs, parts: cuts.finish(path) };
  } finally {
    await file.close();
  }
}

/** Where to cut: at the last line end that still fits. */
class Cuts {
  readonly #parts: Part[] = [];
  #start = 0;
  #firstLine = 1;
  #lines = 0;
  #lineEnd = 0;
  #linesAtEnd = 0;
  #size = 0;
  #tooLong: number | undefined;

  constructor(readonly partBytes: number) {}

  take(chunk: Buffer, position: number): void {
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) this.#line(position + at + 1);
    this.#size = position + chunk.length;
  }

  finish(path: string): readonly Part[] {
    if (this.#size > this.#lineEnd) this.#line(this.#size);
    if (this.#lineEnd > this.#start) this.#cut();
    if (this.#tooLong !== undefined)
      throw new CliError(
        `Line ${this.#tooLong} of ${path} alone is longer than ${this.partBytes / 1e6} MB; take it out and import the rest.`,
      );
    return this.#parts;
  }

  #line(end: number): void {
    if (end - this.#start > this.partBytes && this.#lineEnd > this.#start) this.#cut();
    if (end - this.#start > this.partBytes) this.#tooLong ??= this.#lines + 1;
    this.#lines += 1;
    this.#lineEnd = end;
    this.#linesAtEnd = this.#lines;
  }

  #cut(): void {
    this.#parts.push({ start: this.#start, end: this.#lineEnd, firstLine: this.#firstLine });
    this.#start = this.#lineEnd;
    this.#firstLine = this.#linesAtEnd + 1;
  }
}

/** What a file is, judged by its first lines. */
class Head {
  #bytes = 0;
  #text = "";
  #full = false;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  constructor(
    readonly path: string,
    readonly format: RowFormat,
  ) {}

  take(chunk: Buffer): void {
    if (this.#bytes === 0) this.#magic(chunk);
    this.#bytes += chunk.length;
    if (this.#full) return;
    if (chunk.includes(0))
      throw new CliError(`${this.path} is a binary file; ${ROW_FORMATS[this.format]} in UTF-8 is expected.`);
    try {
      this.#text += this.#decoder.decode(chunk, { stream: true });
    } catch {
      throw new CliError(`${this.path} isn't text in UTF-8; convert it first (such as \`iconv -t utf-8\`).`);
    }
    if (this.#text.split("\n", HEAD_LINES + 2).length > HEAD_LINES || this.#text.length > 64 * CHUNK) this.finish();
  }

  finish(): void {
    if (this.#full) return;
    this.#full = true;
    const lines = this.#text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .slice(0, HEAD_LINES);
    this.#text = "";
    const [first] = lines;
    if (first === undefined) throw new CliError(`${this.path} is empty; there is nothing to import.`);
    // What a table has to have is in its first line, and the server's to say.
    if (this.format === "csv") return;
    // The last lines of an array that runs over several may well be objects by themselves.
    const openArray = first.startsWith("[") && parse(first) === undefined;
    if (!openArray && lines.some((line) => isObject(parse(line)))) return;
    if (first.startsWith("[")) {
      throw new CliError(
        `${this.path} is one JSON array; one object per line is expected (such as \`jq -c '.[]' FILE > rows.jsonl\`).`,
      );
    }
    if (first.startsWith("{") && lines.length > 1) {
      throw new CliError(
        `${this.path} has JSON that runs over several lines; one object per line is expected (such as \`jq -c . FILE > rows.jsonl\`).`,
      );
    }
    throw new CliError(`${this.path} isn't JSON Lines: none of its first ${lines.length} lines is a JSON object.`);
  }

  #magic(chunk: Buffer): void {
    if (chunk[0] === 0x1f && chunk[1] === 0x8b)
      throw new CliError(`${this.path} is compressed by gzip; unpack it first (\`gunzip\`).`);
    if (chunk.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004")))
      throw new CliError(`${this.path} is a ZIP archive; unpack it first.`);
    if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)) {
      throw new CliError(`${this.path} is text in UTF-16; convert it to UTF-8 first (\`iconv -f utf-16 -t utf-8\`).`);
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
