import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EdgeType, NodeLabel } from "../../graph-schema/catalog.js";
import { LINEAGE_FORMAT, lineage as lineageShape, type LineageDocument } from "../../graph-schema/documents/lineage.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import { FOREVER, SETTLED_MS } from "../../graph-schema/time.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { EXPORT_FORMATS } from "../../server/exports/formats.js";
import { toCsv } from "../../server/exports/csv.js";
import { toJson } from "../../server/exports/json.js";
import { toProvJson } from "../../server/exports/prov-json.js";
import { wholeLineage, type ExportQuestion } from "../../server/exports/whole-lineage.js";
import { lineageOfProv } from "../../server/imports/prov-lineage.js";
import { parseProvJson } from "../../server/imports/prov.js";
import { DIRECTIONS } from "../../server/reads/lineage/lineage.query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain, buildClaim, buildFact, publish } from "../kit/build.js";
import { parseCsv } from "../kit/csv.js";
import { LONGER } from "../kit/env.js";
import { countingReads, testGraph } from "../kit/graph.js";
import { lineageModel } from "../kit/lineage-model.js";
import { plant, plantedId, PLANTED_AT, type PlantedEdge } from "../kit/plant.js";
import { seeded, type Random } from "../kit/random.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";
import { HOSTILE, textOf } from "../kit/whole-lineage.js";

const PAIRS: readonly (readonly [EdgeType, NodeLabel, NodeLabel])[] = [
  ["HAS_SCENE", "Episode", "Scene"],
  ["STATES", "Scene", "Claim"],
  ["SUPPORTED_BY", "Claim", "Fact"],
  ["CONTRADICTED_BY", "Claim", "Fact"],
  ["CONSIDERED", "Claim", "Fact"],
  ["QUOTED_FROM", "Fact", "Snapshot"],
  ["CAPTURED_FROM", "Snapshot", "Source"],
  ["CITES", "Source", "Source"],
  ["DERIVED_FROM", "Fact", "Fact"],
  ["ABOUT", "Decision", "Claim"],
];
const STEP = 1_000;
const iso = (instant: number): string => new Date(instant).toISOString();
const byUlid = (a: string, b: string) => (a < b ? -1 : 1);

/** A graph with cycles and a past: edges that closed, and some that opened again. */
function randomGraph(random: Random) {
  const ids = new Map<NodeLabel, string[]>();
  for (const label of ["Episode", "Scene", "Claim", "Fact", "Snapshot", "Source", "Decision"] as const)
    ids.set(
      label,
      Array.from({ length: 2 + random.below(5) }, () => plantedId(label)),
    );
  const edges = new Map<string, PlantedEdge>();
  for (let i = 0; i < 80; i++) {
    const [type, from, to] = random.pick(PAIRS);
    const edge = { type, from: random.pick(ids.get(from)!), to: random.pick(ids.get(to)!) };
    const validFrom = PLANTED_AT + random.below(4) * STEP;
    const validTo = random.below(3) === 0 ? validFrom + (1 + random.below(3)) * STEP : FOREVER;
    edges.set(`${type} ${edge.from} ${edge.to}`, { ...edge, validFrom, validTo });
  }
  return { ids: [...ids.values()].flat(), edges: [...edges.values()] };
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function get(tenantId: string, query: Readonly<Record<string, string>>, roles: Role[] = ["analyst"], more = {}) {
  const answer = await fetch(`${api.url}/export/lineage?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${await api.token(tenantId, ...roles)}`, ...more },
  });
  const text = await answer.text();
  const header = (name: string) => answer.headers.get(`x-throughline-${name}`);
  const error =
    answer.status === 200
      ? undefined
      : (JSON.parse(text) as { error: { code: string; message: string; field?: string } }).error;
  return { status: answer.status, text, header, headers: answer.headers, error };
}

const rowsOf = (text: string) => parseCsv(text).slice(1);
const keyOf = ([from, , , type, to]: readonly string[]) => `${type} ${from} ${to}`;

