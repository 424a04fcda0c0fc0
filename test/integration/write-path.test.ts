import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ulid } from "ulid";
import { z } from "zod";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { actingOn, systemCaller, type Caller } from "../../server/commands/caller.js";
import { defineCommand, type Command } from "../../server/commands/command.js";
import { execute } from "../../server/commands/execute.js";
import { refuse } from "../../server/commands/problem.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { DomainError } from "../../server/errors.js";
import { openGraph, SYSTEM_TENANT, type Graph } from "../../server/graph/graph.js";
import { createNode, createQueries } from "../../server/graph/life.js";
import { lock } from "../../server/graph/lock.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { startBoltProxy, type BoltProxy } from "../kit/bolt-proxy.js";
import { buildClaim, buildFact, buildTopic } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { testOffice } from "../kit/office.js";
import { contentOf, countNodes, recordsOf, recordsOfOperation } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/*
 * The one way in. These call `execute` itself, not through the twin, since most of it is about what stands beside the change.
 */

const admin = (t: TestTenant): Caller => t.caller("tenant-admin");
const envelope = (id: string = operationId()) => ({ operationId: id, reason: "a test" });
const episode = (t: TestTenant, title = "An episode") => ({ ...envelope(), title, channelId: t.channelId });
const call = <I, R>(command: Command<I, R>, who: Caller, input: object, graph: Graph = testGraph()) =>
  execute({ ...testOffice(), graph }, command, who, input);
const at20 = <T>(work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));

const setStatus = defineQuery({
  name: "testTenantStatus",
  mode: "write",
  scope: "tenant",
  params: params<{ status: string }>(),
  cypher: `MATCH (t:Tenant {tenantId: $tenantId, id: $tenantId}) SET t.status = $status`,
  row: noRow,
});

/** Writes a topic, then does what the test wants of it. */
const writesAndThen = (then: () => void) =>
  defineCommand({
    name: "testWritesAndThen",
    capability: "topic.write",
    input: z.object({}),
    async run({ tx, operationId: id, newId }) {
      const { at } = await lock(tx, []);
      await createNode(
        tx,
        { label: "Topic", id: newId() },
        { title: "Half done", description: null },
        { at, operationId: id },
      );
      then();
      return { result: {}, at, events: [{ type: "test.done", subject: "Topic:x", data: {} }] };
    },
  });

