/** What a page says of itself, as it stood, and its article's text. */
export interface ReadPage {
  /** The same as it may be stored: a line each, bounded, without marks that harm. */
  readonly kept: Readonly<Record<"title" | "byline" | "excerpt" | "publisher", string | null>>;
  readonly title: string | null;
  readonly byline: string | null;
  readonly excerpt: string | null;
  readonly siteName: string | null;
  readonly publishedTime: string | null;
  /** The same as an instant, epoch milliseconds, or what else of the page tells it. */
  readonly publishedAt: number | null;
  /** The address that the page gives as its own, perhaps relative. */
  readonly canonical: string | null;
  readonly text: string;
  /** Whether an article was found; else `text` is all that the page shows. */
  readonly article: boolean;
}

export interface ReadEntry {
  readonly title: string | null;
  readonly link: string | null;
  readonly id: string | null;
  readonly author: string | null;
  readonly publishedAt: number | null;
  /** Empty when the entry has none. */
  readonly text: string;
  readonly cut: boolean;
  /** Why it couldn't be read. */
  readonly problem: string | null;
}

export interface ReadFeed {
  readonly title: string | null;
  readonly link: string | null;
  readonly author: string | null;
  /** Entries of the feed; `entries` has the first `maxEntries` of them. */
  readonly total: number;
  readonly entries: readonly ReadEntry[];
}

export function readPage(given: { readonly html: string }): ReadPage;
export function readFeed(given: { readonly text: string; readonly maxEntries: number }): ReadFeed;
/** Text as it may be stored. */
export function tidy(text: string): string;
/** Anything that may be markup, as text. */
export function plain(value: string | null): string;
