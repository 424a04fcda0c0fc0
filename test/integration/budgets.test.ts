import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode, buildScene, buildSource } from "../kit/build.js";
import { newTenant } from "../kit/tenant.js";

/** What one small document may take from everybody. */
describe("one request", { timeout: 120_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it("can't be led in circles for ever", async () => {
    const t = await newTenant();
    const episode = await buildEpisode(t);
    const claim = await buildClaim(t);
    for (let i = 0; i < 15; i++) await buildScene(t, { episodeId: episode, claimIds: [claim] });
    const circles = (n: number) => "scenes { episode { ".repeat(n) + "id" + " } }".repeat(n);
    // What could be too much is told by the document alone; what turns out to be, while it is read.
    for (const [query, told] of [
      [`{ episodes(first: 500) { edges { node { ${circles(5)} } } } }`, "could cost 111111001 objects"],
      [`{ node(id: "${episode}") { ... on Episode { ${circles(4)} } } }`, "50000 nodes"],
    ] as const) {
      const { errors } = await api.ask(t.id, query);
      expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
      expect(errors?.[0]?.message).toContain(told);
    }
    const modest = await api.ask(t.id, `{ episodes(first: 5) { edges { node { scenes { claims { text } } } } } }`);
    expect(modest.errors).toBeUndefined();
  });

  it("can't take all texts at once", async () => {
    const t = await newTenant();
    const sourceId = await buildSource(t);
    for (let i = 0; i < 6; i++) {
      await t.run(captureSnapshot, { sourceId, kind: "FULL", text: `${i} ${"long text ".repeat(190_000)}` });
    }
    const ask = (first: number) =>
      api.ask(
        t.id,
        `query ($id: ID!) { lineage(id: $id, direction: DOWNSTREAM, first: ${first}) { nodes { ... on Snapshot { text } } } }`,
        {
          id: sourceId,
        },
      );
    expect((await ask(3)).errors).toBeUndefined();
    expect((await ask(10)).errors?.[0]?.extensions.code).toBe("BAD_INPUT");
  });
});
