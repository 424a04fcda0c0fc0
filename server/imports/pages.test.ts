import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment } from "../../test/kit/env.js";
import { findQuote } from "../domains/fact/quote.js";
import { decode } from "./decode.js";
import { pageOf } from "./page.js";
import { readPage as readInThread } from "./reader.js";
import { readPage } from "./reader.worker.mjs";
import { placeOf, readingOfPage, type SourceReading } from "./reading.js";

const folder = join(environment.data, "html_articles");
const isThere = existsSync(folder);
// oxlint-disable-next-line no-console -- a skipped test says so
if (!isThere) console.warn(`SKIPPED: there is no ${folder}; set THROUGHLINE_DATA to test pages on real ones`);

const FIELDS = ["title", "byline", "excerpt", "siteName", "publishedTime"] as const;

describe.skipIf(!isThere)("pages as others write them", () => {
  const pages = (isThere ? readdirSync(folder) : [])
    .filter((name) => existsSync(join(folder, name, "source.html")))
    .map((name) => ({
      name,
      html: readFileSync(join(folder, name, "source.html"), "utf8"),
      expected: JSON.parse(readFileSync(join(folder, name, "expected-metadata.json"), "utf8")) as Record<
        string,
        unknown
      >,
    }));

  it("say title, byline, excerpt, site name and time as expected", () => {
    const misses: string[] = [];
    const counts = Object.fromEntries(FIELDS.map((field) => [field, { asExpected: 0, of: pages.length }]));
    for (const { name, html, expected } of pages) {
      const page = readPage({ html });
      for (const field of FIELDS) {
        if (page[field] === (expected[field] ?? null)) counts[field]!.asExpected += 1;
        else misses.push(`${name} ${field}: ${JSON.stringify(page[field])} for ${JSON.stringify(expected[field])}`);
      }
    }
    // oxlint-disable-next-line no-console -- the figures are what the test is for
    console.table(counts);
    expect(pages.length).toBeGreaterThan(10);
    expect(misses).toEqual([]);
  });

  it("become readings whose quotes stand in their text, and which say the same the second time", () => {
    for (const { name, html } of pages) {
      const reading = readingOfPage(readPage({ html }), `file:///pages/${name}/source.html`);
      expect(readingOfPage(readPage({ html }), `file:///pages/${name}/source.html`)).toEqual(reading);
      const { text, facts } = reading.snapshot!;
      expect(facts.length).toBeLessThanOrEqual(50);
      for (const { quote } of facts) {
        const at = findQuote(text, quote);
        expect(text.slice(at, at + quote.exact.length)).toBe(quote.exact);
      }
      expect(text).not.toMatch(/<(?:script|style|div|p|a|img)\b/i);
    }
    const wiki = readingOfPage(readPage({ html: pages.find(({ name }) => name === "wikipedia")!.html }), "file:///a");
    expect(wiki).toMatchObject({
      key: "https://en.wikipedia.org/wiki/Mozilla",
      title: "Mozilla - Wikipedia",
      independenceGroup: "wikipedia.org",
    });
    expect(wiki.snapshot!.facts).toHaveLength(50);
    expect(wiki.snapshot!.facts.map(({ statement }) => statement).join(" ")).toContain("1998");
  });
});

const read = async (
  html: string | Uint8Array,
  contentType = "text/html",
  readAt = "https://news.example/a",
): Promise<SourceReading> => {
  const reading = await pageOf(Buffer.from(html as string), { contentType, readAt });
  if ("refused" in reading) throw new Error(reading.refused);
  return reading;
};
const refusal = async (html: string | Uint8Array, contentType = "text/html") => {
  const reading = await pageOf(Buffer.from(html as string), { contentType, readAt: "https://news.example/a" });
  return "refused" in reading ? reading.refused : "(read)";
};