describe("an exported lineage", { timeout: 240_000 }, () => {
  it("is what a model says in every format, on random graphs with cycles, both ways, at every instant, however it is paged", async () => {
    const t = await newTenant();
    const random = seeded(20_261_121);
    for (let round = 0; round < 2 * LONGER; round++) {
      const { ids, edges } = randomGraph(random);
      await plant(
        t,
        ids.map((id) => ({ id, title: random.pick(HOSTILE) || "-" })),
        edges,
      );
      for (let i = 0; i < 10; i++) {
        const question = {
          root: random.pick(ids),
          direction: random.pick(DIRECTIONS),
          // Each depth is a text of its own, which the database plans once.
          depth: random.pick([1, 2, 5]),
          asOf: PLANTED_AT + random.below(8) * STEP,
        };
        const whole = () =>
          wholeLineage(
            testGraph(),
            t.scope,
            { ...question, root: parseNodeId(question.root)!, edgeTypes: null },
            Date.now(),
            {
              page: 1 + random.below(6),
              limits: { nodes: 100, edges: 1_000, characters: 1e9 },
            },
          );
        const model = lineageModel(edges, question);
        const inside = model.edges(0, model.order.length);
        expect(
          rowsOf(await textOf(toCsv(await whole())))
            .map(keyOf)
            .toSorted(),
        ).toEqual(inside);
        const json = JSON.parse(await textOf(toJson(await whole()))) as LineageDocument;
        expect(json.nodes.map(({ id }) => id)).toEqual(model.order);
        expect(json.edges.map(({ type, from, to }) => `${type} ${from} ${to}`).toSorted()).toEqual(inside);
        expect(Object.fromEntries(json.hiddenByNode.map(({ id, count }) => [id, count]))).toEqual(
          Object.fromEntries(
            model.order.flatMap((id) => {
              const count = model.hidden(id, model.order.length);
              return count === 0 ? [] : [[id, count]];
            }),
          ),
        );
        const prov = lineageOfProv(parseProvJson(await textOf(toProvJson(await whole()))));
        expect(prov.nodes.map(({ id }) => id).toSorted(byUlid)).toEqual([...model.order].toSorted(byUlid));
        expect(prov.edges.map(({ type, from, to }) => `${type} ${from} ${to}`).toSorted()).toEqual(inside);
      }
    }
  });

  it("says what the API says: who and why, for the same instant, in every format", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const csv = await get(t.id, { id: chain.episode, format: "csv", depth: "5" });
    expect([csv.status, csv.header("nodes"), csv.header("edges")]).toEqual([200, "6", "5"]);
    const asOf = csv.header("as-of")!;
    const { data } = await api.ask(
      t.id,
      `query ($id: ID!, $asOf: DateTime!) { lineage(id: $id, depth: 5, asOf: $asOf) { nodes { id title } edges { type from to validFrom validTo openedBy by why } } }`,
      { id: chain.episode, asOf },
    );
    const titles = new Map<string, string>(
      data.lineage.nodes.map((n: { id: string; title: string }) => [n.id, n.title]),
    );
    const label = (id: string) => id.split(":")[0];
    expect(rowsOf(csv.text).toSorted()).toEqual(
      data.lineage.edges
        .map((e: Record<string, string>) => [
          ...[e.from, label(e.from!), titles.get(e.from!), e.type, e.to, label(e.to!), titles.get(e.to!)],
          ...[e.validFrom, e.validTo, e.by, e.why],
        ])
        .toSorted(),
    );
    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.headers.get("content-disposition")).toMatch(
      /^attachment; filename="Episode-[0-9A-Z]{26}-[\dTZ-]+\.csv"$/,
    );
    for (const format of EXPORT_FORMATS) {
      const [one, again] = [
        await get(t.id, { id: chain.episode, format, depth: "5", asOf }),
        await get(t.id, { id: chain.episode, format, depth: "5", asOf }),
      ];
      expect([one.status, one.header("as-of")], format).toEqual([200, asOf]);
      expect(one.text, format).toBe(again.text);
      expect(one.text, format).not.toContain(t.twinId);
    }
    const json = lineageShape.parse(
      JSON.parse((await get(t.id, { id: chain.episode, format: "json", depth: "5", asOf })).text),
    );
    expect(json).toMatchObject({ format: LINEAGE_FORMAT, tenantId: t.id, id: chain.episode, asOf, depth: 5 });
    expect(json.edges.toSorted((a, b) => byUlid(a.from, b.from))).toEqual(
      data.lineage.edges.toSorted((a: { from: string }, b: { from: string }) => byUlid(a.from, b.from)),
    );
  });

  it("is of one hop upstream unless more is asked for, and tells what lies beyond", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const up = JSON.parse((await get(t.id, { id: chain.claim, format: "json" })).text) as LineageDocument;
    expect([up.direction, up.depth, up.nodes.map(({ id }) => id)]).toEqual(["UPSTREAM", 1, [chain.claim, chain.fact]]);
    expect(up.hiddenByNode).toEqual([{ id: chain.fact, count: 1 }]);
    const down = await get(t.id, { id: chain.source, format: "csv", direction: "downstream", depth: "12" });
    expect(rowsOf(down.text)).toHaveLength(5);
    const some = await get(t.id, {
      id: chain.claim,
      format: "csv",
      direction: "both",
      depth: "3",
      edgeTypes: "STATES,supported_by",
    });
    expect(
      rowsOf(some.text)
        .map((row) => row[3])
        .toSorted(),
    ).toEqual(["STATES", "SUPPORTED_BY"]);
    expect(rowsOf((await get(t.id, { id: chain.source, format: "csv" })).text)).toEqual([]);
  });

  it("answers for an instant that has settled where that is the same answer, else for now, and says which", async () => {
    const t = await newTenant();
    const [claim, fact, other] = [plantedId("Claim"), plantedId("Fact"), plantedId("Fact")];
    await plant(
      t,
      [{ id: claim }, { id: fact }, { id: other }],
      [
        { type: "SUPPORTED_BY", from: claim, to: fact },
        { type: "SUPPORTED_BY", from: claim, to: other },
      ],
    );
    const ask = (asOf?: string) => get(t.id, { id: claim, format: "csv", ...(asOf === undefined ? {} : { asOf }) });
    const before = Date.now();
    const settled = await ask();
    expect(settled.header("settled")).toBe("true");
    expect(Date.parse(settled.header("as-of")!)).toBeLessThanOrEqual(Date.now() - SETTLED_MS);
    expect(Date.parse(settled.header("as-of")!)).toBeGreaterThanOrEqual(before - SETTLED_MS);
    expect(rowsOf(settled.text)).toHaveLength(2);

    await unlinkEvidence_(t, claim, other);
    const changed = await ask();
    expect(changed.header("settled")).toBe("false");
    expect(Date.parse(changed.header("as-of")!)).toBeGreaterThanOrEqual(before);
    expect(rowsOf(changed.text)).toHaveLength(1);
    // The past is as it was, and stands for good: the end that came since is no part of it.
    const past = await ask(settled.header("as-of")!);
    expect(past.header("settled")).toBe("true");
    expect(past.text).toBe(settled.text);

    const revised = await newTenant();
    const chain = await buildChain(revised);
    expect((await get(revised.id, { id: chain.claim, format: "csv" })).header("settled")).toBe("false");
  });

  it("of an instant that hasn't come, or when nothing was there, is none", async () => {
    const t = await newTenant();
    const { claim } = await buildChain(t);
    const future = await get(t.id, { id: claim, format: "csv", asOf: iso(Date.now() + 3_600_000) });
    expect([future.status, future.error?.code, future.error?.field]).toEqual([400, "BAD_INPUT", "asOf"]);
    const early = await get(t.id, { id: claim, format: "csv", asOf: "1999-01-01" });
    expect([early.status, early.error?.code]).toEqual([404, "NOT_FOUND"]);
  });
});

