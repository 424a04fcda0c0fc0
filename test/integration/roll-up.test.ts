import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import { WEAKEST_FIRST } from "../../server/reads/lineage/standing.js";
import type { Direction } from "../../server/reads/lineage/lineage.query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { LONGER } from "../kit/env.js";
import { lineageModel } from "../kit/lineage-model.js";
import { plant, plantedId, PLANTED_AT, type PlantedEdge } from "../kit/plant.js";
import { seeded } from "../kit/random.js";
import { BELONGING, PAIRS, randomGraph, STEP } from "../kit/random-graph.js";
import { GraphModel, type ModelNode } from "../kit/selection-model.js";
import { newTenant } from "../kit/tenant.js";

const ROLL_UP = `query RollUp_Test($id: ID!, $direction: LineageDirection! = UPSTREAM, $by: RollUpBy!, $depth: Int, $asOf: DateTime, $filter: LineageFilter, $first: Int, $after: String) {
  lineageRollUp(id: $id, direction: $direction, by: $by, depth: $depth, asOf: $asOf, filter: $filter, first: $first, after: $after) {
    groups { node { id label } total totals { label count } weakest expression }
    shown groupCount total totals { label count } ungrouped ungroupedTotals { label count } endCursor hasNextPage asOf
  }
}`;
const SELECT = `query RollUp_Select($expression: String!, $asOf: DateTime) {
  select(expression: $expression, asOf: $asOf, first: 5000) { nodes { id } }
}`;

interface Count {
  label: string;
  count: number;
}
interface Answer {
  groups: { node: { id: string }; total: number; totals: Count[]; weakest: string | null; expression: string | null }[];
  shown: number;
  groupCount: number;
  total: number;
  totals: Count[];
  ungrouped: number;
  ungroupedTotals: Count[];
  endCursor: string | null;
  hasNextPage: boolean;
}

const labelOf = (id: string) => id.slice(0, id.indexOf(":")) as NodeLabel;
const sum = (counts: readonly Count[]) => counts.reduce((all, { count }) => all + count, 0);
const counts = (ids: Iterable<string>): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const id of ids) all[labelOf(id).toUpperCase()] = (all[labelOf(id).toUpperCase()] ?? 0) + 1;
  return all;
};
const told = (list: readonly Count[]) => Object.fromEntries(list.map(({ label, count }) => [label, count]));