describe("a page", () => {
  it("is refused when it isn't one, and says what it is", async () => {
    expect(await refusal("")).toMatch(/empty/);
    expect(await refusal("Just words, 5 < 6.")).toMatch(/isn't HTML/);
    expect(await refusal("%PDF-1.7 …")).toMatch(/PDF/);
    expect(await refusal(Buffer.from([0x1f, 0x8b, 8, 0]))).toMatch(/gzip/);
    expect(await refusal(Buffer.alloc(5_000))).toMatch(/binary/);
    expect(await refusal("<rss version='2.0'><channel/></rss>")).toMatch(/import feed/);
    expect(await refusal("<html><body><script>draw()</script></body></html>")).toMatch(/no text/);
  });

  it("is read where the tags of head and body are left out, as HTML lets them be", async () => {
    const said = "The ferry carries 612 passengers. Its route was opened in 1964 by David MacBrayne.";
    for (const html of [
      `<html><title>Ferry timetable</title><body>${said}<br>More.</body></html>`,
      `<!doctype html><title>Ferry timetable</title><p>${said}`,
      `<head><title>Ferry timetable</title></head><body><p>${said}</p></body>`,
      `<html lang="en"><head><title>Ferry timetable</title></head>${said}<p>More.</p></html>`,
    ]) {
      const { title, snapshot } = await read(html);
      expect([title, snapshot!.text.startsWith(said)], html).toEqual(["Ferry timetable", true]);
    }
  });

  it("is cut off when reading it takes too long or nests too deep", async () => {
    expect(await refusal("<div>".repeat(5_000) + "x")).toMatch(/nested more than 512/);
    const tangled = `${"<div>".repeat(505)}${"<p>word, word, word and some more of it".repeat(2_000)}`;
    expect(await readInThread(tangled, 300)).toMatchObject({
      refused: expect.stringMatching(/longer than 0\.3 seconds/),
    });
  }, 60_000);

  it("keeps no markup, script, or mark that turns the direction of what follows", async () => {
    const reading = await read(
      `<html><head><title>&lt;img src=x onerror=alert(1)&gt; \u202Egnp.exe\u0000</title></head><body><article>
      <p onclick="steal()">The tower was built in 1999 by <a href="javascript:alert(1)">Anna Berg</a>.<script>alert(1)</script></p>
      <style>p{}</style><svg><script>alert(2)</script></svg><p>It \u202Eis 80 metres high, says\u0007 the \uD800office.</p></article></body></html>`,
    );
    const kept = JSON.stringify(reading);
    expect(kept).not.toMatch(/javascript:|alert\(2\)|steal|<script|<a |\\u0000|\\u0007|\u202E|\\ud800/);
    expect(reading.title).toBe("<img src=x onerror=alert(1)> gnp.exe");
    expect(reading.snapshot!.text).toContain("The tower was built in 1999 by Anna Berg.");
  });

  it("is decoded by mark, header, or its own word, in that order", () => {
    const text = (bytes: Uint8Array, type: string | null = null) => {
      const decoded = decode(bytes, type);
      return "refused" in decoded ? decoded.refused : `${decoded.encoding} ${decoded.text}`;
    };
    const latin = Buffer.from("caf\u00e9", "latin1");
    expect(text(Buffer.from("café"))).toBe("utf-8 café");
    expect(text(latin)).toBe("windows-1252 café");
    expect(text(latin, "text/html; charset=iso-8859-1")).toBe("windows-1252 café");
    expect(text(Buffer.from("\uFEFFcafé"), "text/html; charset=latin1")).toBe("utf-8 café");
    expect(text(Buffer.from("\uFEFF<p>é", "utf16le"))).toBe("utf-16le <p>é");
    const koi = Buffer.concat([Buffer.from('<meta charset="koi8-r">'), Buffer.from([0xd4, 0xc5, 0xd3, 0xd4])]);
    expect(text(koi)).toBe('koi8-r <meta charset="koi8-r">тест');
    expect(
      text(Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-2"?>'), Buffer.from([0xb1])])),
    ).toContain("ą");
    expect(text(Buffer.from('<meta charset="utf-16">x'))).toContain("utf-8");
    expect(text(Buffer.from("x"), "text/html; charset=no-such-thing")).toBe("utf-8 x");
  });

  it("belongs where it was read, and speaks for no other owner's address", () => {
    const at = (readAt: string, canonical: string | null) => placeOf(readAt, canonical, "A title").url;
    expect(at("https://news.example/a?utm_source=x#top", null)).toBe("https://news.example/a");
    expect(at("https://m.news.example/a", "https://www.news.example/a")).toBe("https://www.news.example/a");
    expect(at("https://evil.example/a", "https://who.int/report")).toBe("https://evil.example/a");
    expect(at("https://news.example/a", "javascript:alert(1)")).toBe("https://news.example/a");
    expect(at("https://news.example/b/c", "../a")).toBe("https://news.example/a");
    expect(at("file:///tmp/a.html", "https://who.int/report")).toBe("https://who.int/report");
    expect(at("file:///tmp/a.html", null)).toBe("file:///tmp/a.html");
  });

  it("of a wiki's old revision is one of that page's snapshots", () => {
    const title = "DayZ (video game) - Wikipedia";
    const page = { url: "https://en.wikipedia.org/wiki/DayZ_(video_game)", revision: "745654512" };
    const base = "https://en.wikipedia.org/w/index.php";
    expect(placeOf(`${base}?title=DayZ_(video_game)&oldid=745654512`, null, title)).toEqual(page);
    expect(placeOf(`${base}?oldid=745654512`, page.url, title)).toEqual(page);
    expect(placeOf(`${base}?oldid=745654512`, null, title)).toEqual(page);
  });

  it("over 2 MB of text is cut, and says so", async () => {
    const long = `<html><body><article>${`<p>${"Some words of a very long page, of 1999. ".repeat(500)}</p>`.repeat(110)}</article></body></html>`;
    const { snapshot } = await read(long);
    expect(snapshot).toMatchObject({ cut: true, kind: "FULL" });
    expect(snapshot!.bytes).toBeLessThanOrEqual(2_000_000);
  }, 60_000);
});