describe("an operation", () => {
  it("is done once: the same id and input answer the stored result", async () => {
    const t = await newTenant();
    const input = episode(t);
    const first = await call(createEpisode, admin(t), input);
    const second = await call(createEpisode, admin(t), input);
    expect(first).toMatchObject({ ok: true, replayed: false, operationId: input.operationId });
    expect(second).toMatchObject({ ok: true, replayed: true, operationId: input.operationId });
    if (!first.ok || !second.ok) return;
    expect(second.result).toEqual(first.result);
    expect(second.at).toBe(first.at);
    expect(await countNodes(t.scope, "Episode")).toBe(1);
    const records = await recordsOfOperation(t.scope, input.operationId);
    expect([records.operations.length, records.audit.length, records.events.length]).toEqual([1, 1, 1]);
  });

  it("isn't another one under its id: other input, other reason and other command are refused, and change nothing", async () => {
    const t = await newTenant();
    const input = episode(t);
    await call(createEpisode, admin(t), input);
    const before = await contentOf(t.scope);
    const others = [
      await call(createEpisode, admin(t), { ...input, title: "Another" }),
      await call(createEpisode, admin(t), { ...input, reason: "another" }),
      await call(createTopic, admin(t), { ...envelope(input.operationId), title: "An episode" }),
    ];
    for (const answer of others) {
      expect(answer).toMatchObject({ ok: false, problems: [{ code: "OPERATION_ID_REUSED", path: "operationId" }] });
    }
    expect(await contentOf(t.scope)).toEqual(before);
    expect((await recordsOfOperation(t.scope, input.operationId)).audit.map((entry) => entry.outcome).sort()).toEqual([
      "DONE",
      "REFUSED",
      "REFUSED",
      "REFUSED",
    ]);
  });

  it("is whose it was: nobody else of the tenant is told its result, whatever they may, and it stays done", async () => {
    const t = await newTenant();
    const input = episode(t);
    await call(createEpisode, admin(t), input);
    const before = await contentOf(t.scope);
    for (const other of [t.person("eve", "tenant-admin"), t.person("ada", "auditor"), systemCaller(t.id)]) {
      const answer = await call(createEpisode, other, input);
      expect(answer).toMatchObject({ ok: false, problems: [{ code: "OPERATION_ID_REUSED", path: "operationId" }] });
      expect(answer).not.toHaveProperty("result");
    }
    // Their rights may have changed since: who asks again is who they were.
    expect(await call(createEpisode, t.caller("editor", "analyst"), input)).toMatchObject({ ok: true, replayed: true });
    expect(await contentOf(t.scope)).toEqual(before);
    expect(await countNodes(t.scope, "Episode")).toBe(1);
  });

  it("of the platform's people isn't a namesake's of the tenant, nor the other way round", async () => {
    const t = await newTenant();
    const pat = t.person("pat", "tenant-admin");
    const ofThePlatform = actingOn({ ...t.person("pat", "platform-admin"), tenantId: SYSTEM_TENANT }, t.id);
    for (const [first, second, actor] of [
      [pat, ofThePlatform, "pat"],
      [ofThePlatform, pat, "system/pat"],
    ] as const) {
      const input = { ...envelope(), scope: "CHANNEL", target: t.channelId };
      expect(await call(setKillSwitch, first, input)).toMatchObject({ ok: true, replayed: false });
      expect(await call(setKillSwitch, second, input)).toMatchObject({
        ok: false,
        problems: [{ code: "OPERATION_ID_REUSED" }],
      });
      expect(await call(setKillSwitch, first, input)).toMatchObject({ ok: true, replayed: true });
      expect((await recordsOfOperation(t.scope, input.operationId)).operations).toMatchObject([{ actor }]);
    }
  });

  it("of a door is what was sent to it, whoever sends it again", async () => {
    const t = await newTenant();
    const byDoor = { ...createTopic, door: "import" } as const;
    const input = { ...envelope(`import/${operationId()}`), title: "By a door" };
    const first = await call(byDoor, admin(t), input);
    const again = await call(byDoor, t.person("eve", "tenant-admin"), input);
    expect(first).toMatchObject({ ok: true, replayed: false });
    // A replay is answered with the bookmarks of the session that found it, which may be later ones.
    expect(again).toEqual({ ...first, replayed: true, bookmarks: [expect.any(String)] });
  });

  it("is done once however many ask at once", async () => {
    const t = await newTenant();
    const input = episode(t);
    const answers = await at20(() => call(createEpisode, admin(t), input));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(answers.filter((answer) => answer.ok && !answer.replayed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.ok && answer.result.episodeId)).size).toBe(1);
    expect(await countNodes(t.scope, "Episode")).toBe(1);
    const records = await recordsOfOperation(t.scope, input.operationId);
    expect([records.operations.length, records.audit.length, records.events.length]).toEqual([1, 1, 1]);
  });

  it("belongs to its tenant: another's may have the same id", async () => {
    const [a, b] = [await newTenant(), await newTenant()];
    const id = operationId();
    const answers = await Promise.all(
      [a, b].map((t) => call(createTopic, admin(t), { ...envelope(id), title: `Of ${t.id}` })),
    );
    expect(answers.map((answer) => answer.ok && !answer.replayed)).toEqual([true, true]);
  });
});

