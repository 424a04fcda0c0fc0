import type { ReadFeed } from "../../server/imports/reader.worker.mjs";
import { plain } from "../../server/imports/reader.worker.mjs";

/*
 * What the fixtures expect of a feed is written in another language, over another library's model. It is never run: what is
 * a plain comparison of a field that our model has is read; the rest is counted as not ours.
 */

export interface Fixture {
  readonly path: string;
  readonly expect: string;
  readonly content: string;
}

export interface Expectation {
  readonly field: "title" | "link" | "author" | "published" | "text";
  /** -1 is the feed itself. */
  readonly entry: number;
  readonly value: string;
  /** Of several names the first. */
  readonly first: boolean;
}

const FIELDS: Readonly<Record<string, Expectation["field"]>> = {
  title: "title",
  "title_detail.value": "title",
  link: "link",
  "links.0.href": "link",
  author: "author",
  "author_detail.name": "author",
  "authors.0.name": "author",
  published_parsed: "published",
  description: "text",
  summary: "text",
  "summary_detail.value": "text",
  "content.0.value": "text",
};

const STRING = String.raw`u?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`;
const CLAUSE = new RegExp(
  String.raw`(entries\[(\d+)\]|feed)((?:\[(?:u?'\w+'|\d+)\]|\.\w+)+)\s*==\s*(?:${STRING}(?!\s*[+%])|\((\d+(?:, ?\d+){8})\))`,
  "g",
);

const unescape = (literal: string): string =>
  literal.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/gs,
    (_all, hex?: string, unicode?: string, other?: string) =>
      hex !== undefined || unicode !== undefined
        ? String.fromCharCode(Number.parseInt((hex ?? unicode)!, 16))
        : ({ n: "\n", t: "\t", r: "\r" }[other!] ?? other!),
  );

/** What a fixture expects of fields that our model has; empty when none. */
export function expectationsOf({ expect }: Fixture): Expectation[] {
  return [...expect.matchAll(CLAUSE)].flatMap(([, , entry, path, single, double, tuple]) => {
    const name = [...path!.matchAll(/\w+/g)]
      .map(([word]) => word)
      .filter((word) => word !== "u")
      .join(".");
    const field = FIELDS[name];
    if (field === undefined || (field === "text" && entry === undefined)) return [];
    if ((field === "published") !== (tuple !== undefined)) return [];
    if (field === "published" && entry === undefined) return [];
    const first = name === "authors.0.name";
    return [
      {
        field,
        first,
        entry: entry === undefined ? -1 : Number(entry),
        value: tuple ?? unescape(single ?? double ?? ""),
      },
    ];
  });
}

const squeeze = (text: string | null): string => (text ?? "").replace(/\s+/gu, " ").trim();

/** What our reading says in the same words: text for markup, the day and time for a tuple of numbers. */
export function saidBy(feed: ReadFeed, { field, entry, first }: Expectation): string {
  const of = entry === -1 ? { ...feed, text: "", publishedAt: null } : feed.entries[entry];
  if (of === undefined) return "(no such entry)";
  if (field === "published") return of.publishedAt === null ? "" : new Date(of.publishedAt).toISOString().slice(0, 19);
  // Where the fixtures were served.
  if (field === "link") return of.link === null ? "" : new URL(of.link, "http://127.0.0.1:8097/").href;
  if (field === "author" && first) return squeeze(of.author?.split(", ")[0] ?? null);
  return squeeze(of[field]);
}

export function expectedOf({ field, value }: Expectation): string {
  if (field === "link") return new URL(value.trim(), "http://127.0.0.1:8097/").href;
  // A name is kept without the address that came with it.
  if (field === "author") return squeeze(value.replace(/\s*\(\S+@\S+\)$/, ""));
  if (field !== "published") return squeeze(plain(value));
  const [year, month, day, hour, minute, second] = value.split(",").map(Number);
  return new Date(Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)).toISOString().slice(0, 19);
}
