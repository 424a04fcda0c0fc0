import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealTenant, type AuditOffice } from "../../server/audit/sealer.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { openAttacker } from "../kit/audit.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

const ENTRIES = `query ($first: Int, $after: String, $filter: AuditEntryFilter) {
  auditEntries(first: $first, after: $after, filter: $filter) {
    totalCount totalIsExact pageInfo { hasNextPage endCursor }
    edges { node { id sequence sealed at operationId command capability outcome actor actorName reason adr inputHash denied detail leafHash erased } }
  }
}`;
const VERIFY = `{ verifyAudit { ok size root unsealed firstBad anchored anchoredAt problem } }`;

let api: TestApi;
let office: AuditOffice;
beforeAll(async () => {
  api = await startApi();
  office = api.services.audit!;
});
afterAll(() => api.close());

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly [field: string]: unknown;
}
const ask = async (t: TestTenant, variables: object = {}) => {
  const { data, errors } = await api.ask(t.id, ENTRIES, variables, ["auditor"]);
  expect(errors).toBeUndefined();
  return data.auditEntries as {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    edges: { node: Entry }[];
  };
};
const entriesOf = async (t: TestTenant, filter: object) =>
  (await ask(t, { first: 100, filter })).edges.map(({ node }) => node);

describe("auditEntries", () => {
  let t: TestTenant;
  beforeAll(async () => {
    t = await newTenant();
    for (let i = 0; i < 7; i++) await t.run(createTopic, { title: `Topic ${i}`, reason: `Because of number ${i}` });
    await t.execute(createTopic, { title: "Not allowed", reason: "Wanted it" }, t.caller("executive"));
  });

  it("pages from the newest to the oldest, each once, and counts them", async () => {
    const seen: Entry[] = [];
    let after: string | undefined;
    for (let more = true; more;) {
      const page = await ask(t, { first: 3, after });
      expect(page.totalCount).toBe(9);
      seen.push(...page.edges.map(({ node }) => node));
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    expect(seen).toHaveLength(9);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(9);
    expect(seen.map(({ at }) => at)).toEqual(
      seen
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(seen.at(-1)).toMatchObject({ command: "createTenant", outcome: "DONE", sequence: null, sealed: false });
  });

  it("finds by who, what, outcome, operation, words and time, all at once", async () => {
    expect(await entriesOf(t, { outcome: "REFUSED" })).toMatchObject([
      { capability: "topic.write", denied: ["role"], actor: "tester", reason: "Wanted it" },
    ]);
    expect(await entriesOf(t, { actor: "system" })).toMatchObject([{ command: "createTenant" }]);
    expect(await entriesOf(t, { capability: "topic.write" })).toHaveLength(8);
    expect(await entriesOf(t, { text: "NUMBER 4" })).toMatchObject([{ reason: "Because of number 4" }]);
    expect(await entriesOf(t, { text: "number", outcome: "REFUSED" })).toEqual([]);
    const [one] = await entriesOf(t, { text: "number 5" });
    expect(await entriesOf(t, { operationId: one!.operationId })).toEqual([one]);
    const from = await entriesOf(t, { from: one!.at, capability: "topic.write" });
    const to = await entriesOf(t, { to: one!.at, capability: "topic.write" });
    expect(from).toContainEqual(one);
    expect(to).toContainEqual(one);
    expect(from.length + to.length).toBeGreaterThanOrEqual(9);
    expect(from.every(({ at }) => at >= one!.at) && to.every(({ at }) => at <= one!.at)).toBe(true);
  });

  it("says what is sealed, and where it stands", async () => {
    await sealTenant(office, t.id);
    const found = await entriesOf(t, {});
    expect(found.map(({ sequence }) => sequence).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(found.every(({ sealed, leafHash }) => sealed === true && /^[0-9a-f]{64}$/.test(String(leafHash)))).toBe(
      true,
    );
  });

  it("refuses a cursor of another question", async () => {
    const { pageInfo } = await ask(t, { first: 2 });
    const answer = await api.ask(t.id, ENTRIES, { after: pageInfo.endCursor, filter: { actor: "x" } }, ["auditor"]);
    expect(answer.errors).toMatchObject([{ extensions: { code: "BAD_INPUT", field: "after" } }]);
  });

  it.each(["analyst", "editor", "planner", "executive", "approver", "agent"] as const)(
    "is nothing for an %s",
    async (role) => {
      for (const query of ["{ auditEntries { edges { node { id } } } }", VERIFY]) {
        const { data, errors } = await api.ask(t.id, query, {}, [role]);
        expect(data).toBeNull();
        expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
      }
    },
  );
});

describe("verifyAudit", () => {
  it("tells how far the log is anchored, and where it was changed", async () => {
    const t = await newTenant();
    const verify = async () => (await api.ask(t.id, VERIFY, {}, ["auditor"])).data.verifyAudit;
    expect(await verify()).toMatchObject({ ok: false, size: 0, unsealed: 1, anchored: null, anchoredAt: null });
    await sealTenant(office, t.id);
    await t.run(createTopic, { title: "Later", operationId: operationId() });
    expect(await verify()).toMatchObject({
      ok: true,
      size: 1,
      unsealed: 1,
      firstBad: null,
      anchored: 1,
      problem: null,
    });
    await sealTenant(office, t.id);
    const attacker = openAttacker();
    try {
      await attacker.run(`MATCH (a:AuditEntry {tenantId: $id, sequence: 1}) SET a.reason = "nothing at all"`, {
        id: t.id,
      });
    } finally {
      await attacker.driver.close();
    }
    expect(await verify()).toMatchObject({ ok: false, firstBad: 1 });
    expect((await Promise.all([verify(), verify(), verify()])).map(({ firstBad }) => firstBad)).toEqual([1, 1, 1]);
  });
});
