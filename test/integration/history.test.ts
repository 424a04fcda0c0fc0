import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { EdgeType } from "../../graph-schema/catalog.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import { setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { linkEvidence, STANCES, unlinkEvidence, type Stance } from "../../server/domains/evidence/evidence.service.js";
import { extractFact } from "../../server/domains/fact/fact.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { execute } from "../../server/commands/execute.js";
import type { Command } from "../../server/commands/command.js";
import type { AnyNode } from "../../server/graph/projection.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { readLineage } from "../../server/reads/lineage/lineage.query.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { buildChain, buildClaim, buildFact, buildScene, buildSource } from "../kit/build.js";
import { LONGER } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { testOffice } from "../kit/office.js";
import { edgeText, HistoryModel, type GraphAt } from "../kit/history-model.js";
import { inParallel } from "../kit/plan.js";
import { seeded } from "../kit/random.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/* What is recorded when: versions of nodes, intervals of edges, and reads of any instant. */

const intervalsQuery = defineQuery({
  name: "testIntervals",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (a {tenantId: $tenantId})-[r]->(b) WHERE r.validFrom IS NOT NULL
RETURN type(r) AS type, a.id AS from, coalesce(b.id, b.sha256) AS to, r.validFrom AS validFrom, r.validTo AS validTo,
  a.validFrom AS fromBorn, b.validFrom AS toBorn, r.openedBy AS openedBy, r.closedBy AS closedBy
ORDER BY type, from, to, validFrom`,
  row: z.object({
    type: z.string(),
    from: z.string(),
    to: z.string(),
    validFrom: z.number(),
    validTo: z.number(),
    fromBorn: z.number(),
    toBorn: z.number().nullable(),
    openedBy: z.string(),
    closedBy: z.string().nullable(),
  }),
});

const revisionsQuery = defineQuery({
  name: "testRevisions",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (past:Revision {tenantId: $tenantId})-[:REVISION_OF]->(n {id: $id})
RETURN past.n AS n, past.validFrom AS validFrom, past.validTo AS validTo ORDER BY n`,
  row: z.object({ n: z.number(), validFrom: z.number(), validTo: z.number() }),
});

/** What a clock that was ahead would have left behind. */
const shiftClaim = defineQuery({
  name: "testShiftClaim",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; at: number }>(),
  cypher: `MATCH (n:Claim {tenantId: $tenantId, id: $id}) SET n.validFrom = $at, n.versionFrom = $at`,
  row: noRow,
});
const shiftEdges = defineQuery({
  name: "testShiftEdges",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; at: number }>(),
  cypher: `MATCH (n:Claim {tenantId: $tenantId, id: $id})-[r:SUPPORTED_BY]->() SET r.validFrom = $at`,
  row: noRow,
});

const partOf = (id: string): string => parseNodeId(id)!.id;
const intervals = (t: TestTenant) => testGraph().read(t.scope, intervalsQuery, {});
const read = async (t: TestTenant, id: string, asOf: Instant): Promise<AnyNode | undefined> =>
  (await nodesById(testGraph(), t.scope, [parseNodeId(id)!], asOf)).get(id);

/** Runs a command and says when it was. */
async function done<I, R>(t: TestTenant, command: Command<I, R>, input: object): Promise<{ result: R; at: Instant }> {
  const executed = await t.execute(command, input);
  if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
  return executed;
}

/** The same in the tenant alone: its twin would see writers at once in another order. */
async function here<I, R>(t: TestTenant, command: Command<I, R>, input: object): Promise<{ result: R; at: Instant }> {
  const executed = await execute(testOffice(), command, t.caller("tenant-admin"), {
    operationId: operationId(),
    reason: "a test",
    ...input,
  });
  if (!executed.ok) throw new Error(executed.problems.map((problem) => problem.code).join());
  return executed;
}

const notLinked = (error: Error): void => expect(error.message).toBe("NOT_LINKED");

