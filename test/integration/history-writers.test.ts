import { beforeAll, describe, expect, it } from "vitest";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { Caller } from "../../server/commands/caller.js";
import { execute } from "../../server/commands/execute.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import type { AnyNode } from "../../server/graph/projection.js";
import { readHistory, type HistoryPosition } from "../../server/reads/history/history.query.js";
import { differenceOf } from "../../server/reads/lineage-diff/difference.js";
import { readSide } from "../../server/reads/lineage-diff/lineage-diff.query.js";
import { knownAt, readLineage } from "../../server/reads/lineage/lineage.query.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { LONGER } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { CHANGES, newWorld, REASON, type Change, type Run, type World } from "../kit/history-changes.js";
import { edgeText, replay, type GraphAt, type HistoryModel, type Made } from "../kit/history-model.js";
import { testOffice } from "../kit/office.js";
import { inParallel } from "../kit/plan.js";
import { seeded, type Random } from "../kit/random.js";
import { sealTenant } from "../kit/seal.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * A random history by several writers at once, held at every instant of it against a model in plain memory. The model knows
 * only which changes were made and when the store says they were: whatever the writers did to each other must add up to that.
 */

const WRITERS = 4;
const CHANGES_MADE = 1_000 * Math.min(LONGER, 4);
/** Changes that are made while others read the past. */
const UNDER_LOAD = 300;
const SEED = 20_261_122;

const MODELLED: Partial<Record<AnyNode["label"], readonly string[]>> = {
  Source: ["tier", "reliability", "independenceGroup", "status"],
  Claim: ["kind", "status", "recheckReason", "recheckSince"],
};
/** What of a node the model keeps. */
const kept = (node: AnyNode) => ({
  version: node.version,
  properties: Object.fromEntries(
    ["title", ...(MODELLED[node.label] ?? [])].map((name) => [
      name,
      (node as unknown as Record<string, unknown>)[name],
    ]),
  ),
});

/** Many may write together; whoever must be alone waits for them, and they for it. */
function gate() {
  let [writing, waiting] = [0, 0];
  let alone: Promise<void> | null = null;
  const idle: (() => void)[] = [];
  const left = () => {
    if (--writing === 0) idle.splice(0).forEach((wake) => wake());
  };
  return async <T>(exclusive: boolean, work: () => Promise<T>): Promise<T> => {
    while (alone !== null || (waiting > 0 && !exclusive)) await (alone ?? new Promise((wake) => setTimeout(wake, 1)));
    if (!exclusive) {
      writing++;
      return work().finally(left);
    }
    waiting++;
    while (writing > 0 || alone !== null) await (alone ?? new Promise<void>((wake) => idle.push(wake)));
    waiting--;
    const mine = work();
    alone = mine.then(
      () => {},
      () => {},
    );
    return mine.finally(() => (alone = null));
  };
}

let t: TestTenant;
let world: World;
let enter: ReturnType<typeof gate>;
const made: Made[] = [];
const counts = new Map<string, number>();
let refused = 0;

/** Refusals are part of the game: another writer was there first. */
class Refused extends Error {}

const run: Run = async (command, input, caller: Caller = t.caller("tenant-admin")) => {
  // Who approves is somebody else than who proposed.
  const who = command.name === "approve" ? t.person("approver", "approver") : caller;
  const given = { operationId: operationId(), reason: REASON, ...input };
  const executed = await execute(testOffice(), command, who, given);
  if (!executed.ok) throw new Refused(JSON.stringify(executed.problems));
  return executed;
};

const total = CHANGES.reduce((sum, { weight }) => sum + weight, 0);
function draw(random: Random): Change {
  // What is drawn seldom may be refused each time: what is still missing half way gets its turn.
  const missing = made.length * 2 > CHANGES_MADE ? CHANGES.filter(({ name }) => !counts.has(name)) : [];
  if (missing.length > 0 && random.below(4) === 0) return missing[random.below(missing.length)]!;
  let left = (random.below(1_000_000) / 1_000_000) * total;
  return CHANGES.find(({ weight }) => (left -= weight) < 0) ?? CHANGES[0]!;
}

