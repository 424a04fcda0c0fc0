import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import type { Command } from "../../server/commands/command.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { recordConflict } from "../../server/domains/claim/conflict.service.js";
import { decideConflict } from "../../server/domains/decision/conflict-decision.service.js";
import { unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { maskOf, RISK_KINDS, soundGroups, standingAt } from "../../server/reads/weakest/risk.js";
import type { Ranked } from "../../server/reads/weakest/stretch.js";
import { rankClaims, readEvidenceOf } from "../../server/reads/weakest/weakest.query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode, buildFact, buildScene, buildSource, publish } from "../kit/build.js";
import { countingReads, testGraph } from "../kit/graph.js";
import { plant, PLANTED_AT, type PlantedEdge, type PlantedNode } from "../kit/plant.js";
import { seeded } from "../kit/random.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* `weakest`: claims of live episodes, the weakest first, each with the reasons. */

const ASK = `query Weakest_Test($channelId: ID, $first: Int! = 50, $after: String, $asOf: DateTime) {
  weakest(channelId: $channelId, first: $first, after: $after, asOf: $asOf) {
    asOf totalCount totalIsExact pageInfo { hasNextPage endCursor }
    edges { node {
      claim { id title asOf }
      risks { kind since detail by onBehalfOf why operationId command sourceIds factIds claimIds }
      independentGroups soundGroups groups { name sourceIds counts }
      supportingFacts contradictingFacts episodes { id } episodeCount
    } }
  }
}`;

interface Risk {
  readonly kind: (typeof RISK_KINDS)[number];
  readonly since: string;
  readonly detail: string;
  readonly by: string;
  readonly why: string;
  readonly operationId: string | null;
  readonly sourceIds: readonly string[];
  readonly claimIds: readonly string[];
}
interface ClaimRisk {
  readonly claim: { id: string; asOf: string };
  readonly risks: readonly Risk[];
  readonly independentGroups: number;
  readonly soundGroups: number;
  readonly groups: readonly { name: string; sourceIds: readonly string[]; counts: boolean }[];
  readonly supportingFacts: number;
  readonly episodes: readonly { id: string }[];
  readonly episodeCount: number;
}
interface Page {
  readonly asOf: string;
  readonly totalCount: number;
  readonly totalIsExact: boolean;
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
  readonly edges: readonly { node: ClaimRisk }[];
}

const iso = (at: Instant): string => new Date(at).toISOString();
let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function weakest(t: TestTenant, more: object = {}): Promise<Page> {
  const answer = await api.ask(t.id, ASK, more);
  expect(answer.errors).toBeUndefined();
  return answer.data.weakest;
}
const kinds = (page: Page) => page.edges.map(({ node }) => [node.claim.id, ...node.risks.map(({ kind }) => kind)]);
async function done<I, R>(t: TestTenant, command: Command<I, R>, input: object) {
  const executed = await t.execute(command, input);
  if (!executed.ok) throw new Error(JSON.stringify(executed.problems));
  return executed;
}

/** A live episode that states a claim, on facts of sources with these addresses. */
async function live(t: TestTenant, urls: readonly string[], input: Readonly<Record<string, unknown>> = {}) {
  const sources = await Promise.all(urls.map((url) => buildSource(t, { url })));
  const facts: string[] = [];
  for (const sourceId of sources) facts.push(await buildFact(t, { sourceId }));
  const claim = await buildClaim(t, { supports: facts });
  const episode = await buildEpisode(t, input);
  await buildScene(t, { episodeId: episode, claimIds: [claim] });
  await publish(t, episode);
  return { claim, facts, sources, episode };
}

describe("weakest", { timeout: 120_000 }, () => {
  it("tells since when a claim rests on one source, who made it so and why", async () => {
    const t = await newTenant();
    const { claim, facts, sources, episode } = await live(t, ["https://a.example/1", "https://b.example/1"]);
    expect(await weakest(t)).toMatchObject({ edges: [], totalCount: 0, totalIsExact: true });
    const unlinked = await done(t, unlinkEvidence, {
      claimId: claim,
      factId: facts[1],
      stance: "SUPPORTS",
      reason: "it says another thing",
    });
    const page = await weakest(t);
    expect(page.totalCount).toBe(1);
    expect(page.edges[0]!.node).toMatchObject({
      claim: { id: claim, asOf: page.asOf },
      risks: [
        {
          kind: "SINGLE_SOURCE",
          since: iso(unlinked.at),
          by: "Tess Tester",
          why: "it says another thing",
          operationId: unlinked.operationId,
          command: "unlinkEvidence",
          detail: "1 source of one independence group supports it: a.example.",
          sourceIds: [sources[0]],
        },
      ],
      independentGroups: 1,
      soundGroups: 1,
      groups: [{ name: "a.example", sourceIds: [sources[0]], counts: true }],
      supportingFacts: 1,
      contradictingFacts: 0,
      episodes: [{ id: episode }],
      episodeCount: 1,
    });
    // Before that it wasn't weak.
    const before = await weakest(t, { asOf: iso(unlinked.at - 1) });
    expect(before).toMatchObject({ asOf: iso(unlinked.at - 1), edges: [], totalCount: 0 });
  });

  it("counts two addresses of one domain, or of one group set by hand, as one source", async () => {
    const t = await newTenant();
    const domain = await live(t, ["https://news.same.example/1", "https://www.same.example/2"]);
    const hand = await live(t, ["https://c.example/1", "https://d.example/1"]);
    expect(kinds(await weakest(t))).toEqual([[domain.claim, "SINGLE_SOURCE"]]);
    for (const url of ["https://c.example/1", "https://d.example/1"])
      await t.run(registerSource, { url, title: "One owner", independenceGroup: "one-owner" });
    const page = await weakest(t);
    expect(kinds(page)).toEqual([domain.claim, hand.claim].sort().map((id) => [id, "SINGLE_SOURCE"]));
    expect(page.edges.find(({ node }) => node.claim.id === hand.claim)?.node.groups).toMatchObject([
      { name: "one-owner", sourceIds: [...hand.sources].sort() },
    ]);
  });

  it("puts the graver kind first, and tells each kind's reason", async () => {
    const t = await newTenant();
    const urls = (n: number) => [`https://a${n}.example/`, `https://b${n}.example/`];
    const [fine, disputed, single, stale, wrong] = [
      await live(t, urls(1)),
      await live(t, urls(2)),
      await live(t, urls(3).slice(0, 1)),
      await live(t, urls(4)),
      await live(t, urls(5)),
    ];
    await done(t, recordConflict, { claimId: disputed.claim, otherId: fine.claim, reason: "both can't be" });
    await t.run(registerSource, { url: urls(4)[0], title: "Old", status: "STALE" });
    const judged = await done(t, setClaimStatus, {
      claimId: wrong.claim,
      status: "WRONG",
      reason: "they took it back",
    });
    const page = await weakest(t);
    expect(kinds(page)).toEqual([
      [wrong.claim, "RETRACTED"],
      [stale.claim, "STALE"],
      [single.claim, "SINGLE_SOURCE"],
      ...[disputed.claim, fine.claim].sort().map((id) => [id, "CONTRADICTED"]),
    ]);
    expect(page.edges[0]!.node.risks[0]).toMatchObject({
      since: iso(judged.at),
      why: "they took it back",
      detail: "The claim is known to be wrong.",
    });
    expect(page.edges[1]!.node).toMatchObject({
      independentGroups: 2,
      soundGroups: 1,
      risks: [{ sourceIds: [stale.sources[0]] }],
    });
    // A decision that holds to one of the two settles it for that one.
    await done(t, decideConflict, { claimId: fine.claim, againstId: disputed.claim, rationale: "measured again" });
    const decided = (await weakest(t)).edges.at(-1)!.node;
    expect(decided.risks).toMatchObject([{ kind: "CONTRADICTED", claimIds: [fine.claim] }]);
    expect(decided.claim.id).toBe(disputed.claim);
  });

  it("of a channel are those that its own live episodes state; a draft's are nobody's", async () => {
    const t = await newTenant();
    const { channelId } = await t.run(createChannel, {
      title: "Second",
      platform: "youtube",
      handle: `@second-${ulid()}`,
    });
    const here = await live(t, ["https://a.example/"]);
    const there = await live(t, ["https://b.example/"], { channelId });
    await buildScene(t, { claimIds: [await buildClaim(t)] });
    expect(kinds(await weakest(t))).toHaveLength(2);
    expect(kinds(await weakest(t, { channelId: t.channelId }))).toEqual([[here.claim, "SINGLE_SOURCE"]]);
    expect(kinds(await weakest(t, { channelId }))).toEqual([[there.claim, "SINGLE_SOURCE"]]);
    const other = await newTenant();
    expect(await weakest(other, { channelId })).toMatchObject({ edges: [], totalCount: 0 });
  });

  it("has one order in the database and in memory, on a graph of every kind, page by page", async () => {
    const t = await newTenant();
    const random = seeded(5);
    const { nodes, edges } = manyClaims(random);
    await plant(t, nodes, edges);
    const whole = await weakest(t, { first: 500 });
    expect(whole.totalCount).toBe(whole.edges.length);
    expect(whole.edges.length).toBeGreaterThan(100);
    const rank = ({ risks, soundGroups, claim }: ClaimRisk) =>
      [risks.map(({ kind }) => RISK_KINDS.indexOf(kind)), soundGroups, claim.id] as const;
    const all = whole.edges.map(({ node }) => node);
    const byOrder = all.toSorted((one, other) => {
      const [[a, soundA, idA], [b, soundB, idB]] = [rank(one), rank(other)];
      for (const kind of RISK_KINDS.keys()) {
        const [has, hasNot] = [a.includes(kind), b.includes(kind)];
        if (has !== hasNot) return has ? -1 : 1;
      }
      return soundA - soundB || (idA < idB ? -1 : 1);
    });
    expect(all.map(({ claim }) => claim.id)).toEqual(byOrder.map(({ claim }) => claim.id));
    // What the database ranked by is what the same history adds up to in memory, for claims without a risk too.
    const asOf = Date.parse(whole.asOf);
    const ids = nodes.flatMap(({ id }) => (id.startsWith("Claim:") ? [parseNodeId(id)!.id] : []));
    const { claims, sources } = await readEvidenceOf(testGraph(), t.scope, ids, asOf);
    expect(claims).toHaveLength(ids.length);
    const ranked = new Map(
      (await rankClaims(testGraph(), t.scope, { channelId: null, asOf, after: null, first: 500 })).page.map(
        ({ id, mask, sound }) => [id, { mask, sound }],
      ),
    );
    for (const one of claims) {
      const standing = standingAt({ ...one, sources }, asOf);
      const mask = maskOf(standing, asOf);
      const expected = mask === 0 ? undefined : { mask, sound: soundGroups(standing).length };
      expect(ranked.get(one.claim.ulid), one.claim.id).toEqual(expected);
    }
    for (const { risks } of all) expect(risks.filter(({ detail }) => detail.length < 10)).toEqual([]);
    expect(new Set(all.flatMap(({ risks }) => risks.map(({ kind }) => kind)))).toEqual(new Set(RISK_KINDS));
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Page = await weakest(t, { first: 17, after, asOf: whole.asOf });
      seen.push(...page.edges.map(({ node }) => node.claim.id));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(all.map(({ claim }) => claim.id));
  });

  it("ranks all claims once for many pages, and anew where what was ranked ends, in the same order", async () => {
    const t = await newTenant();
    const { nodes, edges } = manyClaims(seeded(6));
    await plant(t, nodes, edges);
    const asOf = Date.now();
    const question = { channelId: null, asOf, first: 17 };
    const all = (await rankClaims(testGraph(), t.scope, { ...question, after: null, first: 500 })).page;
    expect(all.length).toBeGreaterThan(100);
    for (const [ahead, pagesOfOne] of [
      [1_000, Number.POSITIVE_INFINITY],
      [50, 2],
      [1, 1],
    ] as const) {
      const { graph, reads } = countingReads();
      const pages: Ranked[] = [];
      do {
        const after = pages.at(-1)?.page.at(-1) ?? null;
        pages.push(await rankClaims(graph, t.scope, { ...question, after }, ahead));
      } while (pages.at(-1)!.more);
      expect(pages.flatMap(({ page }) => page)).toEqual(all);
      expect(new Set(pages.map(({ risky }) => risky))).toEqual(new Set([all.length]));
      expect(reads(), `${ahead} ahead`).toBeLessThanOrEqual(Math.ceil(pages.length / pagesOfOne) || 1);
      // Whoever asks for the first page again is answered by the graph.
      const before = reads();
      await rankClaims(graph, t.scope, { ...question, after: null }, ahead);
      expect(reads()).toBe(before + 1);
    }
  });

  it("refuses what isn't a channel, and what lies in the future", async () => {
    const t = await newTenant();
    const bad = [
      ["channelId", { channelId: `Claim:${ulid()}` }],
      ["asOf", { asOf: "2999-01-01" }],
      ["first", { first: 0 }],
      ["after", { after: "nonsense" }],
    ] as const;
    for (const [field, input] of bad) {
      const { errors } = await api.ask(t.id, ASK, input);
      expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_INPUT", field } });
    }
    expect(await weakest(t, { asOf: "2001-01-01" })).toMatchObject({ edges: [], totalCount: 0 });
  });
});

/** Layers of facts, each computed from all of the next: ten million ways lead down to the one source. */
describe("facts that were computed from many others", () => {
  it("are looked at once each, however many ways lead to them", { timeout: 120_000 }, async () => {
    const t = await newTenant();
    const make = (label: string) => `${label}:${ulid()}`;
    const [episode, scene, claim] = [make("Episode"), make("Scene"), make("Claim")];
    const [top, snapshot, source] = [make("Fact"), make("Snapshot"), make("Source")];
    const layers = [[top], ...Array.from({ length: 4 }, () => Array.from({ length: 60 }, () => make("Fact")))];
    await plant(
      t,
      [
        { id: episode, properties: { status: "PUBLISHED" } },
        ...[scene, claim, snapshot, ...layers.flat()].map((id) => ({ id })),
        { id: source, properties: { status: "RETRACTED" } },
      ],
      [
        { type: "HAS_SCENE", from: episode, to: scene },
        { type: "STATES", from: scene, to: claim },
        { type: "SUPPORTED_BY", from: claim, to: top },
        { type: "CAPTURED_FROM", from: snapshot, to: source },
        ...layers.at(-1)!.map((from): PlantedEdge => ({ type: "QUOTED_FROM", from, to: snapshot })),
        ...layers
          .slice(1)
          .flatMap((below, i) =>
            layers[i]!.flatMap((from) => below.map((to): PlantedEdge => ({ type: "DERIVED_FROM", from, to }))),
          ),
      ],
    );
    const start = performance.now();
    const page = await weakest(t);
    console.info(`weakest: past ten million ways in ${Math.round(performance.now() - start)} ms`);
    expect(kinds(page)).toEqual([[claim, "RETRACTED", "SINGLE_SOURCE", "UNQUOTED"]]);
    expect(page.edges[0]!.node.risks[0]!.sourceIds).toEqual([source]);
    expect(page.edges[0]!.node.supportingFacts).toBe(1);
  });
});

/** A live episode of 200 claims with evidence of every kind, some of it ended. */
function manyClaims(random: ReturnType<typeof seeded>): { nodes: PlantedNode[]; edges: PlantedEdge[] } {
  const make = (label: string, count: number) => Array.from({ length: count }, () => `${label}:${ulid()}`);
  const [episode, scene] = [`Episode:${ulid()}`, `Scene:${ulid()}`];
  const [claims, facts, snapshots, sources] = [
    make("Claim", 200),
    make("Fact", 150),
    make("Snapshot", 40),
    make("Source", 20),
  ];
  const statuses = ["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "STALE", "DEAD", "RETRACTED"];
  const interval = () => (random.below(6) === 0 ? { validTo: PLANTED_AT + 1_000 } : {});
  const nodes: PlantedNode[] = [
    { id: episode, properties: { status: "PUBLISHED" } },
    { id: scene },
    ...claims.map((id) => ({
      id,
      properties: {
        status: random.pick(["STATED", "STATED", "STATED", "STATED", "NEEDS_RECHECK", "WRONG"]),
        ...(random.below(5) === 0 ? { recheckBy: PLANTED_AT + random.below(2) * 1e12 } : {}),
      },
    })),
    ...[...facts, ...snapshots].map((id) => ({ id })),
    ...sources.map((id) => ({
      id,
      properties: { status: random.pick(statuses), independenceGroup: `group-${random.below(9)}` },
    })),
  ];
  const edges: PlantedEdge[] = [
    { type: "HAS_SCENE", from: episode, to: scene },
    ...claims.map((to): PlantedEdge => ({ type: "STATES", from: scene, to })),
    ...snapshots.map((from): PlantedEdge => ({ type: "CAPTURED_FROM", from, to: random.pick(sources) })),
    ...facts.flatMap((from): PlantedEdge[] =>
      random.below(8) === 0 ? [] : [{ type: "QUOTED_FROM", from, to: random.pick(snapshots), ...interval() }],
    ),
    ...facts
      .slice(0, 30)
      .map((from, i): PlantedEdge => ({ type: "DERIVED_FROM", from, to: facts[40 + i]!, ...interval() })),
    ...claims.flatMap((from) =>
      random
        .shuffle(facts)
        .slice(0, random.below(5))
        .map((to): PlantedEdge => ({
          type: random.below(12) === 0 ? "CONTRADICTED_BY" : "SUPPORTED_BY",
          from,
          to,
          ...interval(),
        })),
    ),
  ];
  return { nodes, edges };
}
