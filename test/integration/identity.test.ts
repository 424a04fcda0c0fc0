import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { createPresence, PRESENCE_MS } from "../../server/commands/presence.js";
import { loadConfig } from "../../server/config.js";
import { apiToken } from "../../server/cli/api-token.js";
import { issueToken, revokeToken } from "../../server/domains/access-token/access-token.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { grantRole, revokeRole } from "../../server/domains/principal/role.service.js";
import { verifyToken } from "../../server/identity/tokens.js";
import { startApi, type GraphQLAnswer, type TestApi } from "../kit/api.js";
import { testGraph } from "../kit/graph.js";
import { projectRoot } from "../kit/project-root.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

const register = async (t: TestTenant, key: string, roles: Role[], kind = "HUMAN", who?: Caller) =>
  (await t.run(registerPrincipal, { key, name: key, kind, roles }, who)).principalId;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("roles", () => {
  const problem = (code: string, path: string) => ({ ok: false, problems: [{ code, path }] });

  it("are given and taken, with channels to hold them to, and both stand in the audit", async () => {
    const t = await newTenant();
    const principalId = await register(t, "ana", ["analyst"]);
    await t.run(grantRole, { principalId, role: "planner", channelIds: [t.channelId], adr: "docs/adr/0004" });
    await t.run(revokeRole, { principalId, role: "analyst" });
    const { audit, events } = await recordsOf(t.scope);
    expect(audit.filter((one) => String(one.command).endsWith("Role"))).toMatchObject([
      { command: "grantRole", adr: "docs/adr/0004", outcome: "DONE" },
      { command: "revokeRole", outcome: "DONE" },
    ]);
    expect(events.map((one) => one.type)).toEqual(
      expect.arrayContaining(["principal.role-granted", "principal.role-revoked"]),
    );
    expect(await t.execute(grantRole, { principalId, role: "planner" })).toMatchObject(problem("CONFLICT", "role"));
    expect(await t.execute(revokeRole, { principalId, role: "analyst" })).toMatchObject(problem("CONFLICT", "role"));
    await t.run(grantRole, { principalId, role: "planner", allChannels: true });
  });

  it("leave every tenant a person who governs it, however many go at once", async () => {
    const t = await newTenant();
    const last = { principalId: t.adminId, role: "tenant-admin" };
    expect(await t.execute(revokeRole, last)).toMatchObject(problem("CONFLICT", "role"));
    const demote = { key: "admin", name: "Admin", kind: "HUMAN", roles: ["editor"] };
    expect(await t.execute(registerPrincipal, demote)).toMatchObject(problem("CONFLICT", "roles"));
    // A service isn't somebody who could be asked.
    await register(t, "robot", ["tenant-admin"], "SERVICE");
    expect(await t.execute(revokeRole, last)).toMatchObject(problem("CONFLICT", "role"));
    const other = await register(t, "second", ["tenant-admin"]);
    const answers = await Promise.all(
      [t.adminId, other].map((principalId) => t.execute(revokeRole, { principalId, role: "tenant-admin" })),
    );
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });

  it("of the platform, and those that govern, aren't a tenant's or an agent's to have", async () => {
    const t = await newTenant();
    const agent = await register(t, "crawler", ["agent"], "AGENT");
    for (const principalId of [agent, t.adminId])
      expect(await t.execute(grantRole, { principalId, role: "platform-admin" })).toMatchObject(
        problem("FORBIDDEN", "role"),
      );
    for (const role of ["tenant-admin", "approver", "operator", "auditor"])
      expect(await t.execute(grantRole, { principalId: agent, role })).toMatchObject(problem("FORBIDDEN", "role"));
    for (const [kind, roles] of [
      ["HUMAN", ["platform-admin"]],
      ["AGENT", ["approver"]],
    ] as const)
      expect(await t.execute(registerPrincipal, { key: "x1", name: "X", kind, roles })).toMatchObject(
        problem("FORBIDDEN", "roles"),
      );
    for (const key of ["link.editor", "cli.editor", "LINK.editor", "system", "Seed"])
      expect(await t.execute(registerPrincipal, { key, name: "X", kind: "HUMAN", roles: ["editor"] })).toMatchObject(
        problem("BAD_INPUT", "key"),
      );
  });

  it("aren't a way out of one's own channels", async () => {
    const t = await newTenant();
    const heldId = await register(t, "held", ["tenant-admin"]);
    await t.run(grantRole, { principalId: heldId, role: "editor", channelIds: [t.channelId] });
    const held: Caller = { ...t.caller("tenant-admin"), actor: "held" };
    const ana = await register(t, "ana", ["analyst"]);
    const forbidden = { ok: false, problems: [{ code: "FORBIDDEN" }] };
    const tries = [
      [grantRole, { principalId: heldId, role: "planner", allChannels: true }],
      [grantRole, { principalId: ana, role: "planner" }],
      [grantRole, { principalId: ana, role: "planner", channelIds: [t.channelId] }],
      [revokeRole, { principalId: t.adminId, role: "tenant-admin" }],
      [registerPrincipal, { key: "friend", name: "F", kind: "HUMAN", roles: ["tenant-admin"] }],
    ] as const;
    for (const [command, input] of tries)
      expect(await t.execute(command as typeof grantRole, input, held), JSON.stringify(input)).toMatchObject(forbidden);
    // Within them they may.
    await t.run(grantRole, { principalId: ana, role: "editor", channelIds: [t.channelId] });
    await t.run(grantRole, { principalId: ana, role: "planner", channelIds: [t.channelId] }, held);
  });

  it("are told apart by an address without regard to case", async () => {
    const t = await newTenant();
    expect(await register(t, "Ana@Studio.example", ["analyst"])).toBe(
      await register(t, "ana@studio.example", ["planner"]),
    );
  });
});

