import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREVER } from "../../graph-schema/time.js";
import { unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain, buildClaim, buildEpisode, buildFact, buildScene, buildSource, publish } from "../kit/build.js";
import { plant, plantedId, PLANTED_AT, type PlantedEdge, type PlantedNode } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const ASK = `query Impact_Test($id: ID!, $asOf: DateTime) {
  impact(id: $id, asOf: $asOf) {
    id asOf totals { label count } totalIsExact
    liveEpisodes { id status } liveEpisodeCount owners { id title }
    claimsLosingSupport { id } claimsLosingSupportCount claimsLosingContradiction { id } claimsLosingContradictionCount
  }
}`;

interface Impact {
  totals: { label: string; count: number }[];
  totalIsExact: boolean;
  liveEpisodes: { id: string; status: string }[];
  liveEpisodeCount: number;
  owners: { id: string; title: string }[];
  claimsLosingSupport: { id: string }[];
  claimsLosingSupportCount: number;
  claimsLosingContradiction: { id: string }[];
  claimsLosingContradictionCount: number;
}

const ids = (nodes: readonly { id: string }[]): Set<string> => new Set(nodes.map(({ id }) => id));
const pause = () => new Promise((resolve) => setTimeout(resolve, 15));

/** A graph of sources with their facts, written down shortly. */
class Sketch {
  readonly nodes: PlantedNode[] = [];
  readonly edges: PlantedEdge[] = [];

  node(label: Parameters<typeof plantedId>[0], properties: object = {}): string {
    const id = plantedId(label);
    this.nodes.push({ id, properties });
    return id;
  }

  join(type: PlantedEdge["type"], from: string, to: string, validTo = FOREVER): void {
    this.edges.push({ type, from, to, validTo });
  }

  source(independenceGroup: string): string {
    return this.node("Source", { independenceGroup });
  }

  /** A fact on a snapshot of its own. */
  fact(source: string): string {
    const [fact, snapshot] = [this.node("Fact"), this.node("Snapshot")];
    this.join("QUOTED_FROM", fact, snapshot);
    this.join("CAPTURED_FROM", snapshot, source);
    return fact;
  }

  claim(links: { supported?: string[]; contradicted?: string[]; considered?: string[] }): string {
    const claim = this.node("Claim");
    for (const fact of links.supported ?? []) this.join("SUPPORTED_BY", claim, fact);
    for (const fact of links.contradicted ?? []) this.join("CONTRADICTED_BY", claim, fact);
    for (const fact of links.considered ?? []) this.join("CONSIDERED", claim, fact);
    return claim;
  }
}

