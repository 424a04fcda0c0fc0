/** How many first bytes may name the encoding, as browsers look for it. */
const HEAD_BYTES = 4_096;

const BOMS: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xfe, 0xff], "utf-16be"],
  [[0xff, 0xfe], "utf-16le"],
];

/** What files begin with that are neither pages nor feeds. */
const MAGIC: readonly (readonly [string, string])[] = [
  ["%PDF-", "a PDF"],
  ["PK\u0003\u0004", "a ZIP archive or an office document"],
  ["\u001f\u008b", "compressed by gzip"],
  ["\u0089PNG", "a picture"],
  ["GIF8", "a picture"],
  ["\u00ff\u00d8\u00ff", "a picture"],
  ["\u007fELF", "a program"],
];

export type Decoded = { readonly text: string; readonly encoding: string } | { readonly refused: string };

/**
 * The text of a page or feed: by its byte order mark, else by what the header said, else by what the document says in its
 * first bytes; else it is UTF-8 where that fits, and windows-1252 where it doesn't, as browsers hold it.
 */
export function decode(bytes: Uint8Array, contentType: string | null): Decoded {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  const magic = MAGIC.find(([begins]) => head.startsWith(begins));
  if (magic !== undefined) return { refused: `It is ${magic[1]}, not text.` };
  if (bytes.length === 0) return { refused: "It is empty." };
  const bom = BOMS.find(([mark]) => mark.every((byte, i) => bytes[i] === byte));
  const named = bom?.[1] ?? charsetOf(contentType) ?? charsetInside(head);
  const decoder = (named === null ? null : decoderOf(named)) ?? guess(bytes);
  const text = decoder.decode(bytes);
  // UTF-16 without a mark, or no text at all.
  if (text.slice(0, HEAD_BYTES).split("\0").length > 8) return { refused: "It is binary, not text." };
  return { text, encoding: decoder.encoding };
}

function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? "")?.[1] ?? null;
}

function charsetInside(head: string): string | null {
  const xml = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/i.exec(head)?.[1];
  const meta = /<meta[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(head)?.[1];
  const found = xml ?? meta ?? null;
  // It could be read so far, so it can't be UTF-16, whatever it says.
  return found !== null && /^utf-?16/i.test(found) ? "utf-8" : found;
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}

function guess(bytes: Uint8Array): InstanceType<typeof TextDecoder> {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return new TextDecoder("utf-8");
  } catch {
    return new TextDecoder("windows-1252");
  }
}