describe("lineageRollUp", { timeout: 240_000 * LONGER }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function ask(tenantId: string, variables: object): Promise<Answer> {
    const { data, errors } = await api.ask(tenantId, ROLL_UP, variables);
    expect(errors, JSON.stringify(variables)).toBeUndefined();
    return data.lineageRollUp;
  }

  it("groups exactly the plain lineage, by what stands on its nodes, on random graphs at several instants", async () => {
    let [grouped, linked] = [0, 0];
    for (let seed = 21; seed <= 20 + 2 * LONGER; seed++) {
      const random = seeded(seed);
      const t = await newTenant();
      const { ids, edges } = randomGraph(random, { pairs: [...PAIRS, ...BELONGING], edges: 130 });
      const status: Partial<Record<NodeLabel, readonly string[]>> = {
        Source: ["ACTIVE", "STALE", "RETRACTED"],
        Claim: ["STATED", "WRONG", "NEEDS_RECHECK"],
        Episode: ["DRAFT", "PUBLISHED"],
      };
      const nodes: ModelNode[] = [...ids].flatMap(([label, some]) =>
        some.map((id) => ({
          id,
          title: label,
          properties: {
            ...(status[label] === undefined ? {} : { status: random.pick(status[label]) }),
            ...(label === "Channel" ? { platform: "web" } : {}),
            ...(label === "Principal" ? { kind: "HUMAN", roles: ["analyst"] } : {}),
          },
        })),
      );
      await plant(t, nodes, edges);
      for (let i = 0; i < 18; i++) {
        const by = (["EPISODE", "CHANNEL", "TOPIC"] as const)[i % 3]!;
        const direction = random.pick(["UPSTREAM", "DOWNSTREAM", "BOTH"] as Direction[]);
        const root = random.pick(ids.get(random.pick(["Source", "Claim", "Fact", "Episode"] as const))!);
        const asOf = PLANTED_AT + random.below(8) * STEP;
        const depth = 1 + random.below(6);
        const labels = i % 4 === 3 ? (["Claim", "Source"] as NodeLabel[]) : null;
        const variables = { id: root, direction, by, depth, asOf: new Date(asOf).toISOString() };
        const filter = labels === null ? null : { labels: labels.map((label) => label.toUpperCase()) };
        const found = await ask(t.id, { ...variables, filter, first: 500 });
        const said = `seed ${seed}: ${JSON.stringify(variables)}`;

        const plain = lineageModel(edges, { root, direction, depth, asOf }).order;
        const members = plain.filter((id) => id === root || labels === null || labels.includes(labelOf(id)));
        expect(found.total, said).toBe(members.length);
        expect(told(found.totals), said).toEqual(counts(members));
        const model = new GraphModel(nodes, edges, asOf);
        const belonging = new Map<string, Set<string>>();
        for (const episode of ids.get("Episode")!) {
          const ends = (type: string, label: NodeLabel) =>
            model.open
              .filter((e) => e.type === type && e.from === episode && labelOf(e.to) === label)
              .map(({ to }) => to);
          const groups =
            by === "EPISODE" ? [episode] : by === "CHANNEL" ? ends("ON", "Channel") : ends("ABOUT", "Topic");
          const all = model.within(new Set([episode]), "UPSTREAM", 100);
          for (const group of groups) {
            const its = belonging.get(group) ?? new Set<string>();
            for (const id of members) if (all.has(id)) its.add(id);
            if (its.size > 0) belonging.set(group, its);
          }
        }
        expect(new Set(found.groups.map(({ node }) => node.id)), said).toEqual(new Set(belonging.keys()));
        expect(found.groupCount, said).toBe(belonging.size);
        for (const group of found.groups) {
          const its = [...belonging.get(group.node.id)!];
          expect(group.total, said).toBe(its.length);
          expect(told(group.totals), said).toEqual(counts(its));
          expect(sum(group.totals), said).toBe(group.total);
          const statuses = its.map((id) => model.node(id).properties.status);
          expect(group.weakest, said).toBe(WEAKEST_FIRST.find((one) => statuses.includes(one)) ?? null);
          grouped++;
        }
        const totals = found.groups.map(({ total }) => total);
        expect(totals, said).toEqual(totals.toSorted((a, b) => b - a));
        const alone = members.filter((id) => ![...belonging.values()].some((its) => its.has(id)));
        expect([found.ungrouped, told(found.ungroupedTotals)], said).toEqual([alone.length, counts(alone)]);
        // The link leads to the same nodes.
        const [first] = found.groups;
        expect(
          found.groups.every(({ expression }) => (expression === null) === (direction === "BOTH" && depth > 1)),
        ).toBe(true);
        if (first === undefined || first.expression === null) continue;
        const { data, errors } = await api.ask(t.id, SELECT, { expression: first.expression, asOf: variables.asOf });
        expect(errors, first.expression).toBeUndefined();
        const selected = (data.select.nodes as { id: string }[]).map(({ id }) => id);
        expect(new Set(selected), `${said}: ${first.expression}`).toEqual(belonging.get(first.node.id));
        linked++;
      }
    }
    expect(grouped).toBeGreaterThan(30);
    expect(linked).toBeGreaterThan(5);
  });

  it("pages through its groups for one instant, and refuses what isn't there, isn't a place, or is too much", async () => {
    const t = await newTenant();
    const [source, fact, claim, snapshot] = (["Source", "Fact", "Claim", "Snapshot"] as const).map(plantedId) as [
      string,
      string,
      string,
      string,
    ];
    const scenes = Array.from({ length: 5 }, () => plantedId("Scene"));
    const episodes = Array.from({ length: 5 }, () => plantedId("Episode")).sort();
    await plant(
      t,
      [source, fact, claim, snapshot, ...scenes, ...episodes].map((id) => ({ id })),
      [
        { type: "CAPTURED_FROM", from: snapshot, to: source },
        { type: "QUOTED_FROM", from: fact, to: snapshot },
        { type: "SUPPORTED_BY", from: claim, to: fact },
        ...scenes.map((from): PlantedEdge => ({ type: "STATES", from, to: claim })),
        ...scenes.map((to, i): PlantedEdge => ({ type: "HAS_SCENE", from: episodes[i]!, to })),
      ],
    );
    const question = { id: source, direction: "DOWNSTREAM", by: "EPISODE", depth: 5, first: 2 };
    const pages: Answer[] = [];
    for (let after: string | null = null, more = true; more;) {
      const next: Answer = await ask(t.id, { ...question, after });
      pages.push(next);
      [after, more] = [next.endCursor, next.hasNextPage];
    }
    expect(pages.map(({ shown }) => shown)).toEqual([2, 2, 1]);
    expect(pages.flatMap(({ groups }) => groups.map(({ node }) => node.id))).toEqual(episodes);
    expect(pages[0]).toMatchObject({ total: 14, groupCount: 5, ungrouped: 0 });
    expect(pages[0]!.groups[0]).toMatchObject({ total: 6, weakest: "DRAFT" });
    for (const [code, variables] of [
      ["BAD_INPUT", { after: "x" }],
      ["BAD_INPUT", { after: pages[0]!.endCursor, depth: 4 }],
      ["BAD_INPUT", { depth: 13 }],
      ["BAD_INPUT", { filter: { tiers: [4] } }],
      ["NOT_FOUND", { id: plantedId("Source") }],
      ["NOT_FOUND", { asOf: "2001-01-01T00:00:00Z" }],
    ] as const) {
      const { errors } = await api.ask(t.id, ROLL_UP, { ...question, ...variables });
      expect(errors?.[0]?.extensions.code, JSON.stringify(variables)).toBe(code);
    }
    const hub = plantedId("Source");
    const citing = Array.from({ length: 50_100 }, () => plantedId("Source"));
    await plant(
      t,
      [hub, ...citing].map((id) => ({ id })),
      citing.map((from): PlantedEdge => ({ type: "CITES", from, to: hub })),
    );
    const { errors } = await api.ask(t.id, ROLL_UP, { ...question, id: hub });
    expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_INPUT", field: "depth" } });
    expect(errors?.[0]?.message).toMatch(/more than 50,000 nodes/);
  });
});