describe("what is left of a caller", () => {
  it("is looked up often enough: a minute is the most that a revoked role may still read", () => {
    expect(PRESENCE_MS).toBeLessThanOrEqual(30_000);
  });

  it("is the roles that token and graph both say; after the time that it is kept, not before", async () => {
    const t = await newTenant();
    const principalId = await register(t, "ana", ["analyst", "planner"]);
    let now = 1_000_000;
    const presence = createPresence(testGraph(), { now: () => now });
    const caller: Caller = { ...t.caller("analyst", "editor"), actor: "ana" };
    expect((await presence(caller))?.roles).toEqual(["analyst"]);
    await t.run(revokeRole, { principalId, role: "analyst" });
    expect((await presence(caller))?.roles).toEqual(["analyst"]);
    now += PRESENCE_MS;
    expect(await presence(caller)).toBeNull();
    expect((await presence({ ...caller, roles: ["planner"] }))?.roles).toEqual(["planner"]);
    // The same name in another tenant is somebody else.
    expect((await presence({ ...caller, tenantId: (await newTenant()).id }))?.roles).toEqual(["analyst", "editor"]);
  });

  it("isn't remembered from a failure", async () => {
    const t = await newTenant();
    let failing = true;
    const graph = testGraph();
    const flaky = {
      read: (...args: Parameters<typeof graph.read>) =>
        failing ? Promise.reject(new Error("down")) : graph.read(...args),
    };
    const presence = createPresence(flaky as unknown as typeof graph);
    await expect(presence(t.caller("analyst"))).rejects.toThrow("down");
    failing = false;
    expect(await presence(t.caller("analyst"))).toMatchObject({ roles: ["analyst"] });
  });
});

