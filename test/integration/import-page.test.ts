import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { countOf, dump, importDocument } from "../kit/import.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const URL_OF_PAGE = "https://news.example/bridge?utm_source=feed";
const KEY_OF_PAGE = "https://news.example/bridge";

const page = (...sentences: string[]) => `<!doctype html><html><head><title>The bridge of Basel</title>
<meta name="author" content="Anna Berg"><meta property="og:site_name" content="News"><meta name="description" content="All about a bridge.">
<meta property="article:published_time" content="2024-04-20T06:20:00+02:00"></head>
<body><nav>Home</nav><article>${sentences.map((sentence) => `<p>${sentence}</p>`).join("\n")}</article></body></html>`;

const OPENED = "The bridge was opened on 4 May 1932 by the mayor of Basel.";
const SPANS = "It has 53 spans, more than any other bridge of Switzerland.";
const SPANS_LATER = "It has 12 arches, fewer than many others in Europe today.";
const LENGTH = "Its length is 1,201 metres, measured from bank to bank in 1999.";

const factByQuote = defineQuery({
  name: "testFactByQuote",
  mode: "read",
  scope: "tenant",
  params: params<{ exact: string }>(),
  cypher: `MATCH (f:Fact {tenantId: $tenantId, quoteExact: $exact}) RETURN f.id AS id`,
  row: z.object({ id: z.string() }),
});

/** What of the tenant's evidence the page shows. */
const EVIDENCE = `{ claims { edges { node { id title status recheckReason recheckSince
  evidence { basis stance fact { quote { prefix exact suffix } snapshot { kind text revision } } } } } } }`;

const PAST_STATUSES = "query ($asOf: DateTime) { claims(asOf: $asOf) { edges { node { status } } } }";

interface Claim {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly recheckReason: string | null;
  readonly evidence: readonly {
    readonly basis: string;
    readonly fact: {
      readonly quote: { readonly prefix: string; readonly exact: string; readonly suffix: string };
      readonly snapshot: { readonly text: string };
    };
  }[];
}
interface Edges<T> {
  readonly edges: readonly { readonly node: T }[];
}
const nodesOf = <T>({ edges }: Edges<T>): T[] => edges.map(({ node }) => node);