describe("what stands beside a change", () => {
  it("is one unsealed audit entry and its events, at its instant", async () => {
    const t = await newTenant();
    const input = episode(t);
    const answer = await call(createEpisode, admin(t), input);
    if (!answer.ok) throw new Error("refused");
    const { operations, audit, events } = await recordsOfOperation(t.scope, input.operationId);
    expect(operations).toMatchObject([
      { command: "createEpisode", actor: "tester", actorName: "Tess Tester", reason: "a test", at: answer.at },
    ]);
    expect(JSON.parse(String(operations[0]?.result))).toEqual(answer.result);
    expect(audit).toMatchObject([
      {
        unsealed: true,
        outcome: "DONE",
        command: "createEpisode",
        capability: "episode.write",
        actor: "tester",
        reason: "a test",
        at: answer.at,
      },
    ]);
    expect(audit[0]?.inputHash).toMatch(/^[0-9a-f]{64}$/);
    expect(audit[0]?.outputHash).toMatch(/^[0-9a-f]{64}$/);
    expect(audit[0]?.inputHash).toBe(operations[0]?.inputHash);
    expect(events).toMatchObject([{ type: "episode.created", subject: answer.result.episodeId, at: answer.at }]);
  });

  it("goes with the change when the command fails behind it", async () => {
    const t = await newTenant();
    const input = envelope();
    const before = await contentOf(t.scope);
    const broken = writesAndThen(() => {
      throw new Error("broken");
    });
    await expect(call(broken, admin(t), input)).rejects.toThrow("broken");
    expect(await contentOf(t.scope)).toEqual(before);
    expect(await recordsOfOperation(t.scope, input.operationId)).toEqual({ operations: [], audit: [], events: [] });
    // That it was the failure that took them: the same without it writes all of them.
    expect(
      await call(
        writesAndThen(() => {}),
        admin(t),
        input,
      ),
    ).toMatchObject({ ok: true, replayed: false });
    const records = await recordsOfOperation(t.scope, input.operationId);
    expect([records.operations.length, records.audit.length, records.events.length]).toEqual([1, 1, 1]);
  });

  it("is the refusal alone when the command refuses behind it", async () => {
    const t = await newTenant();
    const input = envelope();
    const before = await contentOf(t.scope);
    const refusing = writesAndThen(() => {
      throw refuse("CONFLICT", "title", "no");
    });
    expect(await call(refusing, admin(t), input)).toMatchObject({
      ok: false,
      problems: [{ code: "CONFLICT", path: "title", message: "no" }],
    });
    expect(await contentOf(t.scope)).toEqual(before);
    const { operations, audit, events } = await recordsOfOperation(t.scope, input.operationId);
    expect([operations, events]).toEqual([[], []]);
    expect(audit).toMatchObject([
      { outcome: "REFUSED", unsealed: true, command: "testWritesAndThen", actor: "tester" },
    ]);
    expect(JSON.parse(String(audit[0]?.detail))).toMatchObject([{ code: "CONFLICT" }]);
  });
});

describe("a refusal", () => {
  it("is judged anew: what was refused may be done later under the same id", async () => {
    const t = await newTenant();
    const factId = await buildFact(t);
    const claimId = await buildClaim(t);
    const link = { claimId, factId, stance: "SUPPORTS" };
    const unlink = { ...envelope(), ...link };
    expect(await call(unlinkEvidence, admin(t), unlink)).toMatchObject({
      ok: false,
      problems: [{ code: "NOT_LINKED", path: "factId" }],
    });
    expect(await call(unlinkEvidence, admin(t), unlink)).toMatchObject({ ok: false });
    await t.run(linkEvidence, link);
    expect(await call(unlinkEvidence, admin(t), unlink)).toMatchObject({ ok: true, replayed: false });
    const { audit } = await recordsOfOperation(t.scope, unlink.operationId);
    expect(audit.map((entry) => entry.outcome)).toEqual(["REFUSED", "REFUSED", "DONE"]);
  });

  it("of input that isn't of its shape touches nothing", async () => {
    const t = await newTenant();
    const before = await recordsOf(t.scope);
    const answer = await call(createEpisode, admin(t), { operationId: "short", title: "", channelId: "nothing" });
    expect(answer).toMatchObject({ ok: false });
    expect(!answer.ok && answer.problems.map((problem) => [problem.code, problem.path])).toEqual(
      ["operationId", "reason", "title", "channelId"].map((path) => ["BAD_INPUT", path]),
    );
    expect(await recordsOf(t.scope)).toEqual(before);
  });
});

