import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment } from "../../test/kit/env.js";
import { expectationsOf, expectedOf, saidBy, type Fixture } from "../../test/kit/feed-expectations.js";
import { rowsOf } from "./feed.js";
import { readFeed, type ReadFeed } from "./reader.worker.mjs";

const file = join(environment.data, "feeds_fixtures", "feeds_open.jsonl");
const isThere = existsSync(file);
// oxlint-disable-next-line no-console -- a skipped test says so
if (!isThere) console.warn(`SKIPPED: there is no ${file}; set THROUGHLINE_DATA to test feeds on real ones`);

/** What of the fixtures isn't read as they expect, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "atom10/entry_content_and_summary.xml": "an entry with both is quoted by its content, the fuller text",
  "rss/item_description_and_summary.xml": "an item with both is quoted by its description",
  "base/feed_link_xml_base_iri.xml": "a feed's link to itself isn't where it leads",
  "base/http_channel_link_base_content_location.xml": "the base is a header of HTTP that isn't part of the file",
  "base/http_feed_link_base_content_location.xml": "the base is a header of HTTP that isn't part of the file",
  "http/headers_content_location-relative.xml": "the base is a header of HTTP that isn't part of the file",
  "namespace/rss2.0NSwithModulesNoDefNSLocalNameClash.xml": "an extension's element has a name of RSS itself",
  "sanitize/item_content_encoded_script_nested_cdata.xml":
    "what is expected is a remainder of markup, and we keep text",
  "sanitize/style_font_family_lucida_console_.xml": "what is expected loses text that harms nobody",
};

/** Tags that are text: the title is “History of the <blink> tag”, and a <code> says <br />. */
const ABOUT_MARKUP = /inline_markup_2|base64_2|item_description_code_br/;
const MARKUP = /<\/?[a-z!][^>]*>|javascript:|\bon[a-z]+\s*=/i;

const read = (text: string): ReadFeed | { refused: string } => {
  try {
    return readFeed({ text, maxEntries: 1_000 });
  } catch (error) {
    expect(error).toMatchObject({ refused: true });
    return { refused: (error as Error).message };
  }
};

describe.skipIf(!isThere)("feeds as others write them", () => {
  const fixtures = isThere
    ? readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Fixture)
    : [];
  const feeds = fixtures.map((fixture) => ({ fixture, feed: read(fixture.content) }));

  it("are read without a crash, and what is refused is no feed", () => {
    expect(fixtures.length).toBeGreaterThan(400);
    const refused = feeds.flatMap(({ fixture, feed }) =>
      "refused" in feed ? [`${fixture.path}: ${feed.refused}`] : [],
    );
    // oxlint-disable-next-line no-console -- the figures are what the test is for
    console.log(
      `feeds: ${fixtures.length - refused.length} of ${fixtures.length} read; refused: ${refused.join("; ")}`,
    );
    expect(refused.length / fixtures.length).toBeLessThan(0.01);
    expect(refused.filter((line) => !/illformed/.test(line))).toEqual([]);
  });

  it("say what they are expected to, where our model has the field", () => {
    const counts = new Map<string, { asExpected: number; of: number }>();
    const misses: string[] = [];
    for (const { fixture, feed } of feeds) {
      for (const expectation of expectationsOf(fixture)) {
        const name = `${expectation.entry === -1 ? "feed" : "entry"} ${expectation.field}`;
        const count = counts.get(name) ?? { asExpected: 0, of: 0 };
        counts.set(name, count);
        count.of += 1;
        const said = "refused" in feed ? "(refused)" : saidBy(feed, expectation);
        if (said === expectedOf(expectation)) count.asExpected += 1;
        else misses.push(fixture.path.replace(/^tests\/(?:wellformed\/)?/, ""));
      }
    }
    // oxlint-disable-next-line no-console -- the figures are what the test is for
    console.table(Object.fromEntries(counts));
    const all = [...counts.values()];
    const sum = (pick: (count: (typeof all)[number]) => number) => all.reduce((total, count) => total + pick(count), 0);
    expect(sum(({ of }) => of)).toBeGreaterThan(fixtures.length / 3);
    expect(sum(({ asExpected }) => asExpected) / sum(({ of }) => of)).toBeGreaterThan(0.97);
    // Of this part every miss has its reason; of another part of the collection the share above must hold.
    const unexplained = misses.filter((path) => fixtures.length === 1_324 && !(path in OTHERWISE));
    expect(unexplained).toEqual([]);
  });

  it("leave nothing but text, whatever they try", () => {
    const left = feeds.flatMap(({ fixture, feed }) => {
      if ("refused" in feed || ABOUT_MARKUP.test(fixture.path)) return [];
      const rows = [...rowsOf(feed, "https://feeds.example/feed.xml")];
      const kept = [feed.title, feed.author, ...rows.map(({ read: reading }) => JSON.stringify(reading))];
      return kept.filter((text) => MARKUP.test(text ?? "")).map((text) => `${fixture.path}: ${text}`);
    });
    expect(left).toEqual([]);
  });
});
