import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { LINEAGE_EDGES } from "../../graph-schema/catalog.js";
import { Allowance, TooMuch, Walk } from "../../server/reads/lineage/walk.query.js";
import { readPaths, type PathsQuestion } from "../../server/reads/paths/paths.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain } from "../kit/build.js";
import { LONGER } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { plant, plantedId, PLANTED_AT, type PlantedEdge } from "../kit/plant.js";
import { seeded } from "../kit/random.js";
import { edgeKey, randomGraph, STEP } from "../kit/random-graph.js";
import { GraphModel } from "../kit/selection-model.js";
import { newTenant } from "../kit/tenant.js";

const PATHS = `query Paths_Test($from: ID!, $to: ID!, $asOf: DateTime, $first: Int, $filter: LineageFilter, $mixed: Boolean) {
  paths(from: $from, to: $to, asOf: $asOf, first: $first, filter: $filter, mixed: $mixed) {
    paths { length direction nodes { id } edges { type from to by why } }
    shown total totalIsExact reason asOf
  }
}`;

interface Answer {
  paths: {
    length: number;
    direction: string;
    nodes: { id: string }[];
    edges: { type: string; from: string; to: string }[];
  }[];
  shown: number;
  total: number;
  totalIsExact: boolean;
  reason: string | null;
  asOf: string;
}

/** Every simple way between two nodes, by trying all of them: the shortest first, and of one length those that don't turn. */
function everyWay(model: GraphModel, from: string, to: string, mixed: boolean): { way: string[]; turns: boolean }[] {
  const found: { way: string[]; turns: boolean }[] = [];
  const go = (way: string[], ups: boolean, downs: boolean) => {
    const at = way.at(-1)!;
    if (at === to) {
      found.push({ way, turns: ups && downs });
      return;
    }
    const next = new Map<string, [boolean, boolean]>();
    for (const edge of model.followed) {
      const other = edge.from === at ? edge.to : edge.to === at ? edge.from : null;
      if (other === null || way.includes(other)) continue;
      const [up, down] = next.get(other) ?? [false, false];
      next.set(other, [up || edge.from === at, down || edge.to === at]);
    }
    for (const [other, [up, down]] of next) {
      // Where two nodes stand on each other, a step goes either way.
      const turns: [boolean, boolean][] = up && down ? [[false, false]] : [[up, down]];
      for (const [isUp, isDown] of turns) {
        if (!mixed && (ups || isUp) && (downs || isDown)) continue;
        go([...way, other], ups || isUp, downs || isDown);
      }
    }
  };
  go([from], false, false);
  return found.sort((a, b) => a.way.length - b.way.length || Number(a.turns) - Number(b.turns));
}

describe("a step of a walk", { timeout: 120_000 }, () => {
  it("is whole or cut by its neighbours, however many relations lead to one", async () => {
    const t = await newTenant();
    const claim = plantedId("Claim");
    const facts = Array.from({ length: 8 }, () => plantedId("Fact"));
    await plant(t, [{ id: claim }, ...facts.map((id) => ({ id }))], []);
    // One after the other, so that the relations to one fact stand beside each other in the store.
    for (const to of facts) {
      await plant(
        t,
        [],
        (["SUPPORTED_BY", "CONTRADICTED_BY"] as const).map((type) => ({ type, from: claim, to })),
      );
    }
    const walk = (allowance: number) =>
      new Walk(testGraph(), t.scope, { asOf: PLANTED_AT, edgeTypes: null }, new Allowance(allowance));
    for (let most = 1; most < facts.length; most++) {
      expect(await walk(1_000).step([claim], "UPSTREAM", most), `at most ${most}`).toBeNull();
      await expect(walk(most).step([claim], "UPSTREAM"), `${most} left`).rejects.toThrow(TooMuch);
    }
    const whole = await walk(1_000).step([claim], "UPSTREAM", facts.length);
    expect([...whole!.get(claim)!].sort()).toEqual([...facts].sort());
    expect([...(await walk(facts.length).step([claim], "UPSTREAM"))!.get(claim)!].sort()).toEqual([...facts].sort());
    // Of a fact, the claim that it supports and speaks against is one.
    expect((await walk(1).step(facts.slice(0, 1), "DOWNSTREAM"))!.get(facts[0]!)).toEqual([claim]);
  });
});

