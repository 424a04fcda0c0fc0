import { createHash } from "node:crypto";

/** A W3C TextQuoteSelector: the words, and what stands before and after them. */
export interface Quote {
  readonly prefix: string;
  readonly exact: string;
  readonly suffix: string;
}

/** Where the quote stands in the text; -1 when it doesn't. Each position is tried, so that prefix and suffix tell twins apart. */
export function findQuote(text: string, quote: Quote): number {
  for (let at = text.indexOf(quote.exact); at !== -1; at = text.indexOf(quote.exact, at + 1)) {
    if (text.slice(0, at).endsWith(quote.prefix) && text.startsWith(quote.suffix, at + quote.exact.length)) return at;
  }
  return -1;
}

/** A fact's natural key: its snapshot and its selector. */
export function factKey(snapshotKey: string, quote: Quote): string {
  const selector = createHash("sha256")
    .update(JSON.stringify([quote.prefix, quote.exact, quote.suffix]))
    .digest("hex");
  return `${createHash("sha256").update(snapshotKey).digest("hex")} ${selector}`;
}
