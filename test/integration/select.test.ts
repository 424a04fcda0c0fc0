import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { parseExpression } from "../../server/reads/select/grammar.js";
import { LINEAGE_LABELS } from "../../server/reads/lineage/standing.js";
import { readLineage, type Direction } from "../../server/reads/lineage/lineage.query.js";
import { selected } from "../../server/reads/select/select.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain } from "../kit/build.js";
import { LONGER } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { lineageModel } from "../kit/lineage-model.js";
import { plant, plantedId, PLANTED_AT, type PlantedEdge } from "../kit/plant.js";
import { seeded, type Random } from "../kit/random.js";
import { BELONGING, edgeKey, PAIRS, randomGraph, STEP } from "../kit/random-graph.js";
import { GraphModel, type ModelNode } from "../kit/selection-model.js";
import { newTenant } from "../kit/tenant.js";

const SELECT = `query Select_Test($expression: String!, $asOf: DateTime, $first: Int, $after: String) {
  select(expression: $expression, asOf: $asOf, first: $first, after: $after) {
    nodes { id label title }
    edges { type from to by why }
    shown total totalIsExact hiddenByNode { id count } endCursor hasNextPage asOf
  }
}`;
const COMPLETE = `query Complete_Test($expression: String!, $position: Int!, $first: Int) {
  completeSelection(expression: $expression, position: $position, first: $first) { text kind detail from to }
}`;

interface Page {
  nodes: { id: string; label: string; title: string }[];
  edges: { type: string; from: string; to: string; by: string; why: string }[];
  total: number;
  totalIsExact: boolean;
  hiddenByNode: { id: string; count: number }[];
  endCursor: string | null;
  hasNextPage: boolean;
  asOf: string;
}

const labelOf = (id: string) => id.slice(0, id.indexOf(":")) as NodeLabel;
const byKind = (ids: Iterable<string>) =>
  [...ids].sort((a, b) => {
    const kinds = LINEAGE_LABELS.indexOf(labelOf(a)) - LINEAGE_LABELS.indexOf(labelOf(b));
    return kinds !== 0 ? kinds : a < b ? -1 : 1;
  });

const TITLES = ["WHO guideline", "Wholesale prices", "Heat pumps", "heat pump (night)", "50* off", "x"];

/** What a node of the label could be; in the store the same as in the model. */
function propertiesOf(label: NodeLabel, random: Random): Record<string, unknown> {
  switch (label) {
    case "Source":
      return {
        tier: 1 + random.below(3),
        status: random.pick(["ACTIVE", "STALE", "DEAD", "RETRACTED"]),
        reliability: random.pick(["A", "B", "C", "D", "F"]),
        independenceGroup: random.pick(["one", "two", "three"]),
      };
    case "Claim":
      return {
        status: random.pick(["STATED", "STATED", "NEEDS_RECHECK", "WRONG"]),
        ...(random.below(3) === 0 ? {} : { recheckBy: PLANTED_AT + random.below(8) * STEP }),
      };
    case "Episode":
      return { status: random.pick(["DRAFT", "PUBLISHED", "RETRACTED"]) };
    case "Incident":
      return { status: random.pick(["OPEN", "RESOLVED"]) };
    case "Channel":
      return { platform: "web" };
    case "Principal":
      return { kind: "HUMAN", roles: ["analyst"] };
    default:
      return {};
  }
}

function randomStudio(random: Random): { nodes: ModelNode[]; edges: PlantedEdge[] } {
  const { ids, edges } = randomGraph(random, { pairs: [...PAIRS, ...BELONGING], edges: 130 });
  const nodes = [...ids].flatMap(([label, some]) =>
    some.map((id) => ({ id, title: random.pick(TITLES), properties: propertiesOf(label, random) })),
  );
  return { nodes, edges };
}

const ATOMS = [
  "label:claim,fact",
  "source:*",
  "episode:*",
  "WHO",
  '"heat pump*"',
  "source:WHO",
  "claim:x",
  "tier:1",
  "tier:2,3",
  "status:retracted",
  "status:needs_recheck,published",
  "freshness:stale",
  "freshness:timeless,fresh",
  "confidence:high",
  "confidence:low,medium",
  'owner:"heat pumps"',
  "owner:*",
  "channel:WHO",
  "topic:*",
  "links:0",
  "links:>3",
  "links:1..2",
  "title:50\\*",
];