describe("import page", { timeout: 240_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const send = (t: TestTenant, html: string, more: object = {}) =>
    importDocument(api, t.id, "page", html, URL_OF_PAGE, more);

  /** States a claim and links the fact of the newest snapshot that quotes these words. */
  async function claimOn(t: TestTenant, text: string, exact: string): Promise<string> {
    const [fact] = await testGraph().read(t.scope, factByQuote, { exact });
    const head = (operationId: string) => ({ operationId: `test/${operationId}/${t.id}`, reason: "a test" });
    const stated = await api.services.execute(stateClaim, t.caller("editor"), {
      ...head(text.slice(0, 60).replace(/\W/g, "-")),
      text,
    });
    if (!stated.ok) throw new Error(JSON.stringify(stated.problems));
    const { claimId } = stated.result;
    const linked = await api.services.execute(linkEvidence, t.caller("editor"), {
      ...head(claimId),
      claimId,
      factId: `Fact:${fact!.id}`,
      stance: "SUPPORTS",
    });
    expect(linked).toMatchObject({ ok: true });
    return claimId;
  }

  /** Somebody has looked: the claim stands. */
  async function settle(t: TestTenant, claimId: string): Promise<void> {
    const input = { claimId, status: "STATED", reason: "a test", operationId: `test/settle/${t.id}` };
    expect(await api.services.execute(setClaimStatus, t.caller("editor"), input)).toMatchObject({ ok: true });
  }

  it("makes a source, a whole snapshot and quoted facts of a page, and nothing the second time", async () => {
    const t = await newTenant();
    const html = page(OPENED, SPANS, LENGTH);
    const first = await send(t, html);
    expect(first.last).toEqual({
      type: "done",
      read: 1,
      created: 1,
      updated: 0,
      skipped: 0,
      refused: 0,
      dryRun: false,
    });
    const { data } = await api.ask(
      t.id,
      "{ sources { edges { node { title url publisher byline excerpt publishedAt tier status independenceGroup } } } }",
    );
    expect(data.sources.edges).toEqual([
      {
        node: {
          title: "The bridge of Basel",
          url: KEY_OF_PAGE,
          publisher: "News",
          byline: "Anna Berg",
          excerpt: "All about a bridge.",
          publishedAt: "2024-04-20T04:20:00.000Z",
          tier: 3,
          status: "ACTIVE",
          independenceGroup: "news.example",
        },
      },
    ]);
    const left = await dump(t.id);
    expect([countOf(left, "Source"), countOf(left, "Snapshot"), countOf(left, "Fact")]).toEqual([1, 1, 3]);
    expect(left.nodes.filter((node) => node.startsWith("Snapshot")).join()).toContain('"FULL"');
    expect((await send(t, html)).last).toMatchObject({ created: 0, updated: 0, skipped: 1, refused: 0 });
    expect(await dump(t.id)).toEqual(left);
    expect((await dump(t.twinId)).nodes).toEqual([]);
  });

  it("tells in a dry run what it would do, and does nothing", async () => {
    const t = await newTenant();
    const dry = await send(t, page(OPENED), { dryRun: true });
    expect(dry.last).toMatchObject({ created: 1, dryRun: true });
    expect(dry.events.find(({ type }) => type === "change")?.detail).toMatch(
      /The bridge of Basel.*a new source; a snapshot of \d+ bytes with 1 facts/,
    );
    expect((await dump(t.id)).nodes).toEqual([]);
    await send(t, page(OPENED));
    const again = await send(t, page(OPENED, SPANS), { dryRun: true });
    expect(again.last).toMatchObject({ created: 0, updated: 1 });
  });

  it("keeps two revisions as two snapshots of one source, and tells which claims stand and which need a recheck", async () => {
    const t = await newTenant();
    await send(t, page(OPENED, SPANS, LENGTH));
    await claimOn(t, "The bridge of Basel was opened in 1932.", OPENED);
    await claimOn(t, "The bridge has more spans than any other.", SPANS);
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await send(t, page("A new beginning stands before it all, of 2026.", OPENED, SPANS_LATER, LENGTH));
    expect(second.last).toMatchObject({ created: 0, updated: 1, skipped: 0 });
    const left = await dump(t.id);
    expect([countOf(left, "Source"), countOf(left, "Snapshot")]).toEqual([1, 2]);
    const { data } = await api.ask(t.id, EVIDENCE);
    const claims = nodesOf(data.claims as Edges<Claim>);
    const opened = claims.find(({ title }) => title.includes("opened"))!;
    const spans = claims.find(({ title }) => title.includes("spans"))!;
    expect(opened).toMatchObject({ status: "STATED", recheckReason: null });
    expect(opened.evidence.map(({ basis }) => basis).sort()).toEqual(["PERSON", "QUOTE"]);
    const carried = opened.evidence.find(({ basis }) => basis === "QUOTE")!.fact;
    expect(carried.quote.exact).toBe(OPENED);
    expect(carried.snapshot.text).toContain(`${carried.quote.prefix}${OPENED}${carried.quote.suffix}`);
    expect(carried.snapshot.text).toContain("of 2026");
    expect(spans).toMatchObject({
      status: "NEEDS_RECHECK",
      recheckReason: expect.stringMatching(/quote is gone from “The bridge of Basel”.*support dropped/),
    });
    expect(spans.evidence).toHaveLength(1);
    // As it was: the past isn't touched.
    const past = await api.ask(t.id, PAST_STATUSES, { asOf: new Date(before).toISOString() });
    expect(nodesOf(past.data.claims as Edges<Claim>).map(({ status }) => status)).toEqual(["STATED", "STATED"]);
    // The same again says nothing twice; a third revision carries on from the second.
    expect(
      (await send(t, page("A new beginning stands before it all, of 2026.", OPENED, SPANS_LATER, LENGTH))).last,
    ).toMatchObject({ skipped: 1 });
    await send(t, page(OPENED, "Something else is told of the year 2027 now.", LENGTH));
    const third = nodesOf((await api.ask(t.id, EVIDENCE)).data.claims as Edges<Claim>);
    expect(third.find(({ title }) => title.includes("opened"))!.evidence).toHaveLength(2);
    expect(third.find(({ title }) => title.includes("spans"))!.recheckReason).toBe(spans.recheckReason);
  });

  it("takes a page that reads as it did before for news, every time: what was said only in between needs a recheck", async () => {
    const t = await newTenant();
    const [first, between] = [page(OPENED, SPANS, LENGTH), page(OPENED, SPANS_LATER, LENGTH)];
    const claims = async () => nodesOf((await api.ask(t.id, EVIDENCE)).data.claims as Edges<Claim>);
    const called = async (word: string) => (await claims()).find(({ title }) => title.includes(word))!;
    const captures = async () => (await dump(t.id)).edges.filter(({ type }) => type === "CAPTURED_FROM");
    await send(t, first);
    await claimOn(t, "The bridge of Basel was opened in 1932.", OPENED);
    await claimOn(t, "The bridge has more spans than any other.", SPANS);
    await send(t, between);
    await claimOn(t, "The bridge has 12 arches.", SPANS_LATER);
    expect(await called("arches")).toMatchObject({ status: "STATED", recheckReason: null });
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));

    const dry = await send(t, first, { dryRun: true });
    expect(dry.last).toMatchObject({ created: 0, updated: 1, skipped: 0 });
    expect(dry.events.find(({ type }) => type === "change")?.detail).toContain("the text that it had before, again");
    expect((await send(t, first)).last).toMatchObject({ created: 0, updated: 1, skipped: 0 });
    const arches = await called("arches");
    expect(arches).toMatchObject({
      status: "NEEDS_RECHECK",
      recheckReason: expect.stringMatching(/^Its quote is gone from “The bridge of Basel”, and its support dropped/),
    });
    // What stands in both stands on the present text again; that a quote is back, a person has to see.
    const opened = await called("opened");
    expect(opened).toMatchObject({ status: "STATED", recheckReason: null });
    expect(opened.evidence.every(({ fact }) => fact.snapshot.text.includes(SPANS))).toBe(true);
    expect(await called("spans")).toMatchObject({ status: "NEEDS_RECHECK" });
    // Two snapshots, of which the first was captured twice; at each instant the source has one edge from each.
    const left = await dump(t.id);
    expect([countOf(left, "Source"), countOf(left, "Snapshot")]).toEqual([1, 2]);
    expect((await captures()).map(({ open, forward }) => [open, forward]).sort()).toEqual([
      [false, true],
      [true, true],
      [true, true],
    ]);
    const past = await api.ask(t.id, PAST_STATUSES, { asOf: new Date(before).toISOString() });
    expect(nodesOf(past.data.claims as Edges<Claim>).filter(({ status }) => status === "STATED")).toHaveLength(2);

    // The same again is nothing new; the other text again is, though each of these texts was imported before.
    expect((await send(t, first)).last).toMatchObject({ updated: 0, skipped: 1 });
    expect(await dump(t.id)).toEqual(left);
    await settle(t, arches.id);
    for (const [html, status] of [
      [between, "STATED"],
      [first, "NEEDS_RECHECK"],
    ] as const) {
      expect((await send(t, html)).last).toMatchObject({ updated: 1, skipped: 0 });
      expect((await send(t, html)).last).toMatchObject({ updated: 0, skipped: 1 });
      expect((await called("arches")).status).toBe(status);
    }
    expect(await captures()).toHaveLength(5);
  });

  it("never takes a revision that is named, or an excerpt, for a page's return", async () => {
    const t = await newTenant();
    const at = (oldid: number) => `https://en.wikipedia.org/w/index.php?title=Bridge&oldid=${oldid}`;
    for (const oldid of [200, 100])
      await importDocument(api, t.id, "page", page(OPENED, `Read as ${oldid} it is.`), at(oldid));
    const entries = (...texts: string[]) =>
      `<rss version="2.0"><channel><title>News</title>${texts.map((text, i) => `<item><guid>${i}</guid><link>https://news.example/live</link><title>Live</title><description>${text}</description></item>`).join("")}</channel></rss>`;
    const feed = entries("The bridge is closed since the morning.", "The bridge is open again since noon.");
    await importDocument(api, t.id, "feed", feed, "https://news.example/feed");
    const left = await dump(t.id);
    expect(countOf(left, "Snapshot")).toBe(4);
    await importDocument(api, t.id, "page", page(OPENED, "Read as 200 it is."), at(200));
    expect((await importDocument(api, t.id, "feed", feed, "https://news.example/feed")).last).toMatchObject({
      skipped: 2,
    });
    expect(await dump(t.id)).toEqual(left);
  });

  it("never compares an older revision of a wiki's page with what stands on a newer one", async () => {
    const t = await newTenant();
    const at = (oldid: number) => `https://en.wikipedia.org/w/index.php?title=Bridge&oldid=${oldid}`;
    await importDocument(api, t.id, "page", page(OPENED, SPANS), at(200));
    await claimOn(t, "The bridge has more spans than any other.", SPANS);
    await importDocument(api, t.id, "page", page(OPENED, SPANS_LATER), at(100));
    expect((await api.ask(t.id, EVIDENCE)).data.claims.edges[0].node.status).toBe("STATED");
    await importDocument(api, t.id, "page", page(OPENED, SPANS_LATER), at(300));
    const left = await dump(t.id);
    expect([countOf(left, "Source"), countOf(left, "Snapshot")]).toEqual([1, 3]);
    expect((await api.ask(t.id, EVIDENCE)).data.claims.edges[0].node).toMatchObject({
      status: "NEEDS_RECHECK",
      recheckReason: expect.stringContaining("revision 300"),
    });
  });

  it("refuses what is no page, with the reason, and stores nothing of it", async () => {
    const t = await newTenant();
    for (const [body, reason] of [
      ["%PDF-1.7", /PDF/],
      ["only words", /isn't HTML/],
      ["<div>".repeat(3_000), /nested/],
      [`<p>${"x".repeat(11_000_000)}</p>`, /10 MB.*cut off, and nothing of it is stored/],
    ] as const) {
      const refused = await send(t, body);
      expect(refused.last, body.slice(0, 20)).toMatchObject({ read: 1, refused: 1, created: 0 });
      expect(refused.events.find(({ type }) => type === "refused")?.problems?.[0]?.message).toMatch(reason);
    }
    async function* endless() {
      const part = Buffer.from(`<p>${"It goes on and on. ".repeat(50_000)}</p>`);
      for (;;) yield part;
    }
    const cut = await send(t, endless() as never, { headers: { "transfer-encoding": "chunked" } }).catch(
      (error: Error) => error,
    );
    // The connection may be closed while the rest is still being sent.
    expect(cut instanceof Error ? { refused: 1 } : cut.last).toMatchObject({ refused: 1 });
    expect((await dump(t.id)).nodes).toEqual([]);
  });

  it("wants a token, a role, HTML, an address and a key, and stops at a kill switch", async () => {
    const t = await newTenant();
    const html = page(OPENED);
    expect(await send(t, html, { headers: { authorization: undefined } })).toMatchObject({ status: 401 });
    expect(await send(t, html, { roles: ["executive"] })).toMatchObject({ status: 403 });
    expect(await send(t, html, { headers: { "idempotency-key": "x" } })).toMatchObject({
      status: 400,
      error: { field: "Idempotency-Key" },
    });
    const typed = await send(t, html, { headers: { "content-type": "image/png" } });
    expect(typed).toMatchObject({
      status: 415,
      error: { code: "BAD_INPUT", message: expect.stringContaining("text/html") },
    });
    for (const url of ["javascript:alert(1)", "ftp://x/y", "", "file://host/x"]) {
      const answer = await importDocument(api, t.id, "page", html, url);
      expect(answer, url).toMatchObject({ status: 400, error: { field: "url" } });
    }
    await t.run(setKillSwitch, { scope: "CAPABILITY", target: "import" });
    expect(await send(t, html)).toMatchObject({ status: 403, error: { code: "FORBIDDEN" } });
    expect((await dump(t.id)).nodes).toEqual([]);
  });

  it("opens no connection on anybody's word: an address is a name", async () => {
    const t = await newTenant();
    const inside = "http://169.254.169.254/latest/meta-data";
    expect((await importDocument(api, t.id, "page", page(OPENED), inside)).last).toMatchObject({ created: 1 });
    expect((await dump(t.id)).nodes.join()).toContain(inside);
  });
});
