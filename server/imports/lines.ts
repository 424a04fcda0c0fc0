/** Longest line that is read, in bytes; a longer one is told and passed over. */
export const MAX_LINE_BYTES = 256_000;

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null when the line is no UTF-8 or longer than MAX_LINE_BYTES. */
  readonly text: string | null;
  readonly problem: string | null;
}

const NEWLINE = 0x0a;

/** The lines of a byte stream, without their ends and without empty ones, in memory of one line and one chunk. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let kept: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const finish = (): Line | null => {
    number++;
    const bytes = kept.length === 1 ? kept[0]! : Buffer.concat(kept);
    const tooLong = length > MAX_LINE_BYTES;
    kept = [];
    length = 0;
    if (tooLong) return { number, text: null, problem: `The line is longer than ${MAX_LINE_BYTES} bytes.` };
    try {
      const text = utf8.decode(bytes).trim();
      return text === "" ? null : { number, text, problem: null };
    } catch {
      return { number, text: null, problem: "The line is no UTF-8." };
    }
  };
  const keep = (part: Uint8Array) => {
    length += part.length;
    // What is too long is only measured.
    if (length <= MAX_LINE_BYTES) kept.push(part);
    else kept = [];
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line !== null) yield line;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  const last = length > 0 ? finish() : null;
  if (last !== null) yield last;
}