describe("paths", { timeout: 120_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function ask(tenantId: string, variables: object): Promise<Answer> {
    const { data, errors } = await api.ask(tenantId, PATHS, variables);
    expect(errors, JSON.stringify(variables)).toBeUndefined();
    return data.paths;
  }

  it("lead from an episode to the source it stands on, and back, saying which stands on which", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const ids = [chain.episode, chain.scene, chain.claim, chain.fact, chain.snapshot, chain.source];
    const up = await ask(t.id, { from: chain.episode, to: chain.source });
    expect(up).toMatchObject({ shown: 1, total: 1, totalIsExact: true, reason: null });
    expect(up.paths[0]).toMatchObject({ length: 5, direction: "UPSTREAM", nodes: ids.map((id) => ({ id })) });
    const types = ["HAS_SCENE", "STATES", "SUPPORTED_BY", "QUOTED_FROM", "CAPTURED_FROM"];
    expect(up.paths[0]!.edges.map(({ type }) => type)).toEqual(types);
    expect(up.paths[0]!.edges[0]).toMatchObject({ by: "Tess Tester", why: "a test" });
    const down = await ask(t.id, { from: chain.source, to: chain.episode });
    expect(down.paths[0]).toMatchObject({
      length: 5,
      direction: "DOWNSTREAM",
      nodes: ids.toReversed().map((id) => ({ id })),
    });
    expect(down.paths[0]!.edges.map(({ type }) => type)).toEqual(types.toReversed());
    const self = await ask(t.id, { from: chain.claim, to: chain.claim });
    expect(self).toMatchObject({ total: 1, paths: [{ length: 0, nodes: [{ id: chain.claim }], edges: [] }] });
  });

  it("that don't exist are told with the reason, and what else to ask", async () => {
    const t = await newTenant();
    const [one, other] = [await buildChain(t), await buildChain(t)];
    const none = await ask(t.id, { from: one.claim, to: other.source });
    expect(none).toMatchObject({ paths: [], shown: 0, total: 0, totalIsExact: true });
    expect(none.reason).toMatch(/Neither stands on the other .* ask with `mixed: true`/);
    const mixed = await ask(t.id, { from: one.claim, to: other.source, mixed: true });
    expect(mixed.reason).toMatch(/No way leads .* `filter.edgeTypes`/);
    const filtered = await ask(t.id, { from: one.episode, to: one.source, filter: { labels: ["CLAIM"] } });
    expect(filtered.reason).toMatch(/through nodes that pass the filter/);
    const past = await api.ask(t.id, PATHS, { from: one.claim, to: one.source, asOf: "2001-01-01T00:00:00Z" });
    expect(past.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    for (const to of [plantedId("Source"), (await buildChain(await newTenant())).source]) {
      const { errors } = await api.ask(t.id, PATHS, { from: one.claim, to });
      expect(errors?.[0]).toMatchObject({
        message: "There is no such thing, or it isn't yours to see.",
        extensions: { code: "NOT_FOUND" },
      });
    }
    for (const [field, variables] of [
      ["first", { first: 101 }],
      ["to", { to: "Claim:1" }],
    ] as const) {
      const { errors } = await api.ask(t.id, PATHS, { from: one.claim, to: one.source, ...variables });
      expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field });
    }
  });

  it("turn only when they may, and follow context only when the filter names it", async () => {
    const t = await newTenant();
    const [claim, other, fact, decision] = [
      plantedId("Claim"),
      plantedId("Claim"),
      plantedId("Fact"),
      plantedId("Decision"),
    ];
    const edges: PlantedEdge[] = [
      { type: "SUPPORTED_BY", from: claim, to: fact },
      { type: "CONSIDERED", from: claim, to: fact },
      { type: "CONTRADICTED_BY", from: other, to: fact },
      { type: "ABOUT", from: decision, to: claim },
    ];
    await plant(
      t,
      [claim, other, fact, decision].map((id) => ({ id })),
      edges,
    );
    expect(await ask(t.id, { from: claim, to: other })).toMatchObject({ total: 0 });
    const shared = await ask(t.id, { from: claim, to: other, mixed: true });
    expect(shared.paths).toHaveLength(1);
    expect(shared.paths[0]).toMatchObject({ length: 2, direction: "BOTH" });
    expect(shared.paths[0]!.edges.map(edgeKey)).toEqual([edgeKey(edges[1]!), edgeKey(edges[0]!), edgeKey(edges[2]!)]);
    expect(await ask(t.id, { from: decision, to: fact })).toMatchObject({ total: 0 });
    const filter = { edgeTypes: LINEAGE_EDGES };
    expect(await ask(t.id, { from: decision, to: fact, filter })).toMatchObject({ total: 1, paths: [{ length: 2 }] });
  });

  it(
    "are those of a search in memory, on random graphs with cycles and closed edges, at several instants",
    { timeout: 240_000 * LONGER },
    async () => {
      const graph = testGraph();
      let [found, turned] = [0, 0];
      for (let seed = 1; seed <= 3 * LONGER; seed++) {
        const random = seeded(seed);
        const t = await newTenant();
        const { ids, edges } = randomGraph(random, { edges: 45 });
        const all = [...ids.values()].flat();
        await plant(
          t,
          all.map((id) => ({ id })),
          edges,
        );
        for (let i = 0; i < 25; i++) {
          const [from, to] = [random.pick(all), random.pick(all)];
          const asOf = PLANTED_AT + random.below(8) * STEP;
          const mixed = random.below(3) === 0;
          const first = 1 + random.below(12);
          const model = new GraphModel([], edges, asOf);
          const wanted = from === to ? [{ way: [from], turns: false }] : everyWay(model, from, to, mixed);
          const said = `seed ${seed}: ${from} to ${to} at +${asOf - PLANTED_AT}${mixed ? ", mixed" : ""}`;
          const ends = { from: parseNodeId(from)!, to: parseNodeId(to)! };
          const question: PathsQuestion = { ...ends, asOf, first, mixed, edgeTypes: null, nodes: null };
          const answer = (await readPaths(graph, t.scope, question))!;
          expect(answer.total, said).toBe(Math.min(wanted.length, 1_000));
          expect(answer.totalIsExact, said).toBe(wanted.length <= 1_000);
          expect(answer.reason === null, said).toBe(wanted.length > 0);
          expect(answer.paths.length, said).toBe(Math.min(wanted.length, first));
          const texts = new Set(wanted.map(({ way }) => way.join(" ")));
          for (const [n, path] of answer.paths.entries()) {
            const way = path.nodes.map(({ id }) => id);
            expect(texts.delete(way.join(" ")), said).toBe(true);
            expect(path.length, said).toBe(wanted[n]!.way.length - 1);
            const steps = way.slice(1).flatMap((id, at) => {
              const [a, b] = [way[at]!, id];
              return model.followed.filter(
                (edge) =>
                  (path.direction !== "DOWNSTREAM" && edge.from === a && edge.to === b) ||
                  (path.direction !== "UPSTREAM" && edge.from === b && edge.to === a),
              );
            });
            expect(path.edges.map(edgeKey).sort(), said).toEqual(steps.map(edgeKey).sort());
            if (path.direction === "BOTH") turned++;
          }
          if (from !== to) found += answer.paths.length;
        }
      }
      expect(found).toBeGreaterThan(30);
      expect(turned).toBeGreaterThan(5);
    },
  );

  it("end in rings of citations, and count no further than they may", async () => {
    const t = await newTenant();
    // A ladder of 12 rungs, each of two sources that cite both of the next: 2,048 ways, and back in a ring.
    const rungs = Array.from({ length: 13 }, (_, i) =>
      i === 0 || i === 12 ? [plantedId("Source")] : [plantedId("Source"), plantedId("Source")],
    );
    const edges = rungs.flatMap((rung, i): PlantedEdge[] =>
      rung.flatMap((from) => rungs[(i + 1) % 13]!.map((to): PlantedEdge => ({ type: "CITES", from, to }))),
    );
    await plant(
      t,
      rungs.flat().map((id) => ({ id })),
      edges,
    );
    const found = await ask(t.id, { from: rungs[0]![0], to: rungs[12]![0], first: 100 });
    expect(found).toMatchObject({ shown: 100, total: 1_000, totalIsExact: false });
    // The ring's other way is one hop long.
    expect(found.paths.map(({ length }) => length)).toEqual([1, ...Array.from({ length: 99 }, () => 12)]);
  });

  it(
    "past a hub of 100,000 relations are found from the other side, or told to be too many to read",
    { timeout: 300_000 },
    async () => {
      const t = await newTenant();
      const [hub, one, far, loner] = [
        plantedId("Source"),
        plantedId("Source"),
        plantedId("Source"),
        plantedId("Source"),
      ];
      const citing = Array.from({ length: 100_000 }, () => plantedId("Source"));
      await plant(
        t,
        [hub, one, far, loner, ...citing].map((id) => ({ id })),
        [
          ...citing.map((from): PlantedEdge => ({ type: "CITES", from, to: hub })),
          { type: "CITES", from: one, to: citing[7]! },
          { type: "CITES", from: far, to: loner },
        ],
      );
      const start = performance.now();
      const found = await ask(t.id, { from: hub, to: one });
      expect(found).toMatchObject({ total: 1, totalIsExact: true, paths: [{ length: 2, direction: "DOWNSTREAM" }] });
      console.info(`paths: past a hub of 100,000 in ${Math.round(performance.now() - start)} ms`);
      const mixed = await ask(t.id, { from: hub, to: one, mixed: true });
      expect(mixed).toMatchObject({ total: 1, paths: [{ length: 2, direction: "DOWNSTREAM" }] });
      expect(await ask(t.id, { from: one, to: far })).toMatchObject({ total: 0, totalIsExact: true });
      // Two small sides, with the hub in each one's way, and no way across.
      const [left, right] = [plantedId("Source"), plantedId("Source")];
      const crowd = Array.from({ length: 100_000 }, () => plantedId("Source"));
      await plant(
        t,
        [left, right, ...crowd].map((id) => ({ id })),
        [
          { type: "CITES", from: left, to: hub },
          ...crowd.map((from): PlantedEdge => ({ type: "CITES", from, to: right })),
        ],
      );
      const lost = await ask(t.id, { from: left, to: right, mixed: true });
      expect(lost).toMatchObject({ paths: [], total: 0, totalIsExact: false });
      expect(lost.reason).toMatch(/There is none of up to 1 hops.* more than 100,000 relations/);
    },
  );
});
