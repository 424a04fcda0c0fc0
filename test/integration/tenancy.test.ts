import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealTenant } from "../../server/audit/sealer.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { eraseTenant, resumeTenant, suspendTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { DEFAULT_REGION } from "../../server/config.js";
import { SYSTEM_TENANT } from "../../server/graph/graph.js";
import { eraseContent, whatIsLeft } from "../../server/tenancy/erase.js";
import { exportTenantLines, type ExportLine } from "../../server/tenancy/export.js";
import { act, codesOf, done } from "../kit/approvals.js";
import { startApi, type TestApi } from "../kit/api.js";
import { testAuditOffice, verifyWith } from "../kit/audit.js";
import { buildChain, buildTopic } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { contentOf, recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const tenantId = (t: TestTenant) => ({ tenantId: `Tenant:${t.id}` });
/** One of the platform's own people. */
const platform = (): Caller => ({
  tenantId: SYSTEM_TENANT,
  actor: "pat",
  name: "Pat",
  roles: ["platform-admin"],
  region: DEFAULT_REGION,
});
const linesOf = async (id: string): Promise<ExportLine[]> => {
  const lines: ExportLine[] = [];
  for await (const { line } of exportTenantLines(testGraph(), id, undefined)) lines.push(line);
  return lines;
};
/** Proposed by the tenant's admin, approved by somebody else. */
async function erase(t: TestTenant): Promise<void> {
  const proposed = await done(propose, t.person("ed", "tenant-admin"), {
    action: "eraseTenant",
    subjectId: `Tenant:${t.id}`,
  });
  await done(approve, t.person("ann", "approver"), proposed);
}

describe("a suspended tenant", () => {
  it("takes no changes, can be read, and changes again when it is resumed", async () => {
    const t = await newTenant();
    await done(suspendTenant, systemCaller(t.id), tenantId(t));
    expect(codesOf(await act(createTopic, t.caller("tenant-admin"), { title: "No" }))).toEqual(["TENANT_SUSPENDED"]);
    const read = await api.ask(t.id, "{ viewer { tenant { ... on Tenant { status } } } }");
    expect(read.data.viewer.tenant.status).toBe("SUSPENDED");
    expect(codesOf(await act(suspendTenant, systemCaller(t.id), tenantId(t)))).toEqual(["CONFLICT"]);
    await done(resumeTenant, systemCaller(t.id), tenantId(t));
    await done(createTopic, t.caller("tenant-admin"), { title: "Yes" });
  });

  it("isn't suspended by its own people, nor by another tenant's", async () => {
    const [t, other] = [await newTenant(), await newTenant()];
    const mutation = `mutation ($input: TenantInput!) { suspendTenant(input: $input) { tenantId problems { code } } }`;
    const ask = async (id: string) => {
      const input = { tenantId: id, operationId: operationId(), reason: "a test" };
      return (await api.ask(other.id, mutation, { input }, ["tenant-admin", "operator"])).data.suspendTenant;
    };
    const before = await recordsOf(t.scope);
    const refused = { tenantId: null, problems: [{ code: "FORBIDDEN" }] };
    expect(await ask(`Tenant:${t.id}`)).toEqual(refused);
    expect(await ask("Tenant:never-was")).toEqual(refused);
    expect(await ask(`Tenant:${other.id}`)).toEqual(refused);
    // Nothing of the attempt stands in the other's log.
    expect(await recordsOf(t.scope)).toEqual(before);
  });
});

describe("the platform's own people", () => {
  it("act on a tenant through policy, and it stands in its audit and in the platform's", async () => {
    const t = await newTenant();
    const services = api.services;
    const { actingOn } = await import("../../server/commands/caller.js");
    const id = operationId();
    const input = { ...tenantId(t), operationId: id, reason: "they didn't pay" };
    expect(await services.execute(suspendTenant, actingOn(platform(), t.id), input)).toMatchObject({ ok: true });
    expect((await recordsOf(t.scope)).audit.filter((entry) => entry.operationId === id)).toMatchObject([
      { actor: "system/pat", command: "suspendTenant", outcome: "DONE" },
    ]);
    const own = (await recordsOf({ tenantId: SYSTEM_TENANT })).audit.filter((entry) => entry.reason === input.reason);
    const about = own.map((entry) => JSON.parse(String(entry.detail)) as object);
    expect(about).toContainEqual({ command: "suspendTenant", tenantId: t.id, outcome: "DONE" });
    // What policy doesn't give them, and what isn't there.
    const topic = { title: "Theirs", operationId: operationId(), reason: "a test" };
    expect(codesOf(await services.execute(createTopic, actingOn(platform(), t.id), topic))).toContain("FORBIDDEN");
    const nowhere = { tenantId: "Tenant:never-was", operationId: operationId(), reason: "a test" };
    expect(codesOf(await services.execute(suspendTenant, actingOn(platform(), "never-was"), nowhere))).toEqual([
      "NOT_FOUND",
    ]);
  });
});

describe("an export", () => {
  it("tells every node once with its edges, and stands in the audit before its first byte", async () => {
    const t = await newTenant();
    await buildChain(t);
    const lines = await linesOf(t.id);
    const nodes = lines.flatMap((line) => (line.type === "node" ? [line] : []));
    const counted = (await contentOf(t.scope)).filter(({ label }) => label !== "OutboxEvent");
    for (const { label, nodes: there } of counted)
      expect(
        nodes.filter(({ labels }) => labels[0] === label),
        String(label),
      ).toHaveLength(Number(there));
    expect(lines.at(-1)).toEqual({
      type: "end",
      nodes: nodes.length,
      edges: nodes.reduce((sum, { edges }) => sum + edges.length, 0),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(lines)).not.toContain(t.twinId);

    const ask = async (query: string, roles: "tenant-admin" | "editor") =>
      fetch(`${api.url}/export/tenant${query}`, {
        method: "POST",
        headers: { authorization: `Bearer ${await api.token(t.id, roles)}` },
      });
    const answer = await ask("", "tenant-admin");
    expect(answer.status).toBe(200);
    expect((await answer.text()).trimEnd().split("\n").at(-1)).toContain('"type":"end"');
    expect((await recordsOf(t.scope)).audit.map(({ command }) => command)).toContain("exportTenant");
    expect((await ask("", "editor")).status).toBe(403);
    const [another, nobodys] = [
      await ask(`?tenant=${t.twinId}`, "tenant-admin"),
      await ask("?tenant=z", "tenant-admin"),
    ];
    expect([another.status, nobodys.status]).toEqual([404, 404]);
  });
});

describe("an erasure", () => {
  it("needs somebody else's approval, whoever asks", async () => {
    const t = await newTenant();
    for (const who of [t.caller("tenant-admin"), systemCaller(t.id)])
      expect(codesOf(await act(eraseTenant, who, tenantId(t)))).toContain("NEEDS_APPROVAL");
    expect(await eraseContent(testGraph(), t.id)).toBeNull();
    expect((await contentOf(t.scope)).length).toBeGreaterThan(0);
  });

  it("leaves the audit log whole, no content, no texts, and an id that nobody gets again", async () => {
    const t = await newTenant();
    const office = testAuditOffice();
    await buildChain(t);
    await buildTopic(t, { title: "Unmistakable" });
    await sealTenant(office, t.id);
    await erase(t);
    const erased = await eraseContent(testGraph(), t.id);
    expect(erased).toMatchObject({ left: {} });
    expect(erased!.deleted).toBeGreaterThan(20);
    expect(await whatIsLeft(testGraph(), t.id)).toEqual({});
    expect((await contentOf(t.scope)).map(({ label }) => label).sort()).toEqual(["AuditTree", "Checkpoint", "Tenant"]);
    const { audit, operations, events } = await recordsOf(t.scope);
    expect([operations, events]).toEqual([[], []]);
    expect(audit.length).toBeGreaterThan(10);
    // All but the entry of the erasure itself, which is this process's.
    expect(audit.filter((entry) => entry.reason !== undefined && entry.actor !== "system")).toEqual([]);
    await sealTenant(office, t.id);
    expect(await verifyWith(office, t.id)).toMatchObject({ ok: true, unsealed: 0 });
    // The twin has the same ids, and all of its content.
    expect((await contentOf(t.twinScope)).length).toBeGreaterThan(5);

    const again = { id: t.id, name: "Again", region: "local" };
    expect(codesOf(await act(createTenant, systemCaller(t.id), again))).toEqual(["CONFLICT"]);
    expect((await api.ask(t.id, "{ viewer { actor } }")).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    await expect(act(createTopic, t.caller("tenant-admin"), { title: "No" })).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
    // Run again it finds nothing to do.
    expect(await eraseContent(testGraph(), t.id)).toMatchObject({ deleted: 0, left: {} });
  });
});
