import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { buildChain } from "../kit/build.js";
import { newTenant } from "../kit/tenant.js";

describe("lineage", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it("follows an episode up to the source it stands on, and nothing of its twin", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const { data, errors } = await api.ask(
      t.id,
      `query ($id: ID!) { lineage(id: $id, depth: 5) { nodes { id } edges { type from to by why } shown total totalIsExact hasNextPage hiddenByNode { id count } } }`,
      { id: chain.episode },
    );
    expect(errors).toBeUndefined();
    expect(data.lineage.nodes.map((n: { id: string }) => n.id)).toEqual([
      chain.episode,
      chain.scene,
      chain.claim,
      chain.fact,
      chain.snapshot,
      chain.source,
    ]);
    expect(data.lineage).toMatchObject({ shown: 6, total: 6, totalIsExact: true, hasNextPage: false });
    expect(data.lineage.edges.map((e: { type: string }) => e.type)).toEqual(["HAS_SCENE", "STATES", "SUPPORTED_BY", "QUOTED_FROM", "CAPTURED_FROM"]);
    expect(data.lineage.edges[0]).toMatchObject({ by: "Tess Tester", why: "a test" });
    expect(data.lineage.hiddenByNode.every((h: { count: number }) => h.count === 0)).toBe(true);
  });
});
