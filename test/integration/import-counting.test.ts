import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { claimRow, importClaims, jsonLines } from "../kit/import.js";
import { newTenant } from "../kit/tenant.js";

/** Which rows stand behind an edge, and what becomes of it when people and files disagree. */
describe("imported evidence", { timeout: 90_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const evidenceOf = async (tenantId: string) => {
    const { data } = await api.ask(
      tenantId,
      `{ claims(first: 1) { edges { node { id evidence { stance basis by fact { id } } } } } }`,
    );
    const { id, evidence } = data.claims.edges[0].node;
    return {
      claimId: id as string,
      evidence: evidence as { stance: string; basis: string; by: string; fact: { id: string } }[],
    };
  };

  it("passes over fifty broken lines behind good ones", async () => {
    const t = await newTenant();
    const good = Array.from({ length: 60 }, (_, i) => claimRow({ id: `good-${i}`, claim: `Claim ${i}.` }));
    const file = `${jsonLines(good.slice(0, 40))}${"broken{\n".repeat(60)}${jsonLines(good.slice(40))}`;
    const { last } = await importClaims(api, t.id, file);
    expect(last).toMatchObject({ type: "done", read: 120, created: 60, refused: 60 });
  });

  it("keeps a person's word when the file takes its own back", async () => {
    const t = await newTenant();
    await importClaims(api, t.id, jsonLines([claimRow({ id: "a" })]));
    const before = await evidenceOf(t.id);
    expect(before.evidence).toMatchObject([{ stance: "SUPPORTS", basis: "FILE" }]);
    const link = {
      claimId: before.claimId,
      factId: before.evidence[0]!.fact.id,
      stance: "SUPPORTS",
      operationId: `link/${t.id}`,
      reason: "read it",
    };
    const linked = await api.services.execute(linkEvidence, t.caller("editor"), link);
    expect(linked.ok).toBe(true);
    await importClaims(api, t.id, jsonLines([claimRow({ id: "a", label: "REFUTES" })]));
    expect((await evidenceOf(t.id)).evidence).toMatchObject([
      { stance: "SUPPORTS", basis: "PERSON", by: "Tess Tester" },
      { stance: "CONTRADICTS", basis: "FILE" },
    ]);
  });

  it("counts a row on the edge that it opened, not on one opened since", async () => {
    const t = await newTenant();
    const row = (id: string, more: object = {}) => claimRow({ id, ...more });
    await importClaims(api, t.id, jsonLines([row("a"), row("b")]));
    const { claimId, evidence } = await evidenceOf(t.id);
    const ends = {
      claimId,
      factId: evidence[0]!.fact.id,
      stance: "SUPPORTS",
      operationId: `unlink/${t.id}`,
      reason: "doubtful",
    };
    expect((await api.services.execute(unlinkEvidence, t.caller("editor"), ends)).ok).toBe(true);
    await importClaims(api, t.id, jsonLines([row("c")]));
    await importClaims(api, t.id, jsonLines([row("a", { label: "NEI" })]));
    const stances = (await evidenceOf(t.id)).evidence.map(({ stance }) => stance);
    expect(stances).toEqual(["SUPPORTS", "CONSIDERED"]);
  });

  it("counts one row once when two files bring it at the same time", async () => {
    const t = await newTenant();
    const bring = (other: string) =>
      importClaims(api, t.id, jsonLines([claimRow({ id: "same" }), claimRow({ id: other, claim: `${other}.` })]));
    await Promise.all([bring("one"), bring("two"), bring("three")]);
    await importClaims(api, t.id, jsonLines([claimRow({ id: "same", label: "NEI" })]));
    const { data } = await api.ask(
      t.id,
      `{ search(text: "Ada wrote the first program.", labels: [CLAIM]) { edges { node { ... on Claim { evidence { stance } } } } } }`,
    );
    expect(data.search.edges[0].node.evidence).toEqual([{ stance: "CONSIDERED" }]);
  });

  it("finds a source among a thousand claims of the same words", async () => {
    const t = await newTenant();
    const rows = Array.from({ length: 1_100 }, (_, i) =>
      claimRow({
        id: `w-${i}`,
        claim: `Zebra ${i}.`,
        evidence: `Zebra evidence ${i}.`,
        source_title: "Facts about the zebra and its long and winding way through the grass",
      }),
    );
    await importClaims(api, t.id, jsonLines(rows));
    const { data } = await api.ask(
      t.id,
      `{ search(text: "zebra", labels: [SOURCE]) { totalCount totalIsExact edges { node { label } } } }`,
    );
    expect(data.search).toEqual({ totalCount: 1, totalIsExact: true, edges: [{ node: { label: "SOURCE" } }] });
  });
});