/** Planted edges were opened by nobody, so they are closed as any. */
const unlinkEvidence_ = (t: TestTenant, claimId: string, factId: string) =>
  t.run(unlinkEvidence, { claimId, factId, stance: "SUPPORTS" });

describe("what is too much for a file", { timeout: 240_000 }, () => {
  const question = (root: string, depth = 1): ExportQuestion => ({
    root: parseNodeId(root)!,
    direction: "UPSTREAM",
    depth,
    asOf: null,
    edgeTypes: null,
  });

  it("is refused before a byte, by nodes, by edges, and by the length of its texts", async () => {
    const t = await newTenant();
    const hub = plantedId("Source");
    const cited = Array.from({ length: 30 }, () => plantedId("Source"));
    await plant(
      t,
      [{ id: hub, title: "x".repeat(500) }, ...cited.map((id) => ({ id }))],
      [
        ...cited.map((to) => ({ type: "CITES" as const, from: hub, to })),
        ...cited.slice(1).map((to) => ({ type: "CITES" as const, from: cited[0]!, to })),
      ],
    );
    const limits = { nodes: 31, edges: 59, characters: 1_500 };
    const ask = (less: Partial<typeof limits>, page = 7) =>
      wholeLineage(testGraph(), t.scope, question(hub), Date.now(), { page, limits: { ...limits, ...less } });
    await expect(ask({})).resolves.toMatchObject({ nodes: 31, edges: 59 });
    for (const page of [7, 31, 1_000]) {
      await expect(ask({ nodes: 30 }, page)).rejects.toThrow("more than a file may hold (30 nodes)");
      await expect(ask({ edges: 58 }, page)).rejects.toThrow("(58 edges)");
      await expect(ask({ characters: 1_000 }, page)).rejects.toThrow("(1,000 characters of titles and reasons)");
    }
  });

  it("beyond what is counted exactly as well, after two questions; and nothing is cut that the API would page", async () => {
    const t = await newTenant();
    const hub = plantedId("Source");
    const cited = Array.from({ length: 10_400 }, () => plantedId("Source"));
    await plant(
      t,
      [hub, ...cited].map((id) => ({ id })),
      cited.map((to) => ({ type: "CITES", from: hub, to })),
    );
    const { graph: counting, reads } = countingReads();
    const limits = { nodes: 10_300, edges: 100_000, characters: 1e9 };
    const ask = (nodes: number) =>
      wholeLineage(counting, t.scope, question(hub), Date.now(), { page: 5_000, limits: { ...limits, nodes } });
    await expect(ask(10_300)).rejects.toThrow("(10,300 nodes)");
    expect(reads()).toBe(2);
    const { text, header } = await get(t.id, { id: hub, format: "csv" });
    expect([header("nodes"), header("edges"), header("settled")]).toEqual(["10401", "10400", "true"]);
    expect(new Set(rowsOf(text).map((row) => row[4]))).toEqual(new Set(cited));

    // It is read as it is written: whoever took one piece caused one question.
    const whole = await ask(20_000);
    const before = reads();
    const pages = whole.pages();
    expect((await pages.next()).value?.nodes).toHaveLength(5_000);
    expect(reads() - before).toBeLessThanOrEqual(2);
    await pages.return(undefined);
  });
});

