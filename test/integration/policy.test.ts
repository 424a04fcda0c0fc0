import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { ulid } from "ulid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditAlso, type AuditRecord } from "../../server/commands/operation.query.js";
import { DEFAULT_REGION, loadConfig } from "../../server/config.js";
import { openIncident } from "../../server/domains/incident/incident.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { loadPolicy } from "../../server/policy/load.js";
import { compiledPolicy } from "../../server/policy/wasm.js";
import { createServices } from "../../server/services.js";
import { startApi, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { allowedInput } from "../kit/policy-input.js";
import { projectRoot } from "../kit/project-root.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const DECISIONS = `query Policy_Decisions($first: Int! = 20, $after: String, $filter: PolicyDecisionFilter) {
  policyDecisions(first: $first, after: $after, filter: $filter) {
    edges { node { id at operationId command capability actor actorName onBehalfOf allowed denied { rule reason } policy decisionInput } }
    pageInfo { hasNextPage endCursor } totalCount totalIsExact
  }
}`;

interface Decision {
  id: string;
  operationId: string;
  capability: string;
  actor: string;
  allowed: boolean;
  denied: { rule: string; reason: string }[];
  policy: string;
  decisionInput: string | null;
}

async function page(t: TestTenant, variables: object = {}) {
  const { data, errors } = await api.ask(t.id, DECISIONS, variables, ["auditor"]);
  expect(errors).toBeUndefined();
  const { edges, pageInfo, totalCount, totalIsExact } = data.policyDecisions;
  const decisions = (edges as { node: Decision }[]).map(({ node }) => node);
  return { decisions, pageInfo, totalCount, totalIsExact };
}

async function allPages(t: TestTenant, first: number, filter: object = {}): Promise<Decision[]> {
  const all: Decision[] = [];
  for (let after: string | null = null; ;) {
    const { decisions, pageInfo } = await page(t, { first, after, filter });
    all.push(...decisions);
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor;
  }
}

const source = (n: number) => ({ url: `https://policy-${n}.example/${ulid()}`, title: `Source ${n}` });
const incident = { title: "Outage", severity: 1 };

describe("policyDecisions", { timeout: 90_000 }, () => {
  it("tells newest first what was decided on the tenant's commands, and by which rules", async () => {
    const t = await newTenant();
    await t.run(registerSource, source(1), t.caller("analyst"));
    expect(await t.execute(openIncident, incident, t.caller("analyst"))).toMatchObject({ ok: false });
    const [denied, allowed] = (await page(t)).decisions;
    expect(denied).toMatchObject({
      command: "openIncident",
      capability: "incident.write",
      actor: "tester",
      actorName: "Tess Tester",
      onBehalfOf: null,
      allowed: false,
      denied: [{ rule: "role", reason: "no role of theirs has the capability" }],
      policy: compiledPolicy().hash,
    });
    expect(JSON.parse(denied?.decisionInput ?? "")).toMatchObject({
      capability: "incident.write",
      tenant: { id: t.id },
      subject: { actor: "tester", roles: ["analyst"] },
    });
    expect(allowed).toMatchObject({ command: "registerSource", allowed: true, denied: [], decisionInput: null });
  });

  it("leaves out refusals that no policy made", async () => {
    const t = await newTenant();
    const again = { ...source(1), operationId: operationId() };
    await t.run(registerSource, again);
    expect(await t.execute(registerSource, { ...again, title: "Another" })).toMatchObject({
      problems: [{ code: "OPERATION_ID_REUSED" }],
    });
    expect((await page(t)).decisions.filter((one) => one.operationId === again.operationId)).toHaveLength(1);
  });

  it("filters, and counts what the filter leaves", async () => {
    const t = await newTenant();
    for (const n of [1, 2]) await t.run(registerSource, source(n));
    const between = Date.now() + 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const role of ["analyst", "planner"] as const) await t.execute(openIncident, incident, t.caller(role));
    const found = async (filter: object) => {
      const { decisions, totalCount, totalIsExact } = await page(t, { filter });
      expect([totalCount, totalIsExact]).toEqual([decisions.length, true]);
      return decisions.map(({ capability, allowed }) => `${capability} ${allowed}`);
    };
    const incidents = ["incident.write false", "incident.write false"];
    const sources = ["evidence.write true", "evidence.write true"];
    expect(await found({ allowed: false })).toEqual(incidents);
    expect(await found({ rule: "role" })).toEqual(incidents);
    expect(await found({ rule: "residency" })).toEqual([]);
    expect(await found({ capability: "evidence.write" })).toEqual(sources);
    expect(await found({ capability: "evidence.write", allowed: false })).toEqual([]);
    expect(await found({ actor: "tester" })).toEqual([...incidents, ...sources]);
    expect(await found({ from: new Date(between).toISOString() })).toEqual(incidents);
    expect(await found({ actor: "tester", to: new Date(between).toISOString() })).toEqual(sources);
    expect(await found({ actor: "system" })).toEqual(["tenant.create true"]);
  });

  it("pages through decisions of one instant without a gap or a repetition", async () => {
    const t = await newTenant();
    const at = Date.now() - 1_000;
    const record = (id: string): AuditRecord => ({
      id,
      operationId: operationId(),
      command: "openIncident",
      capability: "incident.write",
      actor: "planted",
      actorName: "Planted",
      onBehalfOf: null,
      reason: "a test",
      adr: null,
      inputHash: "0",
      outputHash: null,
      outcome: "REFUSED",
      denied: ["role"],
      policy: "planted",
      decisionInput: null,
      detail: null,
      at,
    });
    const ids = Array.from({ length: 7 }, () => ulid()).sort();
    for (const scope of [t.scope, t.twinScope])
      await testGraph().write(scope, async (tx) => {
        for (const id of ids) await tx.run(auditAlso, { audit: record(id) });
      });
    for (const first of [1, 2, 3, 7, 20]) {
      const found = await allPages(t, first, { actor: "planted" });
      expect(found.map(({ id }) => id)).toEqual(ids.toReversed());
    }
    const everything = await allPages(t, 2);
    expect(everything.map(({ id }) => id)).toEqual((await page(t)).decisions.map(({ id }) => id));
  });

  it("is for those who may read the audit", async () => {
    const t = await newTenant();
    for (const role of ["auditor", "tenant-admin", "operator"] as const)
      expect((await api.ask(t.id, DECISIONS, {}, [role])).errors, role).toBeUndefined();
    for (const role of ["analyst", "editor", "approver", "agent", "platform-admin"] as const)
      expect((await api.ask(t.id, DECISIONS, {}, [role])).errors, role).toMatchObject([
        { message: expect.stringContaining("(audit.read)"), extensions: { code: "FORBIDDEN" } },
      ]);
  });

  it("tells of reads and imports that somebody was turned away from, too", async () => {
    const t = await newTenant();
    expect((await api.ask(t.id, DECISIONS, {}, ["planner"])).errors).toHaveLength(1);
    const upload = await fetch(`${api.url}/import/claims`, {
      method: "POST",
      headers: { "content-type": "application/jsonl", authorization: `Bearer ${await api.token(t.id, "planner")}` },
      body: "{}",
    });
    expect(upload.status).toBe(403);
    const { decisions } = await page(t, { filter: { allowed: false } });
    expect(decisions).toMatchObject([
      { command: "ask", capability: "import", denied: [{ rule: "role" }] },
      { command: "ask", capability: "audit.read", denied: [{ rule: "role" }] },
    ]);
    expect(JSON.parse(decisions[0]?.decisionInput ?? "")).toMatchObject({ subject: { roles: ["planner"] } });
  });

  it.each([
    ["a page too large", { first: 501 }, "first"],
    ["a cursor that isn't one", { after: "x" }, "after"],
  ])("refuses %s", async (_, variables, field) => {
    const t = await newTenant();
    const { errors } = await api.ask(t.id, DECISIONS, variables, ["auditor"]);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_INPUT", field } }]);
  });

  it("refuses the cursor of another question", async () => {
    const t = await newTenant();
    await t.run(registerSource, source(1));
    const { pageInfo } = await page(t, { first: 1 });
    const asked = { after: pageInfo.endCursor, filter: { allowed: true } };
    const { errors } = await api.ask(t.id, DECISIONS, asked, ["auditor"]);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_INPUT", field: "after" } }]);
  });
});

