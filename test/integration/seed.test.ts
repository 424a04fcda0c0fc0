import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import { EPISODE_STATUSES } from "../../graph-schema/nodes/episode.js";
import { seedDemo } from "../../seed/seed.js";
import { createServices } from "../../server/services.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { readImpact } from "../../server/reads/impact/impact.query.js";
import { readLineage } from "../../server/reads/lineage/lineage.query.js";
import { readList } from "../../server/reads/lists/list.query.js";
import { testGraph } from "../kit/graph.js";
import { sealTenant } from "../kit/seal.js";

const everything = defineQuery({
  name: "everythingByKind",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (n {tenantId: $tenantId})
RETURN labels(n)[0] AS kind, count(n) AS nodes, sum(size([(n)-[r]->() | r])) AS edges ORDER BY kind`,
  row: z.object({ kind: z.string(), nodes: z.number(), edges: z.number() }),
});

const valuesOf = (label: NodeLabel, property: string) =>
  defineQuery({
    name: `valuesOf${label}`,
    mode: "read",
    scope: "tenant",
    params: params<Record<string, never>>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId}) RETURN DISTINCT toString(n.${property}) AS value ORDER BY value`,
    row: z.object({ value: z.string() }),
  });

const forget = defineQuery({
  name: "forgetTenant",
  mode: "write",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (n {tenantId: $tenantId}) DETACH DELETE n`,
  row: noRow,
});

describe("the demo studio", { timeout: 90_000 }, () => {
  const graph = testGraph();
  const services = createServices({ graph });
  const demo = { tenantId: "demo", timeoutMs: 60_000 };
  const northlight = { tenantId: "northlight", timeoutMs: 60_000 };
  const seeded: string[] = [];

  beforeAll(async () => {
    for (const scope of [demo, northlight]) await graph.write(scope, (tx) => tx.run(forget, {}));
    await seedDemo(services, (message) => seeded.push(message), sealTenant);
  }, 480_000);

  const count = async (scope: typeof demo, label: string) =>
    (await graph.read(scope, everything, {})).find(({ kind }) => kind === label)?.nodes ?? 0;
  const values = async (label: NodeLabel, property: string) =>
    (await graph.read(demo, valuesOf(label, property), {})).map(({ value }) => value);
  const all = () => ({ asOf: Date.now() + 60_000, after: "", first: 500, neighbours: [] });

  it("has two studios: three channels, forty episodes and more, sources of all tiers and fates, decisions, an incident", async () => {
    expect(seeded).toHaveLength(2);
    expect((await count(demo, "Channel")) + (await count(northlight, "Channel"))).toBe(3);
    expect(await count(demo, "Episode")).toBeGreaterThanOrEqual(40);
    expect(await count(demo, "Decision")).toBeGreaterThanOrEqual(2);
    expect(await count(demo, "Incident")).toBeGreaterThanOrEqual(1);
    expect(await values("Source", "tier")).toEqual(["1", "2", "3"]);
    expect(await values("Source", "status")).toEqual(expect.arrayContaining(["ACTIVE", "RETRACTED", "STALE"]));
    expect(new Set(await values("Episode", "status"))).toEqual(new Set(EPISODE_STATUSES));
    expect(await count(northlight, "Episode")).toBeGreaterThanOrEqual(1);
    for (const label of ["Source", "Snapshot", "Fact", "Claim", "Scene"])
      expect(await count(northlight, label), label).toBeGreaterThanOrEqual(1);
  });

  it("has one retracted source, and live episodes that stand on it", async () => {
    const { nodes } = await readList(graph, demo, "Source", { ...all(), values: { status: ["RETRACTED"] } });
    expect(nodes).toHaveLength(1);
    const impact = (await readImpact(graph, demo, { label: "Source", id: nodes[0]!.ulid }, all().asOf))!;
    expect(impact.liveEpisodes.count).toBeGreaterThanOrEqual(1);
    expect(impact.owners.length).toBeGreaterThanOrEqual(1);
    // The retraction came later: before it the source was fine.
    expect(nodes[0]!.version).toBeGreaterThanOrEqual(2);
  });

  it("has claims that conflict, and every live episode leads up to a source", async () => {
    const conflicting = defineQuery({
      name: "conflictingClaims",
      mode: "read",
      scope: "tenant",
      params: params<Record<string, never>>(),
      cypher: `MATCH (:Fact)<-[:SUPPORTED_BY]-(c:Claim {tenantId: $tenantId})-[:CONTRADICTED_BY]->(:Fact) RETURN count(DISTINCT c) AS claims`,
      row: z.object({ claims: z.number() }),
    });
    expect((await graph.read(demo, conflicting, {}))[0]!.claims).toBeGreaterThanOrEqual(1);
    for (const scope of [demo, northlight]) {
      const { nodes } = await readList(graph, scope, "Episode", {
        ...all(),
        values: { status: ["PUBLISHED", "CORRECTED"] },
      });
      expect(nodes.length).toBeGreaterThanOrEqual(1);
      for (const { ulid } of nodes) {
        const found = await readLineage(graph, scope, {
          root: { label: "Episode", id: ulid },
          direction: "UPSTREAM",
          depth: 5,
          asOf: all().asOf,
          edgeTypes: null,
          skip: 0,
          first: 500,
        });
        expect(found!.nodes.some(({ label }) => label === "Source")).toBe(true);
      }
    }
  });

  it("is changed by no second run", async () => {
    const before = [await graph.read(demo, everything, {}), await graph.read(northlight, everything, {})];
    await seedDemo(services, () => {}, sealTenant);
    expect([await graph.read(demo, everything, {}), await graph.read(northlight, everything, {})]).toEqual(before);
  }, 120_000);

  it("publishes as anybody would: each status has its proposals, and each approval is somebody else's", async () => {
    const decided = defineQuery({
      name: "decidedEpisodes",
      mode: "read",
      scope: "tenant",
      params: params<Record<string, never>>(),
      cypher: `MATCH (e:Episode {tenantId: $tenantId})
RETURN e.status AS status,
  [(e)<-[:PROPOSES]-(p:Proposal) | [p.action, p.status, p.proposer, head([(p)<-[:OF]-(a:Approval) | a.approver])]] AS proposals`,
      row: z.object({ status: z.enum(EPISODE_STATUSES), proposals: z.array(z.array(z.string().nullable())) }),
    });
    const wanted: Record<string, string[]> = {
      DRAFT: [],
      IN_REVIEW: ["publishEpisode OPEN"],
      PUBLISHED: ["publishEpisode DONE"],
      CORRECTED: ["correctEpisode DONE", "publishEpisode DONE"],
      RETRACTED: ["publishEpisode DONE", "retractEpisode DONE"],
    };
    for (const scope of [demo, northlight]) {
      for (const { status, proposals } of await graph.read(scope, decided, {})) {
        expect(proposals.map(([action, state]) => `${action} ${state}`).sort()).toEqual(wanted[status]);
        for (const [, state, proposer, approver] of proposals) {
          expect(approver === null).toBe(state === "OPEN");
          expect(approver).not.toBe(proposer);
        }
      }
    }
  });
});
