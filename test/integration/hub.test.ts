import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { watchNode } from "../../server/domains/watch/watch.service.js";
import { EXACT_IMPACT } from "../../server/reads/impact/impact.query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { done } from "../kit/approvals.js";
import { plant, plantedId, type PlantedEdge } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const CROWD = 100_000;
const LIVE = 200;

/** One fact that 100,000 claims stand on, a few of which a live episode states. */
describe("a node with 100,000 relations", { timeout: 300_000 }, () => {
  const [source, snapshot, fact] = [plantedId("Source"), plantedId("Snapshot"), plantedId("Fact")];
  const [scene, episode] = [plantedId("Scene"), plantedId("Episode")];
  const claims = Array.from({ length: CROWD }, () => plantedId("Claim"));
  const live = claims.slice(-LIVE);
  let api: TestApi;
  let t: TestTenant;

  beforeAll(async () => {
    api = await startApi();
    t = await newTenant();
    await plant(
      t,
      [
        { id: source, properties: { status: "STALE" } },
        { id: episode, properties: { status: "PUBLISHED" } },
        ...[snapshot, fact, scene, ...claims].map((id) => ({ id })),
      ],
      [
        { type: "CAPTURED_FROM", from: snapshot, to: source },
        { type: "QUOTED_FROM", from: fact, to: snapshot },
        { type: "HAS_SCENE", from: episode, to: scene },
        { type: "ON", from: episode, to: t.channelId },
        ...claims.map((from): PlantedEdge => ({ type: "SUPPORTED_BY", from, to: fact })),
        ...live.map((to): PlantedEdge => ({ type: "STATES", from: scene, to })),
      ],
    );
  }, 300_000);
  afterAll(() => api.close());

  /** Answered, and says how long it took. */
  async function ask(name: string, query: string, variables: object) {
    const start = performance.now();
    const { data, errors } = await api.ask(t.id, query, variables);
    // oxlint-disable-next-line no-console -- the figure is worth a look
    console.info(
      `${name}: beside ${CROWD.toLocaleString("en")} relations in ${Math.round(performance.now() - start)} ms`,
    );
    expect(errors).toBeUndefined();
    return data;
  }

  it("has an impact that is counted up to a bound, and says that there is more", async () => {
    const query = `query ($id: ID!) { impact(id: $id) { totals { label count } totalIsExact liveEpisodeCount claimsLosingSupportCount claimsLosingSupport { id } } }`;
    for (const [id, beside] of [
      [fact, 0],
      [source, 2],
    ] as const) {
      const { impact } = await ask("impact", query, { id });
      expect(impact.totalIsExact).toBe(false);
      const totals = new Map<string, number>(
        impact.totals.map(({ label, count }: { label: string; count: number }) => [label, count]),
      );
      expect([...totals.values()].reduce((sum, count) => sum + count, 0)).toBe(EXACT_IMPACT);
      expect(totals.get("CLAIM")).toBe(EXACT_IMPACT - beside);
      expect(impact.claimsLosingSupportCount).toBe(EXACT_IMPACT - beside);
      expect(impact.claimsLosingSupport).toHaveLength(500);
    }
    const { impact } = await ask("impact of one", query, { id: live[0] });
    expect(impact).toMatchObject({ totalIsExact: true, liveEpisodeCount: 1, claimsLosingSupportCount: 0 });
  });

  it("isn't exported in part: what is above it is refused by the limit, what one of them stands on is whole", async () => {
    const get = async (query: Record<string, string>) => {
      const answer = await fetch(`${api.url}/export/lineage?${new URLSearchParams({ format: "csv", ...query })}`, {
        headers: { authorization: `Bearer ${await api.token(t.id, "analyst")}` },
      });
      return { status: answer.status, text: await answer.text() };
    };
    for (const id of [fact, source]) {
      const refused = await get({ id, direction: "downstream", depth: "3" });
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.text).error.message).toMatch(
        /more than a file may hold \(50,000 nodes\), and nothing is left out of one.*Nothing was written/,
      );
    }
    const whole = await get({ id: live[0]!, depth: "3" });
    expect(whole.status).toBe(200);
    expect(whole.text.trimEnd().split("\r\n")).toHaveLength(1 + 3);
  });

  it("has its weak live claims ranked, all of them counted, of the studio and of the channel", async () => {
    const query = `query ($channelId: ID) { weakest(channelId: $channelId, first: 10) {
      totalCount totalIsExact edges { node { claim { id } risks { kind } episodeCount } } } }`;
    for (const channelId of [null, t.channelId]) {
      const { weakest } = await ask("weakest", query, { channelId });
      expect(weakest).toMatchObject({ totalCount: LIVE, totalIsExact: true });
      expect(weakest.edges.map(({ node }: { node: { claim: { id: string } } }) => node.claim.id)).toEqual(
        live.toSorted().slice(0, 10),
      );
      expect(weakest.edges[0].node).toMatchObject({
        risks: [{ kind: "STALE" }, { kind: "SINGLE_SOURCE" }],
        episodeCount: 1,
      });
    }
  });

  it("alerts whoever watches it of a change at one of them", async () => {
    const eve = t.person("eve", "editor");
    const head = { operationId: `test/hub/watch/${t.id}`, reason: "it matters" };
    expect(await api.services.execute(watchNode, eve, { ...head, nodeId: fact })).toMatchObject({ ok: true });
    await done(setClaimStatus, t.person("ed", "editor"), {
      claimId: claims[7],
      status: "WRONG",
      reason: "it never held",
    });
    const troubles: unknown[] = [];
    const raised = await api.services.duties.raiseAlerts({
      tenantId: t.id,
      scheduledAt: Date.now(),
      signal: new AbortController().signal,
      trouble: (error: unknown) => troubles.push(error),
      operationId: (part: string | number) => `test/hub/alerts/${t.id}/${part}`,
    });
    expect([raised, troubles]).toEqual([1, []]);
  });
});