function randomExpression(random: Random, depth: number): string {
  if (depth === 0 || random.below(4) === 0) return random.pick(ATOMS);
  const inner = () => randomExpression(random, depth - 1);
  switch (random.below(6)) {
    case 0:
      return `${inner()} and ${inner()}`;
    case 1:
      return `(${inner()} or ${inner()})`;
    case 2:
      return `not (${inner()})`;
    case 3:
      return `${random.pick(["+", "2+", "1+"])}(${inner()})`;
    case 4:
      return `(${inner()})${random.pick(["+", "+2", "+1"])}`;
    default:
      return `(${inner()}) and ${random.pick(["+", "2+"])}(${inner()}) and not ${random.pick(ATOMS)}`;
  }
}

describe("select", { timeout: 120_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function page(tenantId: string, variables: object): Promise<Page> {
    const { data, errors } = await api.ask(tenantId, SELECT, variables);
    expect(errors, JSON.stringify(variables)).toBeUndefined();
    return data.select;
  }

  it(
    "says as a model in memory says, whatever the expression and the instant",
    { timeout: 400_000 * LONGER },
    async () => {
      const graph = testGraph();
      let some = 0;
      for (let seed = 1; seed <= 2 * LONGER; seed++) {
        const random = seeded(seed);
        const t = await newTenant();
        const { nodes, edges } = randomStudio(random);
        await plant(t, nodes, edges);
        // What the test kit's tenant has beside, such as its channel, is of now.
        for (let i = 0; i < 60; i++) {
          const text = randomExpression(random, 3);
          const asOf = PLANTED_AT + random.below(8) * STEP;
          const expression = parseExpression(text);
          const wanted = byKind(new GraphModel(nodes, edges, asOf).select(expression));
          const found = await selected(graph, t.scope, { expression, asOf, edgeTypes: null });
          expect(found, `seed ${seed}: ${text} at +${asOf - PLANTED_AT}`).toEqual(wanted);
          if (wanted.length > 0 && wanted.length < nodes.length) some++;
        }
      }
      // Expressions that select everything or nothing show little.
      expect(some).toBeGreaterThan(30);
    },
  );

  it("selects what lies between a source and the episodes, as the analyst writes it", async () => {
    const t = await newTenant();
    const [one, other] = [await buildChain(t), await buildChain(t)];
    const found = await page(t.id, { expression: `id:${one.source}+ and +episode:* and not label:topic` });
    const chain = [one.source, one.snapshot, one.fact, one.claim, one.scene, one.episode];
    expect(new Set(found.nodes.map(({ id }) => id))).toEqual(new Set(chain));
    expect(found).toMatchObject({ total: 6, totalIsExact: true, hasNextPage: false });
    expect(found.edges.map(({ type }) => type).sort()).toEqual([
      "CAPTURED_FROM",
      "HAS_SCENE",
      "QUOTED_FROM",
      "STATES",
      "SUPPORTED_BY",
    ]);
    expect(found.edges[0]).toMatchObject({ by: "Tess Tester", why: "a test" });
    expect(found.hiddenByNode.every(({ count }) => count === 0)).toBe(true);
    const some = await page(t.id, { expression: `id:${one.claim},${other.claim}` });
    expect(some.edges).toEqual([]);
    expect(some.hiddenByNode.map(({ count }) => count)).toEqual([2, 2]);
    expect((await page(t.id, { expression: `id:${plantedId("Claim")}` })).nodes).toEqual([]);
    const before = await page(t.id, { expression: "label:claim", asOf: "2001-01-01T00:00:00Z" });
    expect(before).toMatchObject({ nodes: [], total: 0, endCursor: null, asOf: "2001-01-01T00:00:00.000Z" });
  });

  it("pages by any size: the union is the whole, each edge comes once, and all pages answer for one instant", async () => {
    const t = await newTenant();
    const { nodes, edges } = randomStudio(seeded(11));
    await plant(t, nodes, edges);
    const expression = "not label:topic and not tier:1";
    const asOf = new Date(PLANTED_AT + 5 * STEP).toISOString();
    const whole = await page(t.id, { expression, asOf });
    const shownAt = (n: number) => new Set(whole.nodes.slice(0, n).map(({ id }) => id));
    for (const first of [1, 7]) {
      const hidden = new Map<string, number>();
      const pages: Page[] = [];
      for (let after: string | null = null, more = true; more;) {
        const next: Page = await page(t.id, { expression, first, after, ...(after === null ? { asOf } : {}) });
        pages.push(next);
        for (const { id, count } of next.hiddenByNode) hidden.set(id, count);
        [after, more] = [next.endCursor, next.hasNextPage];
        const model = new GraphModel(nodes, edges, Date.parse(asOf));
        const shown = shownAt(pages.length * first);
        for (const id of shown) {
          const beside = model.followed.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
          expect(hidden.get(id), id).toBe(new Set(beside.filter((one) => !shown.has(one))).size);
        }
      }
      expect(pages.flatMap((one) => one.nodes)).toEqual(whole.nodes);
      expect(pages.flatMap((one) => one.edges.map(edgeKey)).sort()).toEqual(whole.edges.map(edgeKey).sort());
      expect(new Set(pages.map((one) => one.asOf))).toEqual(new Set([asOf]));
    }
    const { endCursor: after } = await page(t.id, { expression, asOf, first: 2 });
    // The same question in other words is the same question; another isn't.
    expect((await page(t.id, { expression: " not  label:TOPIC and not tier : 1", after })).asOf).toBe(asOf);
    const { errors } = await api.ask(t.id, SELECT, { expression: "label:claim", after });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "after" });
  });

  it("refuses what is wrong, saying where, and what is too long before it costs anything", async () => {
    const t = await newTenant();
    const { errors } = await api.ask(t.id, SELECT, { expression: "label:claim and tier:9" });
    expect(errors?.[0]).toMatchObject({
      message: "`expression`, character 22: expected one of 1, 2, 3, as the value of `tier`.",
      extensions: { code: "BAD_INPUT", field: "expression", position: 22 },
    });
    const expression = Array.from({ length: 10_000 }, () => "a").join(" or ");
    const start = performance.now();
    const long = await api.ask(t.id, SELECT, { expression });
    expect(long.errors?.[0]?.message).toContain("at most 4,000 characters and 100 terms");
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it(
    "goes around a hub where it can, and says which part is too wide where it can't",
    { timeout: 240_000 },
    async () => {
      const t = await newTenant();
      const hub = plantedId("Source");
      const citing = Array.from({ length: 50_500 }, () => plantedId("Source"));
      const lone = plantedId("Source");
      await plant(
        t,
        [{ id: hub, title: "hub" }, ...[...citing, lone].map((id) => ({ id, title: "citing" }))],
        [
          ...citing.map((from): PlantedEdge => ({ type: "CITES", from, to: hub })),
          { type: "CITES", from: hub, to: lone },
        ],
      );
      const one = await page(t.id, { expression: `id:${citing[0]} and (source:hub)+ and +id:${citing[0]}` });
      expect(one.nodes.map(({ id }) => id)).toEqual([citing[0]]);
      expect(one.hiddenByNode).toEqual([{ id: citing[0], count: 1 }]);
      const links = await page(t.id, { expression: "source:hub and links:>50000" });
      expect(links.hiddenByNode).toEqual([{ id: hub, count: 50_501 }]);
      const { errors } = await api.ask(t.id, SELECT, { expression: "tier:1 or (source:hub)+" });
      expect(errors?.[0]?.message).toMatch(/character 11: what begins there stands for more than 50,000 nodes/);
    },
  );

  it("completes keywords, fields, values and titles", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const { data } = await api.ask(t.id, `{ node(id: "${chain.source}") { title } }`);
    const { title } = data.node as { title: string };
    const complete = async (expression: string, position = expression.length, first = 50) => {
      const answer = await api.ask(t.id, COMPLETE, { expression, position, first });
      expect(answer.errors, expression).toBeUndefined();
      return answer.data.completeSelection as { text: string; kind: string; from: number; to: number }[];
    };
    const texts = async (...asked: Parameters<typeof complete>) => (await complete(...asked)).map(({ text }) => text);
    expect(await texts("")).toEqual(expect.arrayContaining(["label:", "source:", "not", "+", "("]));
    expect(await texts("tie")).toEqual(["tier:"]);
    expect(await complete("tier:")).toMatchObject([
      { text: "1", kind: "VALUE", from: 5, to: 5 },
      { text: "2" },
      { text: "3" },
    ]);
    expect(await texts("status:re")).toEqual(["retracted", "resolved"]);
    expect(await texts("status:retracted,wr")).toEqual(["wrong"]);
    expect(await texts("label:claim ")).toEqual(["and", "or", "+"]);
    expect(await texts("(label:claim ")).toEqual(["and", "or", "+", ")"]);
    expect(await texts("label:claim a")).toEqual(["and"]);
    expect(await texts("label:claim and lab")).toEqual(["label:"]);
    expect(await complete("label:cl and tier:1", 8)).toMatchObject([{ text: "claim", from: 6, to: 8 }]);
    expect(await complete("label:cl and tier:1", 7)).toMatchObject([
      { text: "channel" },
      { text: "claim", from: 6, to: 8 },
      { text: "correctiontask" },
    ]);
    const begun = title.split(" ")[0]!.slice(0, 4);
    const quoted = await complete(`source:"${begun}`);
    expect(quoted).toContainEqual({
      text: `"${title}"`,
      kind: "TITLE",
      detail: "Source",
      from: 7,
      to: 8 + begun.length,
    });
    for (const { text } of quoted) parseExpression(`source:${text}`);
    expect(await texts("channel:")).toContain("*");
    expect(await texts("nonsense:")).toEqual([]);
    expect(await texts("a a ")).toEqual([]);
    const wrong = await api.ask(t.id, COMPLETE, { expression: "a", position: 2 });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "position" });
  });
});

