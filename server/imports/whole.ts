/** All bytes of a document that must be read as one, up to a bound; then the rest isn't even waited for. */
export async function whole(
  chunks: AsyncIterable<Uint8Array>,
  max: number,
  what: string,
): Promise<{ readonly bytes: Uint8Array } | { readonly refused: string }> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > max) return { refused: tooLong(max, what) };
    kept.push(chunk);
  }
  return { bytes: Buffer.concat(kept) };
}

export const tooLong = (max: number, what: string): string =>
  `${what} may have ${max / 1e6} MB; this one goes on beyond that and was cut off, and nothing of it is stored.`;
