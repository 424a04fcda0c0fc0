import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { countOf, dump, importDocument } from "../kit/import.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const FEED = "https://news.example/feed.xml";
const item = (n: number, more = "") =>
  `<item><title>Bridge ${n}</title><link>https://news.example/bridge/${n}</link><guid>bridge-${n}</guid>
  <pubDate>Sat, 20 Apr 2024 06:20:00 +0200</pubDate><description>&lt;p&gt;Bridge number ${n} was opened in Basel on 4 May 19${10 + (n % 90)}.&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;${more}</description></item>`;
const rss = (...items: string[]) =>
  `<rss version="2.0"><channel><title>Bridges daily</title><link>https://news.example/</link><managingEditor>ed@news.example (Ed Itor)</managingEditor>${items.join("")}</channel></rss>`;

describe("import feed", { timeout: 120_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const send = (t: TestTenant, feed: string, more: object = {}) => importDocument(api, t.id, "feed", feed, FEED, more);

  it("makes a source and an excerpt of every entry, and nothing the second time", async () => {
    const t = await newTenant();
    const feed = rss(item(1), item(2), item(3), "<item><title>Without a link</title></item>");
    const first = await send(t, feed);
    expect(first.last).toMatchObject({ type: "done", read: 4, created: 4, refused: 0 });
    const left = await dump(t.id);
    expect([countOf(left, "Source"), countOf(left, "Snapshot"), countOf(left, "Fact")]).toEqual([4, 3, 3]);
    expect(JSON.stringify(left)).not.toMatch(/<p>|<script|alert/);
    expect(left.nodes.filter((node) => node.startsWith("Snapshot")).every((node) => node.includes('"EXCERPT"'))).toBe(
      true,
    );
    const { data } = await api.ask(t.id, "{ sources { edges { node { title url publisher byline publishedAt } } } }");
    expect(data.sources.edges.map(({ node }: { node: object }) => node)).toContainEqual({
      title: "Bridge 1",
      url: "https://news.example/bridge/1",
      publisher: "Bridges daily",
      byline: "Ed Itor",
      publishedAt: "2024-04-20T04:20:00.000Z",
    });
    expect((await send(t, feed)).last).toMatchObject({ created: 0, updated: 0, skipped: 4, refused: 0 });
    expect(await dump(t.id)).toEqual(left);
    expect((await send(t, rss(item(2, " More is known now."), item(9)))).last).toMatchObject({
      created: 1,
      updated: 1,
    });
  });

  it("reads Atom and JSON Feed by the same door", async () => {
    const t = await newTenant();
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>One</title><id>urn:1</id><link href="/one"/><summary>Something of 1999 in Basel, they say.</summary></entry></feed>`;
    expect((await send(t, atom, { headers: { "content-type": "application/atom+xml" } })).last).toMatchObject({
      created: 1,
    });
    const json = JSON.stringify({
      version: "https://jsonfeed.org/version/1.1",
      title: "J",
      items: [{ id: "2", url: "https://news.example/two", title: "Two", content_html: "<b>Of 1999</b>" }],
    });
    expect((await send(t, json, { headers: { "content-type": "application/feed+json" } })).last).toMatchObject({
      created: 1,
    });
    const keys = (await dump(t.id)).nodes.filter((node) => node.startsWith("Source")).map((node) => node.split(" ")[1]);
    expect(keys.sort()).toEqual(["https://news.example/one", "https://news.example/two"]);
  });

  it("meets an entry twice in a feed as it would in two feeds, in a dry run too", async () => {
    const t = await newTenant();
    const feed = rss(item(1), item(1), item(2));
    expect((await send(t, feed, { dryRun: true })).last).toMatchObject({ created: 2, skipped: 1, dryRun: true });
    expect((await dump(t.id)).nodes).toEqual([]);
    expect((await send(t, feed)).last).toMatchObject({ created: 2, skipped: 1 });
  });

  it("is bounded, and explains it: entities, endless elements, no feed, and 100,000 entries", async () => {
    const t = await newTenant();
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${rss("<item><title>&b;</title><guid>x</guid></item>")}`;
    expect((await send(t, bomb)).last).toMatchObject({ created: 1 });
    expect(JSON.stringify(await dump(t.id))).not.toContain("aaaaaaaaaaaa");
    for (const [body, reason] of [
      [`<!DOCTYPE x [${'<!ENTITY e "x">'.repeat(30)}]>${rss()}`, /entities/],
      ["<rss><channel>" + "<a>".repeat(5_000), /nested|no feed/],
      ["<html><body>no feed</body></html>", /no feed/],
      [rss(`<item><title>${"x".repeat(21_000_000)}</title></item>`), /20 MB.*cut off/],
    ] as const) {
      const { last, events } = await send(t, body);
      expect(last, body.slice(0, 40)).toMatchObject({ read: 1, refused: 1 });
      expect(events.find(({ type }) => type === "refused")?.problems?.[0]?.message).toMatch(reason);
    }
    const many = rss(...Array.from({ length: 100_000 }, (_, i) => `<item><guid>g${i}</guid></item>`));
    const dry = await send(t, many, { dryRun: true });
    expect(dry.last).toMatchObject({ read: 100_000, created: 20_000, refused: 80_000 });
    expect(dry.events.find(({ type }) => type === "refused")?.problems?.[0]?.message).toMatch(
      /20,000 entries; the 80,000 from here on/,
    );
  });
});