/** No interval is empty, no two of one edge overlap, only the last is open, and none is older than its ends. */
async function expectIntervalsInOrder(t: TestTenant): Promise<void> {
  const all = await intervals(t);
  expect(all.length).toBeGreaterThan(0);
  for (const [i, edge] of all.entries()) {
    expect(edge.validTo, edgeText(edge)).toBeGreaterThan(edge.validFrom);
    expect(edge.validFrom, `${edgeText(edge)} and its ends`).toBeGreaterThanOrEqual(
      Math.max(edge.fromBorn, edge.toBorn ?? 0),
    );
    expect(edge.closedBy === null, edgeText(edge)).toBe(edge.validTo === FOREVER);
    const next = all[i + 1];
    if (next === undefined || [next.type, next.from, next.to].join() !== [edge.type, edge.from, edge.to].join())
      continue;
    expect(next.validFrom, `${edgeText(edge)} and ${edgeText(next)}`).toBeGreaterThanOrEqual(edge.validTo);
  }
}

describe("a revision", () => {
  it("keeps what was, from its first instant to its last", async () => {
    const t = await newTenant();
    const url = "https://revised.example/";
    const first = await done(t, registerSource, { url, title: "Before", tier: 3, publisher: "P" });
    const second = await done(t, registerSource, { url, title: "After", tier: 1 });
    const third = await done(t, registerSource, { url, title: "After", status: "DEAD" });
    const id = first.result.sourceId;
    expect([second.result.sourceId, third.result.sourceId]).toEqual([id, id]);
    expect(first.at < second.at && second.at < third.at).toBe(true);

    const before = { title: "Before", tier: 3, publisher: "P", status: "ACTIVE", version: 1, versionFrom: first.at };
    const after = { title: "After", tier: 1, publisher: "P", status: "ACTIVE", version: 2, versionFrom: second.at };
    const last = { title: "After", tier: 1, publisher: "P", status: "DEAD", version: 3, versionFrom: third.at };
    expect(await read(t, id, first.at - 1)).toBeUndefined();
    expect(await read(t, id, first.at)).toMatchObject(before);
    expect(await read(t, id, second.at - 1)).toMatchObject(before);
    expect(await read(t, id, second.at)).toMatchObject(after);
    expect(await read(t, id, third.at - 1)).toMatchObject(after);
    expect(await read(t, id, third.at)).toMatchObject(last);
    expect(await read(t, id, FOREVER - 1)).toMatchObject(last);
    for (const at of [first.at, second.at, third.at])
      expect(await read(t, id, at)).toMatchObject({ createdAt: first.at, validFrom: first.at, validTo: FOREVER });
  });

  it("isn't made when nothing differs", async () => {
    const t = await newTenant();
    const input = { url: "https://same.example/", title: "Same", tier: 2 };
    const first = await done(t, registerSource, input);
    const again = await done(t, registerSource, input);
    expect(await read(t, first.result.sourceId, again.at)).toMatchObject({ version: 1, versionFrom: first.at });
    expect(await testGraph().read(t.scope, revisionsQuery, { id: partOf(first.result.sourceId) })).toEqual([]);
  });

  it("costs no edge: what hangs on the node hangs on its life", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const before = await intervals(t);
    await done(t, setClaimStatus, { claimId: chain.claim, status: "WRONG" });
    expect(await intervals(t)).toEqual(before);
  });

  it("follows the newest version though a clock was ahead", async () => {
    const t = await newTenant();
    const claimId = await buildClaim(t);
    const ahead = Date.now() + 60_000;
    for (const scope of [t.scope, t.twinScope])
      await testGraph().write(scope, (tx) => tx.run(shiftClaim, { id: partOf(claimId), at: ahead }));
    const revised = await done(t, setClaimStatus, { claimId, status: "WRONG" });
    expect(revised.at).toBe(ahead + 1);
    expect(await read(t, claimId, ahead)).toMatchObject({ status: "STATED", version: 1 });
    expect(await read(t, claimId, ahead + 1)).toMatchObject({ status: "WRONG", version: 2 });
  });
});