describe("impact", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function impact(t: TestTenant, id: string, asOf?: number): Promise<Impact> {
    const { data, errors } = await api.ask(t.id, ASK, {
      id,
      asOf: asOf === undefined ? null : new Date(asOf).toISOString(),
    });
    expect(errors).toBeUndefined();
    return data.impact;
  }

  it("counts what a source supports, by label, and who answers for the live episodes", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    await publish(t, chain.episode);
    const found = await impact(t, chain.source);
    expect(new Map(found.totals.map(({ label, count }) => [label, count]))).toEqual(
      new Map([
        ["SNAPSHOT", 1],
        ["FACT", 1],
        ["CLAIM", 1],
        ["SCENE", 1],
        ["EPISODE", 1],
      ]),
    );
    expect(found).toMatchObject({
      totalIsExact: true,
      liveEpisodeCount: 1,
      claimsLosingSupportCount: 1,
      claimsLosingContradictionCount: 0,
    });
    expect(found.liveEpisodes).toEqual([{ id: chain.episode, status: "PUBLISHED" }]);
    expect(ids(found.owners)).toEqual(new Set([t.adminId]));
    expect(ids(found.claimsLosingSupport)).toEqual(new Set([chain.claim]));
    const top = await impact(t, chain.episode);
    expect(top).toMatchObject({ totals: [], liveEpisodeCount: 0, owners: [], claimsLosingSupportCount: 0 });
  });

  it("never counts what a fact contradicts or was considered for", async () => {
    const t = await newTenant();
    const s = new Sketch();
    const source = s.source("a.example");
    const fact = s.fact(source);
    const against = s.claim({ contradicted: [fact] });
    const weighed = s.claim({ considered: [fact] });
    const scene = s.node("Scene");
    s.join("STATES", scene, against);
    s.join("STATES", scene, weighed);
    await plant(t, s.nodes, s.edges);
    const found = await impact(t, source);
    expect(new Map(found.totals.map(({ label, count }) => [label, count]))).toEqual(
      new Map([
        ["SNAPSHOT", 1],
        ["FACT", 1],
      ]),
    );
    expect(found.claimsLosingSupportCount).toBe(0);
    expect(ids(found.claimsLosingContradiction)).toEqual(new Set([against]));
  });

  it("says which claims lose their last independent support: copies of one wire report count as one", async () => {
    const t = await newTenant();
    const s = new Sketch();
    const [wire, copy, other] = [s.source("wire.example"), s.source("wire.example"), s.source("other.example")];
    const citing = s.source("citing.example");
    s.join("CITES", citing, wire);
    const [fromWire, fromCopy, fromOther, fromCiting] = [s.fact(wire), s.fact(copy), s.fact(other), s.fact(citing)];
    const alone = s.claim({ supported: [fromWire] });
    const copied = s.claim({ supported: [fromWire, fromCopy] });
    const independent = s.claim({ supported: [fromWire, fromCopy, fromOther] });
    const throughCitation = s.claim({ supported: [fromCiting] });
    const citedAndOther = s.claim({ supported: [fromCiting, fromOther] });
    const untouched = s.claim({ supported: [fromOther] });
    const copyAgainst = s.claim({ supported: [fromOther], contradicted: [fromWire] });
    await plant(t, s.nodes, s.edges);
    const found = await impact(t, wire);
    expect(ids(found.claimsLosingSupport)).toEqual(new Set([alone, copied, throughCitation]));
    expect(found.claimsLosingSupportCount).toBe(3);
    expect(ids(found.claimsLosingContradiction)).toEqual(new Set([copyAgainst]));
    const standing = found.totals.find(({ label }) => label === "CLAIM")?.count;
    expect(standing, "claims that stand on it").toBe(
      [alone, copied, independent, throughCitation, citedAndOther].length,
    );
    const ofOther = await impact(t, other);
    expect(ids(ofOther.claimsLosingSupport)).toEqual(new Set([untouched, copyAgainst]));
    // A fact alone is lost with nothing beneath it.
    expect(ids((await impact(t, fromOther)).claimsLosingSupport)).toEqual(new Set([untouched, copyAgainst]));
  });

  it("counts each thing once in cycles of citations and of derivations", async () => {
    const t = await newTenant();
    const s = new Sketch();
    const ring = ["a", "b", "c"].map((name) => s.source(`${name}.example`));
    ring.forEach((from, i) => s.join("CITES", from, ring[(i + 1) % 3]!));
    const facts = ring.map((source) => s.fact(source));
    s.join("DERIVED_FROM", facts[0]!, facts[1]!);
    s.join("DERIVED_FROM", facts[1]!, facts[0]!);
    const claim = s.claim({ supported: facts });
    await plant(t, s.nodes, s.edges);
    const found = await impact(t, ring[0]!);
    expect(new Map(found.totals.map(({ label, count }) => [label, count]))).toEqual(
      new Map([
        ["SOURCE", 2],
        ["SNAPSHOT", 3],
        ["FACT", 3],
        ["CLAIM", 1],
      ]),
    );
    expect(found.totalIsExact).toBe(true);
    expect(ids(found.claimsLosingSupport)).toEqual(new Set([claim]));
  });

  it("names the episode's owner, and the channel's where the episode has none", async () => {
    const t = await newTenant();
    const principal = async (name: string) =>
      (await t.run(registerPrincipal, { key: name, name, kind: "HUMAN", roles: ["editor"] })).principalId;
    const [eve, cleo] = [await principal("eve"), await principal("cleo")];
    const { channelId } = await t.run(createChannel, { title: "Second", platform: "video", ownerId: cleo });
    const fact = await buildFact(t);
    const claim = await buildClaim(t, { supports: [fact] });
    const owned = await buildEpisode(t, { ownerId: eve });
    const ofChannel = await buildEpisode(t, { channelId });
    const draft = await buildEpisode(t);
    for (const episodeId of [owned, ofChannel, draft]) await buildScene(t, { episodeId, claimIds: [claim] });
    expect(await impact(t, fact)).toMatchObject({ liveEpisodeCount: 0, owners: [] });
    await publish(t, owned);
    expect(ids((await impact(t, fact)).owners)).toEqual(new Set([eve]));
    await publish(t, ofChannel);
    const found = await impact(t, fact);
    expect(ids(found.owners)).toEqual(new Set([eve, cleo]));
    expect(ids(found.liveEpisodes)).toEqual(new Set([owned, ofChannel]));
  });

  it("answers for an instant: what was live, linked and cited then", async () => {
    const t = await newTenant();
    const cited = await buildSource(t);
    const chain = await buildChain(t);
    const linked = Date.now();
    await pause();
    await publish(t, chain.episode);
    const published = Date.now();
    await pause();
    await t.run(unlinkEvidence, { claimId: chain.claim, factId: chain.fact, stance: "SUPPORTS" });
    expect(await impact(t, chain.source, linked)).toMatchObject({ liveEpisodeCount: 0, claimsLosingSupportCount: 1 });
    expect(await impact(t, chain.source, published)).toMatchObject({
      liveEpisodeCount: 1,
      claimsLosingSupportCount: 1,
    });
    expect(await impact(t, chain.source)).toMatchObject({ liveEpisodeCount: 0, claimsLosingSupportCount: 0 });
    expect((await impact(t, cited)).totals).toEqual([]);
    const early = await api.ask(t.id, ASK, { id: chain.source, asOf: new Date(PLANTED_AT).toISOString() });
    expect(early.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("follows a chain of citations to its end, and says so when it was too long to", async () => {
    const t = await newTenant();
    const s = new Sketch();
    const chain = Array.from({ length: 24 }, (_, i) => s.source(`${i}.example`));
    chain.slice(1).forEach((from, i) => s.join("CITES", from, chain[i]!));
    await plant(t, s.nodes, s.edges);
    const near = await impact(t, chain[12]!);
    expect(near).toMatchObject({ totals: [{ label: "SOURCE", count: 11 }], totalIsExact: true });
    expect((await impact(t, chain[0]!)).totalIsExact).toBe(false);
  });

  it("doesn't find what isn't there", async () => {
    const t = await newTenant();
    expect((await api.ask(t.id, ASK, { id: plantedId("Source") })).errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    expect((await api.ask(t.id, ASK, { id: "Source" })).errors?.[0]?.extensions).toMatchObject({
      code: "BAD_INPUT",
      field: "id",
    });
  });
});
