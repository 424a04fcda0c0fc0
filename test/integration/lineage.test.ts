import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EdgeType } from "../../graph-schema/catalog.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { DIRECTIONS, readLineage, type Direction } from "../../server/reads/lineage/lineage.query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain, buildClaim, buildFact } from "../kit/build.js";
import { LONGER } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { lineageModel } from "../kit/lineage-model.js";
import { plant, plantedId, PLANTED_AT, type PlantedEdge } from "../kit/plant.js";
import { seeded } from "../kit/random.js";
import { edgeKey as key, PAIRS, randomGraph, STEP } from "../kit/random-graph.js";
import { newTenant } from "../kit/tenant.js";

const ASK = `query Lineage_Test($id: ID!, $direction: LineageDirection! = UPSTREAM, $depth: Int, $asOf: DateTime, $filter: LineageFilter, $first: Int, $after: String) {
  lineage(id: $id, direction: $direction, depth: $depth, asOf: $asOf, filter: $filter, first: $first, after: $after) {
    nodes { id label version }
    edges { type from to validFrom validTo openedBy by why }
    shown total totalIsExact hiddenByNode { id count } endCursor hasNextPage asOf
  }
}`;

interface Page {
  nodes: { id: string; label: string; version: number }[];
  edges: {
    type: EdgeType;
    from: string;
    to: string;
    validFrom: string;
    validTo: string;
    openedBy: string;
    by: string;
    why: string;
  }[];
  shown: number;
  total: number;
  totalIsExact: boolean;
  hiddenByNode: { id: string; count: number }[];
  endCursor: string | null;
  hasNextPage: boolean;
  asOf: string;
}

const iso = (instant: number): string => new Date(instant).toISOString();

