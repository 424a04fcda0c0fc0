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
    for (let i = 0; i < 9; i++) await buildScene(t, { episodeId: episode, claimIds: [claim] });
    const circle = "scenes { episode { ".repeat(5) + "id" + " } }".repeat(5);
    const { errors } = await api.ask(t.id, `{ episodes(first: 500) { edges { node { ${circle} } } } }`);
    expect(errors?.[0]?.extensions.code).toBe("BAD_INPUT");
    expect(errors?.[0]?.message).toContain("50000 nodes");
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
