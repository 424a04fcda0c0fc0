import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Instant } from "../../graph-schema/time.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode } from "../kit/build.js";
import { LONGER } from "../kit/env.js";
import { plant, PLANTED_AT } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* What is asked of time in bad faith or at bad size: it is bounded, explained, and nothing is lost. */

const iso = (at: Instant): string => new Date(at).toISOString();
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Every read of content that takes an instant, with arguments that it needs. */
const READS = {
  node: "node(id: $id, asOf: $asOf) { id }",
  lineage: "lineage(id: $id, asOf: $asOf) { total }",
  impact: "impact(id: $id, asOf: $asOf) { asOf }",
  history: "history(id: $id, asOf: $asOf) { totalCount }",
  weakest: "weakest(asOf: $asOf) { totalCount }",
  search: 'search(text: "water", asOf: $asOf) { totalCount }',
  claims: "claims(asOf: $asOf) { totalCount }",
  sources: "sources(asOf: $asOf) { totalCount }",
  episodes: "episodes(asOf: $asOf) { totalCount }",
  auditEntries: "auditEntries(asOf: $asOf) { totalCount }",
  policyDecisions: "policyDecisions(asOf: $asOf) { totalCount }",
} as const;
const ask = (t: TestTenant, name: keyof typeof READS, id: string, asOf: string) => {
  const read = READS[name];
  const variables = read.includes("$id") ? "$id: ID!, $asOf: DateTime" : "$asOf: DateTime";
  return api.ask(t.id, `query (${variables}) { ${read} }`, read.includes("$id") ? { id, asOf } : { asOf }, [
    "tenant-admin",
    "auditor",
  ]);
};

describe("an instant", () => {
  it.each(Object.keys(READS) as (keyof typeof READS)[])("in the future is refused by %s, in words", async (name) => {
    const t = await newTenant();
    const id = await buildClaim(t);
    for (const asOf of [iso(Date.now() + 3_600_000), "9999-12-31T23:59:59.999Z"]) {
      const { errors } = await ask(t, name, id, asOf);
      expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_INPUT", field: "asOf" } });
      expect(errors?.[0]?.message).toMatch(/lies in the future: what is recorded goes up to \d{4}-.* Leave it out/);
    }
    // A clock that is a little ahead is no reason to refuse.
    expect((await ask(t, name, id, iso(Date.now() + 5_000))).errors).toBeUndefined();
  });

  it.each(["lineage", "impact", "history"] as const)("before the studio is explained by %s", async (name) => {
    const t = await newTenant();
    const { errors } = await ask(t, name, await buildClaim(t), "1970-01-01");
    expect(errors?.[0]).toMatchObject({ extensions: { code: "NOT_FOUND", field: "asOf" } });
    expect(errors?.[0]?.message).toMatch(/^The record of this studio begins at \d{4}-.*; of 1970-01-01T00:00:00.000Z/);
  });

  it.each(["node", "weakest", "search", "claims"] as const)("before the studio finds nothing by %s", async (name) => {
    const t = await newTenant();
    const { data, errors } = await ask(t, name, await buildClaim(t), "0001-01-01T00:00:00Z");
    expect(errors).toBeUndefined();
    expect([null, 0]).toContain(name === "node" ? data.node : data[name].totalCount);
  });

  it("that is none is refused before anything is read", async () => {
    const t = await newTenant();
    for (const asOf of ["yesterday", "2026-02-31", "", "2026-13-01T00:00:00Z", "1e999"]) {
      const { errors } = await ask(t, "history", t.channelId, asOf);
      expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
    }
  });
});