describe("an edge", () => {
  const linked = async (t: TestTenant, claimId: string, asOf: Instant) =>
    (
      await readLineage(testGraph(), t.scope, {
        root: parseNodeId(claimId)!,
        direction: "UPSTREAM",
        depth: 1,
        asOf,
        edgeTypes: null,
        skip: 0,
        first: 10,
      })
    )?.edges.length;

  it("closes and opens again as an interval of its own, half open", async () => {
    const t = await newTenant();
    const [claimId, factId] = [await buildClaim(t), await buildFact(t)];
    const link = { claimId, factId, stance: "SUPPORTS" };
    const opened = await done(t, linkEvidence, link);
    const twice = await done(t, linkEvidence, link);
    const closed = await done(t, unlinkEvidence, link);
    const reopened = await done(t, linkEvidence, link);
    const own = (await intervals(t)).filter((edge) => edge.type === "SUPPORTED_BY");
    expect(own).toMatchObject([
      { validFrom: opened.at, validTo: closed.at },
      { validFrom: reopened.at, validTo: FOREVER, closedBy: null },
    ]);
    expect(twice.at).toBeGreaterThanOrEqual(opened.at);
    expect(reopened.at).toBeGreaterThan(closed.at);
    expect(await linked(t, claimId, opened.at - 1)).toBe(0);
    expect(await linked(t, claimId, opened.at)).toBe(1);
    expect(await linked(t, claimId, closed.at - 1)).toBe(1);
    expect(await linked(t, claimId, closed.at)).toBe(0);
    expect(await linked(t, claimId, reopened.at - 1)).toBe(0);
    expect(await linked(t, claimId, reopened.at)).toBe(1);
  });

  it("names the operations that opened and closed it", async () => {
    const t = await newTenant();
    const link = { claimId: await buildClaim(t), factId: await buildFact(t), stance: "CONTRADICTS" };
    const ids = ["opening", "closing"].map((word) => `test/${word}/${ulid()}`);
    await done(t, linkEvidence, { ...link, operationId: ids[0] });
    await done(t, unlinkEvidence, { ...link, operationId: ids[1] });
    expect((await intervals(t)).filter((edge) => edge.type === "CONTRADICTED_BY")).toMatchObject([
      { openedBy: ids[0], closedBy: ids[1] },
    ]);
  });

  it("never overlaps its predecessor though a clock was ahead", async () => {
    const t = await newTenant();
    const [claimId, factId] = [await buildClaim(t), await buildFact(t)];
    const link = { claimId, factId, stance: "SUPPORTS" };
    await done(t, linkEvidence, link);
    const ahead = Date.now() + 60_000;
    await testGraph().write(t.scope, (tx) => tx.run(shiftEdges, { id: partOf(claimId), at: ahead }));
    await done(t, unlinkEvidence, link);
    await done(t, linkEvidence, link);
    await done(t, unlinkEvidence, link);
    await done(t, linkEvidence, link);
    expect((await intervals(t)).filter((edge) => edge.type === "SUPPORTED_BY")).toHaveLength(3);
    await expectIntervalsInOrder(t);
  });

  it("is never older than a node that it meets, though that one was made by a clock ahead", async () => {
    const t = await newTenant();
    const text = "It was stated before.";
    const claimId = await buildClaim(t, { text });
    const sceneId = await buildScene(t);
    const ahead = Date.now() + 60_000;
    for (const scope of [t.scope, t.twinScope])
      await testGraph().write(scope, (tx) => tx.run(shiftClaim, { id: partOf(claimId), at: ahead }));
    const { at, result } = await done(t, stateClaim, { text, sceneIds: [sceneId] });
    expect(result.claimId).toBe(claimId);
    expect(at).toBeGreaterThan(ahead);
    await expectIntervalsInOrder(t);
  });
});