describe("tokens of agents and services", { timeout: 60_000 }, () => {
  const ISSUE = `mutation Issue($input: IssueTokenInput!) { issueToken(input: $input) {
    token replayed problems { code path } accessToken { id scopes roles principal { key } owner { key } onBehalfOf { key } revokedAt }
  } }`;
  const REVOKE = `mutation Revoke($input: RevokeTokenInput!) { revokeToken(input: $input) { problems { code } accessToken { revokedAt revokedBy } } }`;
  const CREATE = `mutation Create($input: CreateTopicInput!) { createTopic(input: $input) { problems { code message } topic { id } } }`;
  const READ = "{ topics { totalCount } }";
  const SHORT_MS = 150;

  let api: TestApi;
  let t: TestTenant;
  let agent: string;
  let service: string;
  let ana: string;
  beforeAll(async () => {
    api = await startApi({}, { presenceMs: SHORT_MS });
    t = await newTenant();
    agent = await register(t, "crawler", ["agent", "planner"], "AGENT");
    service = await register(t, "sync", ["planner", "analyst"], "SERVICE");
    ana = await register(t, "ana", ["planner"]);
  });
  afterAll(() => api?.close());

  const envelope = () => ({ operationId: operationId(), reason: "a test" });
  const asAdmin = (query: string, input: object) =>
    api.ask(t.id, query, { input: { ...envelope(), ...input } }, ["tenant-admin"]);
  async function ask(token: string, query: string, variables: object = {}): Promise<GraphQLAnswer> {
    const answer = await fetch(`${api.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await answer.json()) as GraphQLAnswer;
  }
  const createTopic = (token: string) =>
    ask(token, CREATE, { input: { ...envelope(), title: `Topic ${operationId()}` } });
  const issue = (input: object) =>
    asAdmin(ISSUE, { principalId: service, ownerId: ana, scopes: ["topic.write"], expiresInDays: 7, ...input });
  const issued = async (input: object = {}): Promise<{ token: string; id: string }> => {
    const { token, accessToken, problems } = (await issue(input)).data.issueToken;
    expect(problems).toEqual([]);
    return { token, id: accessToken.id };
  };
  const forbidden = (answer: GraphQLAnswer) =>
    answer.data.createTopic.problems.map((one: { code: string }) => one.code);

  it("are shown once, kept without themselves, and name who answers for them", async () => {
    const input = { ...envelope(), roles: ["planner"] };
    const first = (await issue(input)).data.issueToken;
    expect(first.accessToken).toMatchObject({
      scopes: ["topic.write"],
      roles: ["planner"],
      principal: { key: "sync" },
      owner: { key: "ana" },
      onBehalfOf: null,
      revokedAt: null,
    });
    const again = (await issue(input)).data.issueToken;
    expect(again).toMatchObject({ replayed: true, token: null, accessToken: { id: first.accessToken.id } });
    expect(await verifyToken(api.keys, first.token)).toMatchObject({
      actor: "sync",
      tokenId: first.accessToken.id.slice(12),
    });
    const stored = JSON.stringify(await recordsOf(t.scope));
    expect(stored).not.toContain(first.token.split(".")[2]);
    const listed = await api.ask(
      t.id,
      "{ accessTokens(first: 1) { totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }",
      {},
      ["tenant-admin"],
    );
    expect(listed.data.accessTokens.edges).toHaveLength(1);
    const barred = await api.ask(t.id, "{ accessTokens { totalCount } }", {}, ["editor"]);
    expect(barred.errors?.[0]?.extensions.code).toBe("FORBIDDEN");
  });

  it("do what their scopes and roles say and nothing else", async () => {
    const { token } = await issued();
    expect((await createTopic(token)).data.createTopic.problems).toEqual([]);
    expect(forbidden(await createTopic((await issued({ scopes: ["evidence.write"] })).token))).toEqual(["FORBIDDEN"]);
    expect(forbidden(await createTopic((await issued({ roles: ["analyst"] })).token))).toEqual(["FORBIDDEN"]);
  });

  it.each<[string, object, string, string]>([
    ["for a person", { principalId: "ana" }, "BAD_INPUT", "principalId"],
    ["that nobody answers for", { ownerId: "agent" }, "BAD_INPUT", "ownerId"],
    ["that acts for a machine", { onBehalfOfId: "service" }, "BAD_INPUT", "onBehalfOfId"],
    ["with a scope that isn't one", { scopes: ["everything"] }, "BAD_INPUT", "scopes.0"],
    ["without a scope", { scopes: [] }, "BAD_INPUT", "scopes"],
    ["with a role that its principal doesn't have", { roles: ["editor"] }, "BAD_INPUT", "roles"],
    ["without an end", { expiresInDays: 0 }, "BAD_INPUT", "expiresInDays"],
    ["for longer than a year", { expiresInDays: 367 }, "BAD_INPUT", "expiresInDays"],
    ["that lets an agent govern", { principalId: "agent", scopes: ["switch.write"] }, "FORBIDDEN", "scopes"],
  ])("aren't issued %s", async (_, input, code, path) => {
    const ids: Record<string, string> = { ana, agent, service };
    const named = Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, name.endsWith("Id") ? ids[value as string] : value]),
    );
    expect((await issue(named)).data.issueToken).toMatchObject({ token: null, problems: [{ code, path }] });
  });

  it("give no scope that the token which asks doesn't have", async () => {
    const robot: Caller = { ...t.caller("tenant-admin"), scopes: ["token.write"] };
    const input = { principalId: service, ownerId: ana, scopes: ["export"], expiresInDays: 1 };
    expect(await t.execute(issueToken, input, robot)).toMatchObject({
      ok: false,
      problems: [{ code: "FORBIDDEN", path: "scopes" }],
    });
  });

  it("end at once for changes and within the time for reads when they are revoked", async () => {
    const { token, id } = await issued();
    expect((await ask(token, READ)).errors).toBeUndefined();
    const revoked = await asAdmin(REVOKE, { tokenId: id });
    expect(revoked.data.revokeToken).toMatchObject({
      problems: [],
      accessToken: { revokedAt: expect.any(String), revokedBy: "tester" },
    });
    expect((await createTopic(token)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    await sleep(SHORT_MS);
    expect((await ask(token, READ)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect((await asAdmin(REVOKE, { tokenId: id })).data.revokeToken.problems).toMatchObject([{ code: "CONFLICT" }]);
    const unknown = await t.execute(revokeToken, { tokenId: "AccessToken:01JD3Z5X9QW8R7T6Y5V4N3M2K1" });
    expect(unknown).toMatchObject({ ok: false, problems: [{ code: "NOT_FOUND" }] });
  });

  it("that name a token which isn't in the graph open nothing", async () => {
    const made = await api.services.execute(registerPrincipal, systemCaller(t.id), {
      ...envelope(),
      key: "late",
      name: "L",
      kind: "SERVICE",
      roles: ["analyst"],
    });
    expect(made.ok).toBe(true);
    const { issueToken: sign } = await import("../../server/identity/tokens.js");
    const identity = { actor: "late", name: "L", tenantId: t.id, roles: ["analyst"] as Role[], region: "local" };
    const token = await sign(api.keys, { ...identity, tokenId: "01JD3Z5X9QW8R7T6Y5V4N3M2K1" }, 600);
    expect((await ask(token, READ)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect((await ask(await sign(api.keys, identity, 600), READ)).errors).toBeUndefined();
  });

  it("that act for somebody do what both may, and both stand in the audit", async () => {
    const { token } = await issued({ principalId: agent, onBehalfOfId: ana });
    expect((await createTopic(token)).data.createTopic.problems).toEqual([]);
    const { audit } = await recordsOf(t.scope);
    expect(audit.filter((one) => one.onBehalfOf !== null && one.onBehalfOf !== undefined)).toMatchObject([
      { command: "createTopic", actor: "crawler", onBehalfOf: "ana" },
    ]);
    const eve = await register(t, "eve", ["executive"]);
    const beyond = await issued({ principalId: agent, onBehalfOfId: eve });
    const refused = await createTopic(beyond.token);
    expect(refused.data.createTopic.problems[0].message).toContain("whoever they act for may not do it either");
    // Who has no rights left lends none.
    await t.run(revokeRole, { principalId: eve, role: "executive" });
    await sleep(SHORT_MS);
    expect((await ask(beyond.token, READ)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });

  it("lose a role with their principal, and everything with its last", async () => {
    const principalId = await register(t, "brief", ["planner"], "SERVICE");
    const { token } = await issued({ principalId });
    expect((await ask(token, READ)).errors).toBeUndefined();
    await t.run(revokeRole, { principalId, role: "planner" });
    const change = await createTopic(token);
    // Told by the change's own look at the graph, or by the session's, whichever came first.
    expect(change.errors?.[0]?.extensions.code ?? forbidden(change)[0]).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)$/);
    await sleep(SHORT_MS);
    expect((await ask(token, READ)).errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });

  it("of the command line are good for the platform too", async () => {
    const config = loadConfig({ THROUGHLINE_HOME: api.home }, projectRoot);
    const request = { config, services: api.services, tenantId: "system", ttlSeconds: 60 };
    const token = await apiToken({ ...request, roles: ["platform-admin"] });
    expect(await verifyToken(api.keys, token)).toMatchObject({ tenantId: "system", roles: ["platform-admin"] });
    expect((await ask(token, "{ members { edges { node { key roles } } } }")).data.members.edges).toEqual(
      expect.arrayContaining([{ node: { key: "cli.platform-admin", roles: ["platform-admin"] } }]),
    );
    await expect(apiToken({ ...request, roles: ["tenant-admin"] })).rejects.toThrow("platform-admin and nothing else");
  });

  it("stand beside the people in the list of members, a page at a time", async () => {
    const page = await api.ask(
      t.id,
      "{ members(first: 2) { totalCount pageInfo { hasNextPage } edges { node { key kind roles channels } } } }",
    );
    expect(page.data.members.edges).toHaveLength(2);
    expect(page.data.members.edges[0].node).toEqual({
      key: "admin",
      kind: "HUMAN",
      roles: ["tenant-admin"],
      channels: null,
    });
    const agents = await api.ask(t.id, "{ members(filter: {kind: [AGENT]}) { edges { node { key } } } }");
    expect(agents.data.members.edges).toEqual([{ node: { key: "crawler" } }]);
  });
});