describe("who may", () => {
  it("is nobody without a role that has the capability, and the attempt is noted", async () => {
    const t = await newTenant();
    for (const roles of [[], ["executive"], ["auditor"], ["analyst"], ["operator"]] as const) {
      const input = episode(t);
      expect(await call(createEpisode, t.caller(...roles), input)).toMatchObject({
        ok: false,
        problems: [{ code: "FORBIDDEN", path: "" }],
      });
      const records = await recordsOfOperation(t.scope, input.operationId);
      expect(records).toMatchObject({
        operations: [],
        events: [],
        audit: [{ outcome: "REFUSED", unsealed: true, capability: "episode.write" }],
      });
    }
    expect(await countNodes(t.scope, "Episode")).toBe(0);
    for (const roles of [["editor"], ["tenant-admin"], ["executive", "editor"]] as const) {
      expect(await call(createEpisode, t.caller(...roles), episode(t))).toMatchObject({ ok: true });
    }
  });

  it("never makes a tenant in a tenant's own name", async () => {
    const t = await newTenant();
    for (const role of ROLES.filter((name) => name !== "platform-admin")) {
      const answer = await call(createTenant, t.caller(role), {
        ...envelope(),
        id: t.id,
        name: "Mine",
        region: "local",
      });
      expect(answer.ok || answer.problems.map(({ code }) => code), role).toContain("FORBIDDEN");
    }
  });

  it("makes no tenant outside of its regions, and the platform's log tells who tried", async () => {
    const id = `far-${ulid().slice(-8).toLowerCase()}`;
    const input = { ...envelope(), id, name: "Far", region: "elsewhere" };
    const answer = await call(createTenant, systemCaller(id), input);
    expect(answer).toMatchObject({ ok: false, problems: [{ code: "RESIDENCY" }] });
    expect(await recordsOf({ tenantId: id })).toEqual({ operations: [], audit: [], events: [] });
    expect((await recordsOfOperation({ tenantId: SYSTEM_TENANT }, input.operationId)).audit).toMatchObject([
      { outcome: "REFUSED", command: "createTenant", denied: ["residency"] },
    ]);
  });

  it("ends with the tenant's suspension, and comes back after it", async () => {
    const t = await newTenant();
    const input = episode(t);
    await testGraph().write(t.scope, (tx) => tx.run(setStatus, { status: "SUSPENDED" }));
    expect(await call(createEpisode, admin(t), input)).toMatchObject({
      ok: false,
      problems: [{ code: "TENANT_SUSPENDED", path: "" }],
    });
    expect(await recordsOfOperation(t.scope, input.operationId)).toMatchObject({
      operations: [],
      events: [],
      audit: [{ outcome: "REFUSED" }],
    });
    expect(await countNodes(t.scope, "Episode")).toBe(0);
    await testGraph().write(t.scope, (tx) => tx.run(setStatus, { status: "ACTIVE" }));
    expect(await call(createEpisode, admin(t), input)).toMatchObject({ ok: true, replayed: false });
  });

  it("isn't anybody of a tenant that isn't there", async () => {
    const nowhere = `nowhere-${ulid().slice(-8).toLowerCase()}`;
    const who: Caller = { tenantId: nowhere, actor: "ghost", name: "Ghost", roles: ["tenant-admin"] };
    for (const roles of [["tenant-admin"], ["analyst"]] as const) {
      const failure = await call(createTopic, { ...who, roles }, { ...envelope(), title: "Nothing" }).catch(
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(DomainError);
      expect(failure).toMatchObject({ code: "UNAUTHENTICATED" });
    }
    expect(await recordsOf({ tenantId: nowhere })).toEqual({ operations: [], audit: [], events: [] });
    expect(await contentOf({ tenantId: nowhere })).toEqual([]);
  });
});

describe("writers at once", () => {
  it("register one source for one address, however it is spelled", async () => {
    const t = await newTenant();
    const answers = await at20((i) =>
      call(registerSource, admin(t), {
        ...envelope(),
        url: `https://Example.com/page?utm_source=${i}#${i}`,
        title: "One page",
      }),
    );
    expect(answers.filter((answer) => !answer.ok)).toEqual([]);
    expect(new Set(answers.map((answer) => answer.ok && answer.result.sourceId)).size).toBe(1);
    expect(await countNodes(t.scope, "Source")).toBe(1);
    const records = await recordsOf(t.scope);
    expect(records.events.filter((event) => event.type === "source.registered")).toHaveLength(1);
    expect(records.operations.filter((operation) => operation.command === "registerSource")).toHaveLength(20);
  });

  it("create one topic of one title; the others are told of it", async () => {
    const t = await newTenant();
    const answers = await at20((i) =>
      call(createTopic, admin(t), { ...envelope(), title: i % 2 === 0 ? "Heat pumps" : "heat  PUMPS" }),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.problems]));
    expect(refused.map((problems) => problems.map(({ code, path }) => [code, path]))).toEqual(
      Array.from({ length: 19 }, () => [["CONFLICT", "title"]]),
    );
    expect(await countNodes(t.scope, "Topic")).toBe(1);
  });

  it("create one tenant", async () => {
    const id = `new-${ulid().slice(-10).toLowerCase()}`;
    const answers = await at20(() =>
      call(createTenant, systemCaller(id), { ...envelope(), id, name: "New", region: "local" }),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.flatMap((answer) => (answer.ok ? [] : answer.problems.map((problem) => problem.code)))).toEqual(
      Array.from({ length: 19 }, () => "CONFLICT"),
    );
    const scope = { tenantId: id };
    for (const label of ["Tenant", "Principal", "Channel"] as const)
      expect(await countNodes(scope, label), label).toBe(1);
    const before = await contentOf(scope);
    const again = await call(createTenant, systemCaller(id), { ...envelope(), id, name: "Again", region: "local" });
    expect(again).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "id" }] });
    expect(await contentOf(scope)).toEqual(before);
  });

  it("are tried once more when they made the same unique thing, and no more than that", async () => {
    const t = await newTenant();
    const taken = { id: (await buildTopic(t)).split(":")[1]!, properties: {} };
    let tries = 0;
    const { value } = await testGraph().write(t.scope, async (tx) => {
      if (++tries === 1) await tx.run(createQueries.Topic, taken);
      return tries;
    });
    expect(value).toBe(2);
    const always = testGraph().write(t.scope, async (tx) => {
      tries++;
      await tx.run(createQueries.Topic, taken);
    });
    await expect(always).rejects.toMatchObject({ code: "INTERNAL" });
    expect(tries).toBe(4);
  });

  it("link both ways at once without blocking each other for good", async () => {
    const t = await newTenant();
    const sources = await Promise.all(
      [1, 2].map((i) => t.run(registerSource, { url: `https://cycle-${i}.example/`, title: `Cycle ${i}` })),
    );
    const [a, b] = sources.map((made) => made.sourceId);
    const answers = await at20((i) =>
      call(registerSource, admin(t), {
        ...envelope(),
        url: `https://cycle-${(i % 2) + 1}.example/`,
        title: `Cycle ${(i % 2) + 1}`,
        citesIds: [i % 2 === 0 ? b : a],
      }),
    );
    expect(answers.filter((answer) => !answer.ok)).toEqual([]);
    expect((await contentOf(t.scope)).find((row) => row.label === "Source")).toMatchObject({ nodes: 2, edges: 2 });
  });
});