describe("writers at once", () => {
  it("give one node versions that follow each other without a gap", async () => {
    const t = await newTenant();
    const url = "https://busy.example/";
    const sourceId = await buildSource(t, { url, title: "Busy 0" });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => here(t, registerSource, { url, title: `Busy ${i + 1}` })),
    );
    const instants = answers.map((answer) => answer.at);
    expect(new Set(instants).size).toBe(20);
    const revisions = await testGraph().read(t.scope, revisionsQuery, { id: partOf(sourceId) });
    expect(revisions.map((revision) => revision.n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    const present = await read(t, sourceId, Math.max(...instants));
    expect(present).toMatchObject({ version: 21, versionFrom: Math.max(...instants) });
    for (const [i, revision] of revisions.entries()) {
      expect(revision.validTo).toBeGreaterThan(revision.validFrom);
      expect(revision.validTo).toBe(revisions[i + 1]?.validFrom ?? present?.versionFrom);
    }
    // Each writer's own title holds from its own instant on.
    for (const [i, { at }] of answers.entries())
      expect(await read(t, sourceId, at)).toMatchObject({ title: `Busy ${i + 1}` });
  });

  it("link and unlink one pair in intervals that don't overlap", async () => {
    const t = await newTenant();
    const link = { claimId: await buildClaim(t), factId: await buildFact(t), stance: "SUPPORTS" };
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => here(t, i % 2 === 0 ? linkEvidence : unlinkEvidence, link).catch(notLinked)),
    );
    expect((await intervals(t)).filter((edge) => edge.type === "SUPPORTED_BY").length).toBeGreaterThan(0);
    await expectIntervalsInOrder(t);
  });
});