/** Writers at once, until so many changes are made. */
async function write(until: number, seed: number): Promise<void> {
  const writer = async (n: number): Promise<void> => {
    const random = seeded(seed + n);
    while (made.length < until) {
      const change = draw(random);
      const act = change.prepare(world, random);
      if (act === null) continue;
      try {
        if (change.name === "retractSource") await sealTenant(t.id);
        made.push(await enter(change.alone === true, () => act(run)));
        counts.set(change.name, (counts.get(change.name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused++;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => writer(n)));
}

async function upstream(asOf: Instant): Promise<GraphAt> {
  const page = await readLineage(testGraph(), t.scope, {
    root: parseNodeId(world.episode)!,
    direction: "UPSTREAM",
    depth: 12,
    asOf,
    edgeTypes: null,
    skip: 0,
    first: 1_000,
  });
  if (page === null) return { nodes: {}, edges: [] };
  return {
    nodes: Object.fromEntries(page.nodes.map((node) => [node.id, kept(node)])),
    edges: page.edges.map((edge) => edgeText(knownAt(edge, asOf))).sort(),
  };
}

/** What the record said at the instant, as every answer tells it: no end that came later. */
function modelled(model: HistoryModel, asOf: Instant, depth = 12): GraphAt {
  if (model.nodeAt(world.episode, asOf) === undefined) return { nodes: {}, edges: [] };
  const { nodes, edges } = model.upstreamAt(world.episode, asOf, depth);
  return { nodes, edges: edges.map((edge) => edge.replace(/, \d+\)$/, `, ${FOREVER})`)).sort() };
}

let model: HistoryModel;
/** Each instant at which something changed, and the one before it. */
let instants: Instant[];
/** What was answered for settled instants while writers wrote, each twice. */
const twice: { readonly asOf: Instant; readonly answers: readonly [GraphAt, GraphAt] }[] = [];

beforeAll(async () => {
  t = await newTenant();
  const { result, at } = await run(createEpisode, { title: "The episode", channelId: t.channelId });
  const { episodeId } = result;
  made.push({ at, effects: () => [{ born: episodeId, properties: { title: "The episode" } }] });
  world = newWorld(episodeId);
  enter = gate();
  await write(CHANGES_MADE - UNDER_LOAD, SEED);
  // Nobody writes just now, so what was recorded by now is all that can be recorded of these instants.
  const random = seeded(SEED - 1);
  const asked = Array.from({ length: 60 }, () => random.pick(made).at - random.below(2));
  let writing = true;
  const reader = inParallel(asked, 2, async (asOf) => {
    const first = await upstream(asOf);
    await new Promise((wake) => setTimeout(wake, 20));
    twice.push({ asOf, answers: [first, await upstream(asOf)] });
    return writing;
  });
  await write(CHANGES_MADE, SEED + 100);
  writing = false;
  const underLoad = (await reader).filter(Boolean).length;
  console.info(
    `${made.length} changes by ${WRITERS} writers, ${refused} refused, ${underLoad} of ${asked.length} reads under load: ${[...counts].map(([name, n]) => `${name} ${n}`).join(", ")}`,
  );
  model = replay(made);
  instants = [...new Set(made.flatMap(({ at: own }) => [own - 1, own]))].sort((a, b) => a - b);
}, 600_000 * LONGER);

describe("a random history by several writers", () => {
  it("has every kind of change in it", () => {
    expect(CHANGES.filter(({ name }) => !counts.has(name)).map(({ name }) => name)).toEqual([]);
    expect(made.length).toBeGreaterThanOrEqual(CHANGES_MADE);
  });

  it("answers at every past instant as the model does", { timeout: 600_000 * LONGER }, async () => {
    expect(instants.length).toBeGreaterThan(CHANGES_MADE);
    const ids = model.ids.map((id) => parseNodeId(id)!);
    await inParallel(instants, 4, async (asOf) => {
      expect(await upstream(asOf), `upstream as of ${asOf}`).toEqual(modelled(model, asOf));
      const found = await nodesById(testGraph(), t.scope, ids, asOf);
      const all = [...found].map(([id, node]) => [id, kept(node)] as const);
      const expected = model.ids.flatMap((id) => {
        const node = model.nodeAt(id, asOf);
        return node === undefined ? [] : [[id, node] as const];
      });
      expect(Object.fromEntries(all), `nodes as of ${asOf}`).toEqual(Object.fromEntries(expected));
    });
  });

  it("answered the same twice for a past instant while others wrote, and as the model does", () => {
    expect(twice).toHaveLength(60);
    for (const { asOf, answers } of twice) {
      expect(answers[1], `as of ${asOf}`).toEqual(answers[0]);
      expect(answers[0], `as of ${asOf}`).toEqual(modelled(model, asOf));
    }
  });

  it("tells of each node all that happened to it, and nothing else, at any instant", { timeout: 300_000 }, async () => {
    const random = seeded(SEED + 1);
    await inParallel(model.ids, 4, async (id) => {
      for (const asOf of [instants.at(-1)!, random.pick(instants)])
        expect(await happened(id, asOf), `${id} as of ${asOf}`).toEqual(model.historyOf(id, asOf));
    });
  });

  it("differs from one instant to another by what the model says, at any depth", { timeout: 300_000 }, async () => {
    const random = seeded(SEED + 2);
    const pairs = [1, 2, 3, 12].flatMap((depth) =>
      Array.from({ length: depth === 12 ? 40 : 30 }, () => ({
        depth,
        pair: [random.pick(instants), random.pick(instants)].sort((a, b) => a - b),
      })),
    );
    await inParallel(pairs, 4, async ({ depth, pair }) => {
      const [from, to] = pair as [Instant, Instant];
      const question = { root: parseNodeId(world.episode)!, direction: "UPSTREAM", depth } as const;
      const [before, after] = [
        await readSide(testGraph(), t.scope, { ...question, at: from }),
        await readSide(testGraph(), t.scope, { ...question, at: to }),
      ];
      const { added, removed, changed } = differenceOf({ ...question, root: world.episode }, before, after);
      const [was, is] = [modelled(model, from, depth).nodes, modelled(model, to, depth).nodes];
      const idsOf = (list: readonly { what: { id: string } }[]) => list.map(({ what }) => what.id).sort();
      expect(idsOf(added.nodes)).toEqual(
        Object.keys(is)
          .filter((id) => !(id in was))
          .sort(),
      );
      expect(idsOf(removed.nodes)).toEqual(
        Object.keys(was)
          .filter((id) => !(id in is))
          .sort(),
      );
      expect(changed.nodes.map((one) => one.after.id).sort()).toEqual(
        Object.keys(is)
          .filter((id) => was[id] !== undefined && was[id].version !== is[id]!.version)
          .sort(),
      );
      // Whatever brought a node or took it away happened between the two.
      const came = added.nodes.flatMap(({ cause }) => cause?.validFrom ?? []);
      const went = removed.nodes.map(({ cause }) => cause!.validTo);
      expect([...came, ...went].filter((at) => at <= from || at > to)).toEqual([]);
    });
  });
});

/** Types of edges that the model doesn't keep. */
const OTHERS = new Set(["ON", "PROPOSES", "OWNED_BY"]);

/** All pages of a node's history, as the model puts it. */
async function happened(id: string, asOf: Instant): Promise<string[]> {
  const told: string[] = [];
  const node = parseNodeId(id)!;
  for (let after: HistoryPosition | null = null, more = true; more;) {
    const page = await readHistory(testGraph(), t.scope, { node, asOf, after, first: 20 });
    for (const { at, version, rank, edge } of page.rows) {
      if (version !== null) told.push(`${at} version ${version}`);
      if (edge === null || OTHERS.has(edge[0])) continue;
      const [type, other, leaves] = edge;
      const [from, to] = leaves
        ? [formatNodeId(node.label, node.id), other]
        : [other, formatNodeId(node.label, node.id)];
      told.push(`${at} ${rank === 2 ? "opened" : "closed"} ${from} ${type} ${to}`);
    }
    after = page.rows.at(-1) ?? null;
    ({ more } = page);
  }
  return told.sort();
}
