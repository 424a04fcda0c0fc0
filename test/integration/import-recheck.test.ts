import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineQuery, params } from "../../server/graph/query.js";
import { claimKey, normalizeClaim } from "../../server/domains/claim/claim-text.js";
import { startApi, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { claimRow, dump, importClaims, jsonLines } from "../kit/import.js";
import { haveRevisions, revisionPairs, revisionRow, REVISIONS } from "../kit/revisions.js";
import { newTenant } from "../kit/tenant.js";

// oxlint-disable-next-line no-console -- a skipped test says so
if (!haveRevisions)
  console.warn(`SKIPPED: there is no ${REVISIONS}; set THROUGHLINE_DATA to measure rechecks on real revisions`);

const statuses = defineQuery({
  name: "testClaimStatuses",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (c:Claim {tenantId: $tenantId}) WHERE c.key IS NOT NULL RETURN c.key AS key, c.status AS status, c.recheckReason AS reason`,
  row: z.object({ key: z.string(), status: z.string(), reason: z.string().nullable() }),
});
const statusesOf = async (tenantId: string) =>
  new Map((await testGraph().read({ tenantId }, statuses, {})).map((row) => [row.key, row]));

/** Label by label, what a rule finds: of the claims it flags those that need it, and of those that need it the ones it flags. */
function measure(pairs: readonly { truth: boolean; flagged: boolean }[]) {
  const both = pairs.filter(({ truth, flagged }) => truth && flagged).length;
  const flagged = pairs.filter((pair) => pair.flagged).length;
  const truth = pairs.filter((pair) => pair.truth).length;
  const precision = flagged === 0 ? 0 : both / flagged;
  const recall = truth === 0 ? 0 : both / truth;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { flagged, precision, recall, f1 };
}

describe("a newer revision's rows", { timeout: 240_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it.skipIf(!haveRevisions)("flag the claims whose support dropped, found without their labels", async () => {
    const t = await newTenant();
    const pairs = revisionPairs();
    expect(pairs.length).toBeGreaterThan(1_000);
    // No label goes in: every claim is taken to stand on its older revision, and the newer one only bears on it.
    const older = await importClaims(api, t.id, jsonLines(pairs.map((pair) => revisionRow(pair.older, 1, "SUPPORTS"))));
    expect(older.last).toMatchObject({ type: "done", refused: 0 });
    expect([...(await statusesOf(t.id)).values()].filter(({ status }) => status !== "STATED")).toEqual([]);
    const newer = await importClaims(api, t.id, jsonLines(pairs.map((pair) => revisionRow(pair.newer, 2, "NEI"))));
    expect(newer.last).toMatchObject({ type: "done", refused: 0 });
    const left = await statusesOf(t.id);
    const judged = pairs.map((pair) => {
      const { status, reason } = left.get(
        claimKey(normalizeClaim(pair.older.claim.replace(/-LRB-/g, "(").replace(/-RRB-/g, ")"))),
      )!;
      expect(reason ?? "Its support dropped: “…, revision 2”").toMatch(/^Its support dropped: “.*, revision 2”/);
      return {
        truth: pair.older.label === "SUPPORTS" && pair.newer.label !== "SUPPORTS",
        flagged: status === "NEEDS_RECHECK",
        quoteMissing: !pair.newer.evidence.includes(pair.older.evidence),
      };
    });
    const table = {
      "always recheck": measure(judged.map(({ truth }) => ({ truth, flagged: true }))),
      "quote missing only": measure(judged.map(({ truth, quoteMissing }) => ({ truth, flagged: quoteMissing }))),
      "quote and claim check": measure(judged),
    };
    // oxlint-disable-next-line no-console -- the figures are what the test is for
    console.log(`${pairs.length} pairs, ${judged.filter(({ truth }) => truth).length} of them lose their support`);
    // oxlint-disable-next-line no-console -- the figures are what the test is for
    console.table(table);
    const ours = table["quote and claim check"];
    expect(ours.precision).toBeGreaterThan(0.95);
    expect(ours.recall).toBeGreaterThan(0.8);
    expect(ours.f1).toBeGreaterThan(table["always recheck"].f1);
    expect(ours.f1).toBeGreaterThan(table["quote missing only"].f1);
  });

  const claim = "The bridge has more than 50 arches.";
  const row = (more: object) =>
    claimRow({
      id: undefined,
      claim,
      source_title: "Bridge",
      evidence: "The bridge has 53 arches.",
      revision_id: "100",
      ...more,
    });
  const lost = { evidence: "The bridge has 12 arches.", revision_id: "200", label: "NEI" };

  it("mark a claim once, in whichever order the revisions come", async () => {
    const ways = [
      [jsonLines([row({})]), jsonLines([row(lost)])],
      [jsonLines([row(lost)]), jsonLines([row({})])],
    ];
    for (const files of ways) {
      const t = await newTenant();
      for (const one of [...files, ...files]) await importClaims(api, t.id, one);
      const [only] = (await statusesOf(t.id)).values();
      expect(only).toMatchObject({
        status: "NEEDS_RECHECK",
        reason: "Its support dropped: “Bridge, revision 200” now says less of it than its quote did.",
      });
    }
  });

  it("leave a claim alone that stands as well in the newer revision, whatever the file's label says", async () => {
    for (const [more, marked] of [
      [{ evidence: "The bridge has 53 arches.", revision_id: "200", label: "REFUTES" }, false],
      [{ evidence: "By now the bridge has 60 arches.", revision_id: "200", label: "NEI" }, false],
      [{ ...lost, label: "SUPPORTS" }, true],
      [{ ...lost, source_title: "Another page" }, false],
      [{ ...lost, revision_id: "99" }, false],
    ] as const) {
      const t = await newTenant();
      await importClaims(api, t.id, jsonLines([row({})]));
      await importClaims(api, t.id, jsonLines([row(more)]));
      const [only] = (await statusesOf(t.id)).values();
      expect(only!.status, JSON.stringify(more)).toBe(marked ? "NEEDS_RECHECK" : "STATED");
      const before = await dump(t.id);
      expect((await importClaims(api, t.id, jsonLines([row(more)]))).last).toMatchObject({ skipped: 1 });
      expect(await dump(t.id)).toEqual(before);
    }
  });
});