describe("a node with very many edges", () => {
  const EDGES = Math.min(20_000 * LONGER, 100_000);
  const ASK = `query ($id: ID!, $first: Int!, $after: String, $asOf: DateTime) {
    history(id: $id, first: $first, after: $after, asOf: $asOf) {
      asOf totalCount totalIsExact pageInfo { hasNextPage endCursor } edges { node { id at kind } }
    }
  }`;

  it("has its history told in pages of bounded time, each change once, in order", { timeout: 600_000 }, async () => {
    const t = await newTenant();
    const hub = `Source:${ulid()}`;
    const snapshots = Array.from({ length: EDGES }, () => `Snapshot:${ulid()}`);
    await plant(
      t,
      [{ id: hub }, ...snapshots.map((id) => ({ id }))],
      // Batches of 1,000 begin at one instant, as an import's do; each tenth has ended.
      snapshots.map((from, i) => ({
        type: "CAPTURED_FROM",
        from,
        to: hub,
        validFrom: PLANTED_AT + Math.floor(i / 1_000) * 1_000,
        ...(i % 10 === 0 ? { validTo: PLANTED_AT + 1e9 + i } : {}),
      })),
    );
    const page = async (first: number, after: string | null, asOf: string | null = null) => {
      const answer = await api.ask(t.id, ASK, { id: hub, first, after, asOf });
      expect(answer.errors).toBeUndefined();
      return answer.data.history;
    };
    const first = await page(500, null);
    expect(first).toMatchObject({ totalCount: 10_000, totalIsExact: false });
    const began = performance.now();
    const seen = new Set<string>();
    let [pages, last, longest] = [0, "9999", 0];
    // All of a tenth, and then single pages far behind.
    for (let after: string | null = null, more = true; more && pages < 12; pages++) {
      const asked = performance.now();
      const { edges, pageInfo, asOf } = await page(500, after, first.asOf);
      longest = Math.max(longest, performance.now() - asked);
      expect(asOf).toBe(first.asOf);
      for (const { node } of edges) {
        expect(seen.has(node.id)).toBe(false);
        expect(node.at <= last).toBe(true);
        [last] = [node.at];
        seen.add(node.id);
      }
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
    }
    expect(seen.size).toBe(pages * 500);
    console.info(
      `${EDGES} edges: ${pages} pages of 500 in ${Math.round(performance.now() - began)} ms, the longest ${Math.round(longest)} ms`,
    );
    // The end of a read's time is 5 s; the database does nothing but this.
    expect(longest).toBeLessThan(5_000);
    const early = await page(10, null, iso(PLANTED_AT));
    expect(early).toMatchObject({ totalCount: 1_001, totalIsExact: true });
  });

  it("differs by what is certain, and says that it isn't all", { timeout: 600_000 }, async () => {
    const t = await newTenant();
    const hub = `Source:${ulid()}`;
    const snapshots = Array.from({ length: 10_600 }, () => `Snapshot:${ulid()}`);
    const late = PLANTED_AT + 1_000;
    await plant(
      t,
      [{ id: hub }, ...snapshots.map((id, i) => ({ id, ...(i >= 10_500 ? { validFrom: late } : {}) }))],
      snapshots.map((from, i) => ({
        type: "CAPTURED_FROM",
        from,
        to: hub,
        ...(i >= 10_500 ? { validFrom: late } : i < 100 ? { validTo: late } : {}),
      })),
    );
    const query = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
      lineageDiff(id: $id, direction: DOWNSTREAM, depth: 1, from: $from, to: $to) {
        totalBefore totalAfter totalsAreExact notes added { nodeCount nodes { id } } removed { nodeCount edgeCount edges { from } }
      }
    }`;
    const { data, errors } = await api.ask(t.id, query, { id: hub, from: iso(PLANTED_AT), to: iso(late + 1_000) });
    expect(errors).toBeUndefined();
    const { totalsAreExact, notes, added, removed } = data.lineageDiff;
    expect(totalsAreExact).toBe(false);
    expect(notes).toEqual([expect.stringContaining("only what is certain is told")]);
    const young = new Set(snapshots.slice(10_500));
    expect(added.nodes.every(({ id }: { id: string }) => young.has(id))).toBe(true);
    const ended = new Set(snapshots.slice(0, 100));
    expect(removed.nodeCount).toBe(0);
    expect(removed.edges.every(({ from }: { from: string }) => ended.has(from))).toBe(true);
    expect(removed.edgeCount).toBe(100);
  });
});

describe("a title", () => {
  const HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "\u202Egnirts a\u202C \u2066isolated\u2069",
    "'; DROP DATABASE --",
    "{{7*7}} ${1}",
  ];
  const ASK = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
    history(id: $id) { edges { node { kind properties { name before after cut } } } }
    lineageDiff(id: $id, direction: UPSTREAM, from: $from, to: $to) { changed { nodes { node { title } properties { name before after } } } }
  }`;

  it("of markup, of bidi marks or of commands is told as it was written, before and after", async () => {
    const t = await newTenant();
    const url = "https://hostile.example/";
    const { sourceId } = await t.run(registerSource, { url, title: HOSTILE[0] });
    const from = Date.now();
    for (const title of HOSTILE.slice(1)) await t.run(registerSource, { url, title });
    const { data, errors } = await api.ask(t.id, ASK, { id: sourceId, from: iso(from), to: iso(Date.now()) });
    expect(errors).toBeUndefined();
    const titles = data.history.edges.flatMap(({ node }: { node: { properties: { name: string }[] } }) =>
      node.properties.filter(({ name }) => name === "title"),
    );
    expect(titles).toEqual(
      HOSTILE.map((after, i) => ({ name: "title", before: HOSTILE[i - 1] ?? null, after, cut: false })).toReversed(),
    );
    expect(data.lineageDiff.changed.nodes).toEqual([
      { node: { title: HOSTILE.at(-1) }, properties: [{ name: "title", before: HOSTILE[0], after: HOSTILE.at(-1) }] },
    ]);
  });

  it("of 10,000 characters is cut aloud in the history, and whole in the node", async () => {
    const t = await newTenant();
    const id = `Claim:${ulid()}`;
    const title = `${"😀".repeat(5_000)}`;
    await plant(t, [{ id, title }], []);
    await t.run(setClaimStatus, { claimId: id, status: "WRONG" });
    const { data } = await api.ask(
      t.id,
      "query ($id: ID!) { node(id: $id) { title asOf } history(id: $id) { edges { node { properties { name after cut } } } } }",
      { id },
    );
    expect(data.node.title).toBe(title);
    const created = data.history.edges[1].node.properties.find(({ name }: { name: string }) => name === "title");
    expect(created).toEqual({ name: "title", after: "😀".repeat(1_000), cut: true });
  });

  it("that is a whole narration costs a bounded answer", async () => {
    const t = await newTenant();
    const narration = "n".repeat(20_000);
    const episodeId = await buildEpisode(t);
    const { sceneId } = await t.run(createScene, { episodeId, title: "Long", ordinal: 1, narration });
    const { data } = await api.ask(
      t.id,
      "query ($id: ID!) { history(id: $id) { edges { node { properties { name after cut } } } } }",
      { id: sceneId },
    );
    expect(JSON.stringify(data).length).toBeLessThan(5_000);
    expect(JSON.stringify(data)).toContain('"cut":true');
  });
});