describe("a lost reply of COMMIT", () => {
  let proxy: BoltProxy;
  let graph: Graph;
  beforeAll(async () => {
    const database = inject("database");
    proxy = await startBoltProxy(database.uri);
    graph = openGraph({ ...database, uri: proxy.uri });
  });
  afterAll(async () => {
    await graph.close();
    await proxy.close();
  });

  it.each([1, 2, 3])("makes the driver try again, and the effect is one, with %d lost", async (replies) => {
    const t = await newTenant();
    const input = episode(t);
    const before = proxy.lost;
    proxy.loseNext(replies);
    const answer = await call(createEpisode, admin(t), input, graph);
    expect(proxy.lost - before).toBe(replies);
    // The caller did it, whichever run of it came through.
    expect(answer).toMatchObject({ ok: true, replayed: false });
    expect(await countNodes(t.scope, "Episode")).toBe(1);
    const records = await recordsOfOperation(t.scope, input.operationId);
    expect([records.operations.length, records.audit.length, records.events.length]).toEqual([1, 1, 1]);
    expect(answer.ok && records.events[0]?.subject).toBe(answer.ok && answer.result.episodeId);
  });

  it("doubles a write that has no operation key, so the proxy does what it says", async () => {
    const t = await newTenant();
    const bare = defineQuery({
      name: "testBareCreate",
      mode: "write",
      scope: "tenant",
      params: params<Record<string, never>>(),
      cypher: `CREATE (n:Topic {tenantId: $tenantId, id: randomUUID()})`,
      row: noRow,
    });
    proxy.loseNext(1);
    await graph.write(t.scope, (tx) => tx.run(bare, {}));
    expect(await countNodes(t.scope, "Topic")).toBe(2);
  });

  it("notes a refusal once", async () => {
    const t = await newTenant();
    await buildTopic(t, { title: "Taken" });
    const input = { ...envelope(), title: "Taken" };
    const before = proxy.lost;
    // The refused transaction rolls back; the first COMMIT is the audit entry's.
    proxy.loseNext(1);
    expect(await call(createTopic, admin(t), input, graph)).toMatchObject({
      ok: false,
      problems: [{ code: "CONFLICT" }],
    });
    expect(proxy.lost - before).toBe(1);
    expect((await recordsOfOperation(t.scope, input.operationId)).audit).toHaveLength(1);
  });
});