describe("who may export", { timeout: 120_000 }, () => {
  it("is whom the policy lets, within their tenant, and each export stands in the audit with what left", async () => {
    const t = await newTenant();
    const { claim } = await buildChain(t);
    const ask = (roles: Role[], id = claim, more = {}) => get(t.id, { id, format: "json" }, roles, more);
    const allowed = new Map(await Promise.all(ROLES.map(async (role) => [role, (await ask([role])).status] as const)));
    expect(Object.fromEntries(allowed)).toEqual({
      ...{ "platform-admin": 403, "tenant-admin": 200, editor: 200, analyst: 200, planner: 200, executive: 200 },
      ...{ operator: 403, approver: 403, auditor: 200, agent: 403 },
    });
    const { audit } = await recordsOf(t.scope);
    const done = audit.filter(({ command, outcome }) => command === "exportLineage" && outcome === "DONE");
    expect(done).toHaveLength(6);
    expect(JSON.parse(String(done[0]!.detail))).toMatchObject({
      id: claim,
      format: "json",
      direction: "UPSTREAM",
      depth: 1,
      nodes: 2,
      edges: 1,
    });

    const nobody = await fetch(`${api.url}/export/lineage?id=${claim}&format=csv`);
    expect(nobody.status).toBe(401);
    expect((await ask(["analyst"], claim, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    const [another, never] = [
      await get((await newTenant()).id, { id: claim, format: "csv" }),
      await ask(["analyst"], plantedId("Claim")),
    ];
    expect([another.status, never.status]).toEqual([404, 404]);
    expect(another.error?.message).toBe(never.error?.message);
  });

  it("is nobody while a switch stops exports", async () => {
    const t = await newTenant();
    const { claim } = await buildChain(t);
    await t.run(setKillSwitch, { scope: "CAPABILITY", target: "export" }, t.caller("operator"));
    const { status, error } = await get(t.id, { id: claim, format: "csv" });
    expect([status, error?.code]).toEqual([403, "FORBIDDEN"]);
  });

  it("is told which parameter is wrong, and why", async () => {
    const t = await newTenant();
    const { claim } = await buildChain(t);
    const good = { id: claim, format: "csv" };
    const faults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      id: { id: "nonsense" },
      format: { format: "xml" },
      direction: { direction: "sideways" },
      depth: { depth: "13" },
      asOf: { asOf: "yesterday" },
      edgeTypes: { edgeTypes: "CITES,OWNED_BY" },
      frist: { frist: "5" },
    };
    for (const [field, fault] of Object.entries(faults)) {
      const { status, error } = await get(t.id, { ...good, ...fault });
      expect([status, error?.code, error?.field], field).toEqual([400, "BAD_INPUT", field]);
    }
    for (const depth of ["0", "-1", "1.5", "1e1", ""]) {
      expect((await get(t.id, { ...good, depth })).error?.field).toBe("depth");
    }
    expect((await get(t.id, { format: "csv" })).error?.field).toBe("id");
    const twice = await fetch(`${api.url}/export/lineage?id=${claim}&id=${claim}&format=csv`, {
      headers: { authorization: `Bearer ${await api.token(t.id, "analyst")}` },
    });
    expect(twice.status).toBe(400);
  });
});

interface Review {
  readonly url: string;
  readonly expires: string;
  readonly datePublished: string;
  readonly reviewRating: object;
  readonly itemReviewed: { readonly appearance?: readonly { readonly identifier: string }[] };
  readonly citation: readonly { readonly identifier: string; readonly description: string }[];
  readonly "@graph": readonly { readonly identifier: string }[];
}

describe("a claim as ClaimReview", { timeout: 120_000 }, () => {
  const review = async (t: TestTenant, id: string, more = {}) =>
    JSON.parse((await get(t.id, { id, format: "claimreview", ...more })).text) as Review;

  it("says what the graph says and no more: nothing undecided is rated, and what is wrong is", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const claim = await buildClaim(t, { text: "It costs 5 </script><b>", kind: "PRICE", supports: [chain.fact] });
    const against = await buildFact(t, { quote: "it costs 6" });
    await t.run(linkEvidence, { claimId: claim, factId: against, stance: "CONTRADICTS" });
    const considered = await buildFact(t);
    await t.run(linkEvidence, { claimId: claim, factId: considered, stance: "CONSIDERED" });

    const raw = await get(t.id, { id: claim, format: "claimreview" });
    expect(raw.text).not.toContain("</script>");
    const stated = JSON.parse(raw.text) as Review;
    expect(stated).toMatchObject({
      "@context": "https://schema.org",
      "@type": "ClaimReview",
      identifier: claim,
      claimReviewed: "It costs 5 </script><b>",
      author: { "@type": "Organization", name: t.id },
      itemReviewed: { "@type": "Claim", text: "It costs 5 </script><b>" },
      reviewRating: { "@type": "Rating", alternateName: "Stated, not rated" },
    });
    expect(stated.reviewRating).not.toHaveProperty("ratingValue");
    expect(stated.url).toMatch(new RegExp(`^${api.url}/lineage/${claim}\\?asOf=\\d{4}-`));
    expect(Date.parse(stated.expires) - Date.parse(stated.datePublished)).toBe(90 * 86_400_000);
    const cited = stated.citation;
    expect(new Map(cited.map(({ identifier, description }) => [identifier, description]))).toEqual(
      new Map([
        [chain.fact, "Supports the claim."],
        [against, "Speaks against the claim."],
      ]),
    );
    expect(cited.find(({ identifier }) => identifier === chain.fact)).toMatchObject({
      text: "water boils at 100 degrees",
      isPartOf: { "@type": "WebPage", identifier: chain.source, url: expect.stringMatching(/^https:/) },
    });

    await t.run(setClaimStatus, { claimId: claim, status: "NEEDS_RECHECK" });
    expect((await review(t, claim)).reviewRating).toEqual({
      "@type": "Rating",
      alternateName: "Needs a check, not rated",
    });
    await t.run(setClaimStatus, { claimId: claim, status: "WRONG" });
    expect((await review(t, claim)).reviewRating).toMatchObject({
      ratingValue: 1,
      bestRating: 5,
      alternateName: "False",
    });
  });

  it("appears where the public can see it, and in no draft", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const appearance = async () => (await review(t, chain.claim)).itemReviewed.appearance;
    expect(await appearance()).toBeUndefined();
    await publish(t, chain.episode);
    expect((await appearance())?.map(({ identifier }) => identifier)).toEqual([chain.episode]);
  });

  it("knows what was published a moment ago, though its own lineage hasn't changed for long", async () => {
    const t = await newTenant();
    const [claim, fact, scene, episode] = (["Claim", "Fact", "Scene", "Episode"] as const).map(plantedId);
    await plant(
      t,
      [{ id: claim! }, { id: fact! }, { id: scene! }, { id: episode!, properties: { status: "PUBLISHED" } }],
      [
        { type: "SUPPORTED_BY", from: claim!, to: fact! },
        { type: "HAS_SCENE", from: episode!, to: scene! },
        { type: "STATES", from: scene!, to: claim!, validFrom: Date.now() - 1_000 },
      ],
    );
    const now = await get(t.id, { id: claim!, format: "claimreview" });
    expect(now.header("settled")).toBe("false");
    expect((JSON.parse(now.text) as Review).itemReviewed.appearance).toMatchObject([{ identifier: episode }]);
    const past = await get(t.id, { id: claim!, format: "claimreview", asOf: iso(Date.now() - SETTLED_MS) });
    expect(past.header("settled")).toBe("true");
    expect((JSON.parse(past.text) as Review).itemReviewed.appearance).toBeUndefined();
  });

  it("comes with the others of a node's lineage, or it is said how many hops away they are", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const near = await get(t.id, { id: chain.episode, format: "claimreview" });
    expect([near.status, near.error?.field]).toEqual([400, "depth"]);
    expect(near.error?.message).toContain("There is no claim within 1 hop of");
    const far = await review(t, chain.episode, { depth: "2" });
    expect(far["@graph"].map(({ identifier }) => identifier)).toEqual([chain.claim]);
    const { audit } = await recordsOf(t.scope);
    expect(audit.filter(({ command }) => command === "exportLineage")).toHaveLength(1);
  });
});