const TEST = `query Policy_Test($input: String!) {
  policyTest(input: $input) { allow denied { rule reason } approvals policy candidate { allow policy } }
}`;
const test = (t: TestTenant, input: unknown, role: "auditor" | "analyst" = "auditor") =>
  api.ask(t.id, TEST, { input: typeof input === "string" ? input : JSON.stringify(input) }, [role]);

describe("policyTest", () => {
  it("answers as the policy would, with reasons", async () => {
    const t = await newTenant();
    const policy = compiledPolicy().hash;
    expect((await test(t, allowedInput())).data.policyTest).toEqual({
      allow: true,
      denied: [],
      approvals: 0,
      policy,
      candidate: null,
    });
    expect((await test(t, { ...allowedInput(), capability: "episode.publish" })).data.policyTest).toEqual({
      allow: false,
      denied: [{ rule: "approval", reason: "needs the approval of others first" }],
      approvals: 1,
      policy,
      candidate: null,
    });
  });

  it("says to a logged question what was said when it was asked", async () => {
    const t = await newTenant();
    await t.execute(openIncident, incident, t.caller("planner"));
    const [logged] = (await page(t)).decisions;
    const answer = (await test(t, logged?.decisionInput ?? "")).data.policyTest;
    expect({ denied: answer.denied, policy: answer.policy }).toEqual({
      denied: logged?.denied,
      policy: logged?.policy,
    });
  });

  it.each([
    ["what isn't JSON", "{", "input"],
    ["a list", "[]", "input"],
    ["no subject", { ...allowedInput(), subject: undefined }, "input.subject"],
    [
      "an actor without a name",
      { ...allowedInput(), subject: { ...allowedInput().subject, actor: "" } },
      "input.subject.actor",
    ],
    ["a channel that is a number", { ...allowedInput(), channels: ["Channel:A", 1] }, "input.channels.1"],
  ])("refuses %s and names the field", async (_, input, field) => {
    const t = await newTenant();
    expect((await test(t, input)).errors).toMatchObject([{ extensions: { code: "BAD_INPUT", field } }]);
  });

  it("isn't for everybody", async () => {
    const t = await newTenant();
    expect((await test(t, allowedInput(), "analyst")).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  });
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("a policy elsewhere that doesn't answer", () => {
  it("stops every change, and the decision log says why", async () => {
    const t = await newTenant();
    const port = await freePort();
    const config = loadConfig({ THROUGHLINE_POLICY_URL: `http://127.0.0.1:${port}` }, projectRoot);
    const services = createServices({ graph: testGraph(), region: DEFAULT_REGION, policy: loadPolicy(config) });
    const input = { ...source(1), operationId: operationId(), reason: "a test" };
    expect(await services.execute(registerSource, t.caller("tenant-admin"), input)).toMatchObject({
      ok: false,
      problems: [{ code: "FORBIDDEN", message: expect.stringContaining("can't be asked") }],
    });
    expect((await page(t)).decisions[0]).toMatchObject({
      operationId: input.operationId,
      denied: [{ rule: "policy-unavailable" }],
      policy: `remote 127.0.0.1:${port}`,
    });
  });
});