describe("lineage", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function page(tenantId: string, variables: object): Promise<Page> {
    const { data, errors } = await api.ask(tenantId, ASK, variables);
    expect(errors).toBeUndefined();
    return data.lineage;
  }

  it("follows an episode up to the source it stands on, and nothing of its twin", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const lineage = await page(t.id, { id: chain.episode, depth: 5 });
    expect(lineage.nodes.map((n) => n.id)).toEqual([
      chain.episode,
      chain.scene,
      chain.claim,
      chain.fact,
      chain.snapshot,
      chain.source,
    ]);
    expect(lineage).toMatchObject({ shown: 6, total: 6, totalIsExact: true, hasNextPage: false });
    expect(lineage.edges.map((e) => e.type)).toEqual([
      "HAS_SCENE",
      "STATES",
      "SUPPORTED_BY",
      "QUOTED_FROM",
      "CAPTURED_FROM",
    ]);
    expect(lineage.edges[0]).toMatchObject({ by: "Tess Tester", why: "a test" });
    expect(lineage.hiddenByNode.every((h) => h.count === 0)).toBe(true);
    const down = await page(t.id, { id: chain.source, depth: 5, direction: "DOWNSTREAM" });
    expect(down.nodes.map((n) => n.id)).toEqual([
      chain.source,
      chain.snapshot,
      chain.fact,
      chain.claim,
      chain.scene,
      chain.episode,
    ]);
    const both = await page(t.id, { id: chain.claim, depth: 1, direction: "BOTH" });
    expect(new Set(both.nodes.map((n) => n.id))).toEqual(new Set([chain.claim, chain.fact, chain.scene]));
    expect(both.edges.map(key).sort()).toEqual([
      `STATES ${chain.scene} ${chain.claim}`,
      `SUPPORTED_BY ${chain.claim} ${chain.fact}`,
    ]);
    expect(new Map(both.hiddenByNode.map((h) => [h.id, h.count]))).toEqual(
      new Map([
        [chain.claim, 0],
        [chain.fact, 1],
        [chain.scene, 1],
      ]),
    );
  });

  it("goes one hop when nothing else is said, and tells what stays hidden", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const lineage = await page(t.id, { id: chain.episode });
    expect(lineage.nodes.map((n) => n.id)).toEqual([chain.episode, chain.scene]);
    expect(lineage).toMatchObject({ total: 2, hasNextPage: false });
    expect(lineage.hiddenByNode).toEqual([
      { id: chain.episode, count: 0 },
      { id: chain.scene, count: 1 },
    ]);
  });

  it("answers for the past: edges closed since are there, those opened since aren't, and a node has its version of then", async () => {
    const t = await newTenant();
    const [f1, f2] = [await buildFact(t), await buildFact(t)];
    const claim = await buildClaim(t, { supports: [f1] });
    const then = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await t.run(unlinkEvidence, { claimId: claim, factId: f1, stance: "SUPPORTS" });
    await t.run(linkEvidence, { claimId: claim, factId: f2, stance: "CONTRADICTS" });
    const now = await page(t.id, { id: claim });
    expect(now.edges.map(key)).toEqual([`CONTRADICTED_BY ${claim} ${f2}`]);
    const past = await page(t.id, { id: claim, asOf: iso(then) });
    expect(past.edges.map(key)).toEqual([`SUPPORTED_BY ${claim} ${f1}`]);
    expect(past.asOf).toBe(iso(then));
    expect(Date.parse(past.edges[0]!.validTo)).toBeGreaterThan(then);
    const before = await api.ask(t.id, ASK, { id: claim, asOf: "2001-01-01T00:00:00Z" });
    expect(before.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("follows context only when the filter names it", async () => {
    const t = await newTenant();
    const [claim, fact, decision] = [plantedId("Claim"), plantedId("Fact"), plantedId("Decision")];
    const edges: PlantedEdge[] = [
      { type: "SUPPORTED_BY", from: claim, to: fact },
      { type: "ABOUT", from: decision, to: claim },
      { type: "BASED_ON", from: decision, to: fact },
    ];
    await plant(t, [{ id: claim }, { id: fact }, { id: decision }], edges);
    expect((await page(t.id, { id: decision, depth: 3 })).nodes).toHaveLength(1);
    const about = await page(t.id, { id: decision, depth: 3, filter: { edgeTypes: ["ABOUT"] } });
    expect(about.nodes.map((n) => n.id)).toEqual([decision, claim]);
    expect(about.hiddenByNode).toEqual([
      { id: decision, count: 0 },
      { id: claim, count: 0 },
    ]);
    const all = await page(t.id, {
      id: decision,
      depth: 3,
      filter: { edgeTypes: ["ABOUT", "BASED_ON", "SUPPORTED_BY"] },
    });
    expect(all.edges.map(key).sort()).toEqual(edges.map(key).sort());
    const down = await page(t.id, {
      id: fact,
      depth: 2,
      direction: "DOWNSTREAM",
      filter: { edgeTypes: ["BASED_ON", "SUPPORTED_BY"] },
    });
    expect(new Set(down.nodes.map((n) => n.id))).toEqual(new Set([fact, claim, decision]));
    expect((await page(t.id, { id: decision, depth: 3, filter: { edgeTypes: [] } })).nodes).toHaveLength(1);
  });

  it("ends in cycles of citations and derivations, at every depth and both ways", async () => {
    const t = await newTenant();
    const ring = Array.from({ length: 5 }, () => plantedId("Source"));
    const edges = ring.map((from, i): PlantedEdge => ({ type: "CITES", from, to: ring[(i + 1) % ring.length]! }));
    const alone = plantedId("Fact");
    await plant(
      t,
      [...ring, alone].map((id) => ({ id })),
      [...edges, { type: "DERIVED_FROM", from: alone, to: alone }],
    );
    for (const depth of [1, 2, 4, 12]) {
      for (const direction of DIRECTIONS) {
        const found = await page(t.id, { id: ring[0], depth, direction });
        const model = lineageModel(edges, { root: ring[0]!, direction, depth, asOf: Date.now() });
        expect(found.nodes.map((n) => n.id)).toEqual(model.order);
        expect(found.edges.map(key).sort()).toEqual(model.edges(0, model.order.length));
      }
    }
    for (const direction of DIRECTIONS) {
      const self = await page(t.id, { id: alone, depth: 12, direction });
      expect(self.nodes).toHaveLength(1);
      expect(self.edges.map(key)).toEqual([`DERIVED_FROM ${alone} ${alone}`]);
    }
  });

  it(
    "says as a search in memory says, on random graphs, at every depth and in every direction",
    { timeout: 120_000 * LONGER },
    async () => {
      const graph = testGraph();
      for (let seed = 1; seed <= 3 * LONGER; seed++) {
        const random = seeded(seed);
        const t = await newTenant();
        const { ids, edges } = randomGraph(random);
        await plant(
          t,
          [...ids.values()].flat().map((id) => ({ id })),
          edges,
        );
        for (let depth = 1; depth <= 12; depth++) {
          for (const direction of DIRECTIONS) {
            const label = random.pick(["Source", "Claim"] as const);
            const root = random.pick(ids.get(label)!);
            const asOf = PLANTED_AT + random.below(8) * STEP;
            const edgeTypes =
              seed === 3 && depth < 5 ? (random.shuffle(PAIRS.map(([type]) => type)).slice(0, 7) as EdgeType[]) : null;
            const model = lineageModel(edges, { root, direction, depth, asOf, edgeTypes });
            const question = { root: parseNodeId(root)!, direction, depth, asOf, edgeTypes };
            const said = `seed ${seed}, depth ${depth}, ${direction} of ${root}`;
            const first = 1 + random.below(Math.min(7, model.order.length + 1));
            const hidden = new Map<string, number>();
            for (let skip = 0; skip < model.order.length; skip += first) {
              const shown = Math.min(skip + first, model.order.length);
              const found = (await readLineage(graph, t.scope, { ...question, skip, first }))!;
              expect(
                found.nodes.map((n) => n.id),
                said,
              ).toEqual(model.order.slice(skip, shown));
              expect(found.edges.map(key).sort(), said).toEqual(model.edges(skip, shown));
              expect(found.total, said).toBe(model.order.length);
              for (const { id, count } of found.hidden) hidden.set(id, count);
              const wanted = model.order.slice(0, shown).map((id): [string, number] => [id, model.hidden(id, shown)]);
              expect(hidden, `${said}, hidden after ${shown}`).toEqual(new Map(wanted));
            }
          }
        }
      }
    },
  );

  it("pages by any size: the union is the whole, each edge comes once, and later pages answer for the first one's instant", async () => {
    const t = await newTenant();
    const random = seeded(7);
    const { ids, edges } = randomGraph(random);
    await plant(
      t,
      [...ids.values()].flat().map((id) => ({ id })),
      edges,
    );
    const root = ids.get("Source")![0]!;
    for (const direction of ["DOWNSTREAM", "BOTH"] as Direction[]) {
      const whole = await page(t.id, { id: root, depth: 12, direction });
      for (const first of [1, 3, whole.total]) {
        const pages: Page[] = [];
        for (let after: string | null = null, more = true; more;) {
          const next: Page = await page(t.id, { id: root, depth: 12, direction, first, after });
          pages.push(next);
          after = next.endCursor;
          more = next.hasNextPage;
          // What is written between two pages doesn't move them.
          if (pages.length === 1)
            await plant(
              t,
              [],
              [{ type: "CITES", from: ids.get("Source")![1]!, to: root, validFrom: Date.parse(whole.asOf) + 600_000 }],
            );
        }
        expect(pages.flatMap((p) => p.nodes.map((n) => n.id))).toEqual(whole.nodes.map((n) => n.id));
        expect(pages.flatMap((p) => p.edges.map(key)).sort()).toEqual(whole.edges.map(key).sort());
        expect(new Set(pages.map((p) => p.asOf))).toEqual(new Set([pages[0]!.asOf]));
        expect(pages.every((p) => p.total === whole.total)).toBe(true);
      }
    }
  });

  it(
    "pages past 10,000: the total is exact up to there, then a lower bound, and the rest still comes",
    { timeout: 120_000 },
    async () => {
      const t = await newTenant();
      const hub = plantedId("Source");
      const citing = Array.from({ length: 12_000 }, () => plantedId("Source")).sort();
      await plant(
        t,
        [hub, ...citing].map((id) => ({ id })),
        citing.map((from) => ({ type: "CITES", from, to: hub })),
      );
      const ask = (after: string | null) => page(t.id, { id: hub, direction: "DOWNSTREAM", first: 5_000, after });
      const one = await ask(null);
      expect(one).toMatchObject({ shown: 5_000, total: 10_000, totalIsExact: false, hasNextPage: true });
      expect(one.hiddenByNode[0]).toEqual({ id: hub, count: 7_001 });
      const two = await ask(one.endCursor);
      expect(two).toMatchObject({ shown: 5_000, total: 10_000, totalIsExact: false, hasNextPage: true });
      expect(two.hiddenByNode.find(({ id }) => id === hub)).toEqual({ id: hub, count: 2_001 });
      const three = await ask(two.endCursor);
      expect(three).toMatchObject({ shown: 2_001, total: 12_001, totalIsExact: true, hasNextPage: false });
      expect([one, two, three].flatMap((p) => p.nodes.map((n) => n.id))).toEqual([hub, ...citing]);
      expect([one, two, three].flatMap((p) => p.edges)).toHaveLength(12_000);
      const chosen = { id: citing[0], depth: 2, direction: "BOTH", first: 10 };
      expect(await page(t.id, chosen)).toMatchObject({
        shown: 10,
        total: 10_000,
        totalIsExact: false,
        hasNextPage: true,
      });
    },
  );

  it("counts exactly 10,000 as exact", { timeout: 60_000 }, async () => {
    const t = await newTenant();
    const hub = plantedId("Source");
    const citing = Array.from({ length: 9_999 }, () => plantedId("Source"));
    await plant(
      t,
      [hub, ...citing].map((id) => ({ id })),
      citing.map((from) => ({ type: "CITES", from, to: hub })),
    );
    const found = await page(t.id, { id: hub, direction: "DOWNSTREAM", first: 1 });
    expect(found).toMatchObject({ total: 10_000, totalIsExact: true, hasNextPage: true });
    expect(found.hiddenByNode).toEqual([{ id: hub, count: 9_999 }]);
  });

  it("counts the same when the total alone is asked for, by whatever fragments", async () => {
    const t = await newTenant();
    const { ids, edges } = randomGraph(seeded(7));
    const nodes = [...ids.values()].flat();
    await plant(
      t,
      nodes.map((id) => ({ id })),
      edges,
    );
    const alone = `query ($id: ID!) { a: lineage(id: $id, direction: BOTH, depth: 12) { ...T asOf }
      b: lineage(id: $id, direction: BOTH, depth: 12) { ...T ... on Lineage { shown hasNextPage } } }
      fragment T on Lineage { __typename total totalIsExact }`;
    for (const id of nodes.slice(0, 5)) {
      const whole = await page(t.id, { id, direction: "BOTH", depth: 12 });
      const { data } = await api.ask(t.id, alone, { id });
      const { total, totalIsExact, shown, hasNextPage } = whole;
      expect(data.a).toMatchObject({ total, totalIsExact });
      expect(data.b).toMatchObject({ total, totalIsExact, shown, hasNextPage });
    }
    const { errors } = await api.ask(t.id, `query ($id: ID!) { lineage(id: $id) { total } }`, {
      id: plantedId("Claim"),
    });
    expect(errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("refuses a cursor of another question, of another instant, or of nobody", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const first = await page(t.id, { id: chain.episode, depth: 5, first: 2 });
    const after = first.endCursor;
    const refused = [
      { id: chain.scene, depth: 5, after },
      { id: chain.episode, depth: 4, after },
      { id: chain.episode, depth: 5, direction: "BOTH", after },
      { id: chain.episode, depth: 5, filter: { edgeTypes: ["STATES"] }, after },
      { id: chain.episode, depth: 5, asOf: iso(PLANTED_AT), after },
      { id: chain.episode, depth: 5, after: "x" },
      { id: chain.episode, depth: 5, after: Buffer.from("[1,2,3]").toString("base64url") },
      {
        id: chain.episode,
        depth: 5,
        after: Buffer.from(JSON.stringify([1, Date.now(), -1, "x"])).toString("base64url"),
      },
    ];
    for (const variables of refused) {
      const { data, errors } = await api.ask(t.id, ASK, variables);
      expect(data, JSON.stringify(variables)).toBeNull();
      expect(errors?.[0]?.extensions, JSON.stringify(variables)).toMatchObject({ code: "BAD_INPUT", field: "after" });
    }
    const again = await page(t.id, { id: chain.episode, depth: 5, asOf: first.asOf, after });
    expect(again.nodes.map((n) => n.id)).toEqual([chain.claim, chain.fact, chain.snapshot, chain.source]);
  });

  it("names the argument that is out of its bounds", async () => {
    const t = await newTenant();
    const { channelId: id } = t;
    for (const [field, variables] of [
      ["depth", { id, depth: 0 }],
      ["depth", { id, depth: 13 }],
      ["first", { id, first: 0 }],
      ["first", { id, first: 5_001 }],
      ["id", { id: "Claim:1" }],
      ["id", { id: "Operation:01JD3Z5X9QW8R7T6Y5V4N3M2K1" }],
      ["asOf", { id, asOf: "yesterday" }],
    ] as const) {
      const { errors } = await api.ask(t.id, ASK, variables);
      expect(errors?.[0]?.extensions, JSON.stringify(variables)).toMatchObject({ code: "BAD_INPUT", field });
    }
    const { errors } = await api.ask(t.id, ASK, { id: plantedId("Claim") });
    expect(errors?.[0]).toMatchObject({
      message: "There is no such thing, or it isn't yours to see.",
      extensions: { code: "NOT_FOUND" },
    });
  });
});