describe("the filters of lineage", { timeout: 240_000 * LONGER }, () => {
  it("show and count exactly what passes, and go on through what doesn't", async () => {
    const graph = testGraph();
    const random = seeded(5);
    const t = await newTenant();
    const { nodes, edges } = randomStudio(random);
    await plant(t, nodes, edges);
    const filters = [
      { labels: ["Source"] as NodeLabel[] },
      { tiers: [1, 2] },
      { statuses: ["RETRACTED", "NEEDS_RECHECK"] as const },
      { freshness: ["STALE"] as const },
      { confidence: ["LOW"] as const },
      { confidence: ["HIGH", "MEDIUM"] as const, labels: ["Claim", "Fact"] as NodeLabel[] },
      { tiers: [] },
    ];
    let hidden = 0;
    for (const filter of filters) {
      for (const direction of ["UPSTREAM", "DOWNSTREAM", "BOTH"] as Direction[]) {
        const root = random.pick(nodes.filter(({ id }) => ["Claim", "Source", "Episode"].includes(labelOf(id)))).id;
        const asOf = PLANTED_AT + random.below(8) * STEP;
        const depth = random.pick([2, 6]);
        const plain = lineageModel(edges, { root, direction, depth, asOf });
        const model = new GraphModel(nodes, edges, asOf);
        const passes = (id: string) => {
          const { tier, status } = model.node(id).properties as { tier?: number; status?: string };
          const given = filter as Record<string, readonly unknown[] | undefined>;
          return (
            (given.labels?.includes(labelOf(id)) ?? true) &&
            (given.tiers?.includes(tier) ?? true) &&
            (given.statuses?.includes(status) ?? true) &&
            (given.freshness?.includes(model.freshness(id)) ?? true) &&
            (given.confidence?.includes(model.confidence(id)) ?? true)
          );
        };
        const wanted = plain.order.filter((id) => id === root || passes(id));
        const said = `${JSON.stringify(filter)} ${direction} ${depth} of ${root} at +${asOf - PLANTED_AT}`;
        const question = { root: parseNodeId(root)!, direction, depth, asOf, edgeTypes: null, nodes: filter };
        const found = (await readLineage(graph, t.scope, { ...question, skip: 0, first: 500 }))!;
        expect(
          found.nodes.map(({ id }) => id),
          said,
        ).toEqual(wanted);
        expect(found, said).toMatchObject({ total: wanted.length, totalIsExact: true });
        const shown = new Set(wanted);
        for (const { id, count } of found.hidden) {
          expect(count, said).toBe([...plain.neighbours(id)].filter((one) => !shown.has(one)).length);
        }
        const inside = model.followed.filter(({ from, to }) => shown.has(from) && shown.has(to));
        expect(found.edges.map(edgeKey).sort(), said).toEqual(inside.map(edgeKey).sort());
        hidden += plain.order.length - wanted.length;
      }
    }
    expect(hidden).toBeGreaterThan(50);
  });
});