describe("a history of 200 changes", () => {
  /** What of a node the model keeps. */
  const kept = (node: AnyNode) => {
    const { title, version } = node;
    const own = node.label === "Source" ? { tier: node.tier } : node.label === "Claim" ? { status: node.status } : {};
    return { version, properties: { title, ...own } };
  };

  async function upstream(t: TestTenant, root: string, asOf: Instant): Promise<GraphAt> {
    const page = await readLineage(testGraph(), t.scope, {
      root: parseNodeId(root)!,
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
      edges: page.edges.map(edgeText).sort(),
    };
  }

  it(
    "answers at every instant as a plain model of it does",
    async () => {
      const t = await newTenant();
      const random = seeded(20_261_121);
      const model = new HistoryModel();
      const instants = new Set<Instant>();
      const happened = <R>({ result, at }: { result: R; at: Instant }, note: (result: R, at: Instant) => void): R => {
        note(result, at);
        instants.add(at);
        return result;
      };
      const make = async <I, R>(command: Command<I, R>, input: object, note: (result: R, at: Instant) => void) =>
        happened(await done(t, command, input), note);

      const { episodeId } = await make(createEpisode, { title: "The episode", channelId: t.channelId }, (made, at) =>
        model.put(made.episodeId, { title: "The episode" }, at),
      );
      const [sources, snapshots, facts, claims, scenes] = [[], [], [], [], []] as string[][] as [
        string[],
        string[],
        string[],
        string[],
        string[],
      ];
      const register = async (n: number) => {
        const given = { title: `Source ${n}, ${random.below(3)}`, tier: 1 + random.below(3) };
        const citesIds = sources.length > 1 && random.below(2) === 0 ? [random.pick(sources)] : [];
        await make(registerSource, { url: `https://source-${n}.example/`, ...given, citesIds }, ({ sourceId }, at) => {
          model.put(sourceId, given, at);
          for (const cited of citesIds) model.open("CITES", sourceId, cited, at);
          if (!sources.includes(sourceId)) sources.push(sourceId);
        });
      };
      const titles = new Map<string, string>();
      const capture = async (n: number) => {
        const sourceId = random.pick(sources);
        const title = String((model.nodeAt(sourceId, FOREVER)!.properties as { title: string }).title);
        await make(
          captureSnapshot,
          { sourceId, text: `Reading ${n} says number ${n}.`, kind: "FULL" },
          ({ snapshotId }, at) => {
            if (snapshots.includes(snapshotId)) return;
            model.put(snapshotId, { title }, at);
            model.open("CAPTURED_FROM", snapshotId, sourceId, at);
            snapshots.push(snapshotId);
            titles.set(snapshotId, `number ${n}`);
          },
        );
      };
      const extract = async () => {
        const snapshotId = random.pick(snapshots);
        const exact = titles.get(snapshotId)!;
        const derivedFromIds = facts.length > 0 && random.below(3) === 0 ? [random.pick(facts)] : [];
        await make(extractFact, { snapshotId, quote: { exact }, derivedFromIds }, ({ factId }, at) => {
          model.put(factId, { title: exact }, at);
          model.open("QUOTED_FROM", factId, snapshotId, at);
          for (const other of derivedFromIds) model.open("DERIVED_FROM", factId, other, at);
          if (!facts.includes(factId)) facts.push(factId);
        });
      };
      const addScene = async (ordinal: number) => {
        const claimIds = claims.length > 0 ? [random.pick(claims)] : [];
        await make(createScene, { episodeId, title: `Scene ${ordinal}`, ordinal, claimIds }, ({ sceneId }, at) => {
          model.put(sceneId, { title: `Scene ${ordinal}` }, at);
          model.open("HAS_SCENE", episodeId, sceneId, at);
          for (const claimId of claimIds) model.open("STATES", sceneId, claimId, at);
          scenes.push(sceneId);
        });
      };
      const state = async (n: number) => {
        const sceneIds = [random.pick(scenes)];
        const text = `Claim ${n}`;
        await make(stateClaim, { text, sceneIds }, ({ claimId }, at) => {
          if (!claims.includes(claimId)) {
            model.put(claimId, { title: text, status: "STATED" }, at);
            claims.push(claimId);
          }
          for (const sceneId of sceneIds) model.open("STATES", sceneId, claimId, at);
        });
      };
      const judge = async () => {
        const [claimId, status] = [random.pick(claims), random.pick(["STATED", "NEEDS_RECHECK", "WRONG"])];
        await make(setClaimStatus, { claimId, status }, (_, at) => model.put(claimId, { status }, at));
      };
      const link = async () => {
        const [claimId, factId, stance] = [
          random.pick(claims),
          random.pick(facts),
          random.pick(Object.keys(STANCES) as Stance[]),
        ];
        const type: EdgeType = STANCES[stance];
        const open = model.isOpen(type, claimId, factId);
        await make(open ? unlinkEvidence : linkEvidence, { claimId, factId, stance }, (_, at) =>
          (open ? model.close : model.open).call(model, type, claimId, factId, at),
        );
      };

      for (let n = 0; n < 4; n++) await register(n);
      for (let n = 0; n < 5; n++) await capture(n);
      for (let n = 0; n < 6; n++) await extract();
      for (let n = 1; n < 4; n++) await addScene(n);
      for (let n = 0; n < 5; n++) await state(n);
      let scene = 4;
      for (let done = 24; done < 200 * LONGER; done++) {
        const draw = random.below(20);
        if (draw < 3) await register(random.below(6));
        else if (draw < 4) await capture(5 + random.below(10));
        else if (draw < 6) await extract();
        else if (draw < 7) await addScene(scene++);
        else if (draw < 9) await state(random.below(10));
        else if (draw < 13) await judge();
        else await link();
      }

      // At each instant, and just before it.
      const asked = [...new Set([...instants].flatMap((at) => [at - 1, at]))].sort((a, b) => a - b);
      expect(asked.length).toBeGreaterThan(200);
      await inParallel(asked, 4, async (asOf) => {
        const expected =
          model.nodeAt(episodeId, asOf) === undefined ? { nodes: {}, edges: [] } : model.upstreamAt(episodeId, asOf);
        expect(await upstream(t, episodeId, asOf), `as of ${asOf}`).toEqual(expected);
      });
      for (const asOf of asked.filter((_, i) => i % 20 === 0)) {
        const found = await nodesById(
          testGraph(),
          t.scope,
          model.ids.map((id) => parseNodeId(id)!),
          asOf,
        );
        for (const id of model.ids)
          expect(found.has(id) ? kept(found.get(id)!) : undefined, `${id} as of ${asOf}`).toEqual(
            model.nodeAt(id, asOf),
          );
      }
      await expectIntervalsInOrder(t);
    },
    180_000 * LONGER,
  );
});
