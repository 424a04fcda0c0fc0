import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import { execute } from "../../server/commands/execute.js";
import { reviseClaim } from "../../server/domains/claim/claim.service.js";
import { supersedeSource } from "../../server/domains/source/withdrawal.service.js";
import { markAlertsSeen, raiseAlerts } from "../../server/domains/watch/alert.service.js";
import { raiseOnce } from "../../server/domains/watch/raising.service.js";
import { TroubledWatches } from "../../server/domains/watch/troubled-watches.js";
import { unwatchNode, watchNode } from "../../server/domains/watch/watch.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done } from "../kit/approvals.js";
import { buildChain, buildClaim, buildSource } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { testOffice } from "../kit/office.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** What `api.ask` signs in as. */
const tester = (t: TestTenant) => t.caller("analyst");
const ben = (t: TestTenant) => t.person("ben", "editor");

let ticks = 0;
const duty = (t: TestTenant) => {
  const tick = ++ticks;
  return {
    tenantId: t.id,
    scheduledAt: Date.now(),
    signal: new AbortController().signal,
    trouble: (error: unknown) => expect(error).toBeUndefined(),
    operationId: (part: string | number) => `test/alerts/${t.id}/${tick}/${part}`,
  };
};
const raise = (t: TestTenant) => api.services.duties.raiseAlerts(duty(t));

const ALERTS = `query ($first: Int!, $after: String, $unseen: Boolean!) {
  alerts(first: $first, after: $after, unseen: $unseen) {
    unseenCount totalCount pageInfo { hasNextPage endCursor }
    edges { node { id nodeId node { id title } at by why changed seenAt changes { kind nodeId type } } }
  }
}`;
const alertsOf = async (t: TestTenant, variables: object = {}) =>
  (await api.ask(t.id, ALERTS, { first: 20, unseen: false, ...variables })).data.alerts;

describe("a watch", () => {
  it("is one for each person and node, told of to nobody else, and ends", async () => {
    const t = await newTenant();
    const [claim, other] = [await buildClaim(t), await buildClaim(t)];
    const watch = `mutation ($input: WatchNodeInput!) { watchNode(input: $input) { node { id } problems { code path } } }`;
    const input = (nodeId: string, extra: object = {}) => ({
      operationId: operationId(),
      reason: "mine",
      nodeId,
      ...extra,
    });
    expect((await api.ask(t.id, watch, { input: input(claim) })).data.watchNode).toEqual({
      node: { id: claim },
      problems: [],
    });
    await api.ask(t.id, watch, { input: input(claim, { depth: 3 }) });
    await done(watchNode, ben(t), { nodeId: other });
    const { data } = await api.ask(t.id, "{ watches { nodeId depth node { title } } }");
    expect(data.watches).toEqual([{ nodeId: claim, depth: 3, node: { title: expect.any(String) } }]);
    await done(unwatchNode, tester(t), { nodeId: claim });
    expect((await api.ask(t.id, "{ watches { nodeId } }")).data.watches).toEqual([]);
    expect(codesOf(await act(unwatchNode, tester(t), { nodeId: claim }))).toEqual(["NOT_LINKED"]);
    expect(codesOf(await act(watchNode, tester(t), { nodeId: claim, depth: 13 }))).toEqual(["BAD_INPUT"]);
    expect(codesOf(await act(watchNode, { ...tester(t), roles: ["agent"] }, { nodeId: claim }))).toContain("FORBIDDEN");
  });

  it("is had up to a bound", async () => {
    const t = await newTenant();
    const claims = await Promise.all(Array.from({ length: 3 }, () => buildClaim(t)));
    for (const nodeId of claims) await done(watchNode, tester(t), { nodeId });
    // Two who begin the same at once have one.
    const both = await Promise.all([1, 2, 3].map(() => act(watchNode, ben(t), { nodeId: claims[0] })));
    expect(both.every(({ ok }) => ok)).toBe(true);
    expect((await api.ask(t.id, "{ watches { nodeId } }")).data.watches).toHaveLength(3);
  });
});

describe("alerts", () => {
  it("tell each who watches of each operation that changed the lineage, once, with an event", async () => {
    const t = await newTenant();
    const { episode, claim, source } = await buildChain(t);
    const [aside, successor] = [await buildClaim(t), await buildSource(t)];
    await done(watchNode, tester(t), { nodeId: episode });
    await done(watchNode, ben(t), { nodeId: source });
    expect(await raise(t)).toBe(0);
    await done(reviseClaim, ben(t), { claimId: aside, text: "Nobody watches it." });
    await done(reviseClaim, ben(t), { claimId: claim, text: "Water boils at 99 degrees.", reason: "measured again" });
    await done(supersedeSource, ben(t), { sourceId: source, byId: successor, reason: "a new edition" });
    expect(await api.services.duties.countUnwatched(duty(t))).toBeGreaterThan(0);
    // Several processes may run the job at once.
    const raised = await Promise.all([raise(t), raise(t), raise(t)]);
    expect(raised.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(await api.services.duties.countUnwatched(duty(t))).toBe(0);
    expect(await raise(t)).toBe(0);
    const mine = await alertsOf(t);
    expect([mine.unseenCount, mine.totalCount]).toEqual([2, 2]);
    const [second, first] = mine.edges.map((edge: { node: object }) => edge.node);
    expect(first).toMatchObject({
      nodeId: episode,
      node: { id: episode },
      by: "ben",
      why: "measured again",
      changed: 1,
      seenAt: null,
    });
    expect(first.changes).toEqual([{ kind: "REVISED", nodeId: claim, type: null }]);
    expect(second).toMatchObject({ why: "a new edition" });
    expect(second.changes).toEqual(
      expect.arrayContaining([
        { kind: "REVISED", nodeId: claim, type: null },
        { kind: "OPENED", nodeId: null, type: "SUPERSEDED_BY" },
      ]),
    );
    const events = (await recordsOf(t.scope)).events.filter(({ type }) => type === "watch.alerted");
    expect(events).toHaveLength(3);
    expect(events.map(({ data }) => (JSON.parse(String(data)) as { nodeId: string }).nodeId).sort()).toEqual(
      [episode, episode, source].sort(),
    );
  });

  it("begin with the watch, and end with it", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    await done(reviseClaim, ben(t), { claimId: claim, text: "Before." });
    await done(watchNode, tester(t), { nodeId: claim });
    expect(await raise(t)).toBe(0);
    await done(reviseClaim, ben(t), { claimId: claim, text: "Meanwhile." });
    expect(await raise(t)).toBe(1);
    await done(unwatchNode, tester(t), { nodeId: claim });
    await done(reviseClaim, ben(t), { claimId: claim, text: "After." });
    expect(await raise(t)).toBe(0);
    expect((await alertsOf(t)).totalCount).toBe(1);
  });

  it("come in pages, the newest first, and are seen by whose they are alone", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    for (const who of [tester(t), ben(t)]) await done(watchNode, who, { nodeId: claim });
    for (let n = 1; n <= 5; n++)
      await done(reviseClaim, ben(t), { claimId: claim, text: `Version ${n}.`, reason: `why ${n}` });
    // One for each change and watcher: those that a later change covered too.
    expect(await raise(t)).toBe(10);
    for (let n = 6; n <= 9; n++) {
      await done(reviseClaim, ben(t), { claimId: claim, text: `Version ${n}.`, reason: `why ${n}` });
      expect(await raise(t)).toBe(2);
    }
    const first = await alertsOf(t, { first: 2 });
    const rest = await alertsOf(t, { first: 20, after: first.pageInfo.endCursor });
    const whys = [...first.edges, ...rest.edges].map(({ node }: { node: { why: string } }) => node.why);
    expect(whys).toEqual(Array.from({ length: 9 }, (_, n) => `why ${9 - n}`));
    const seen = first.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(codesOf(await act(markAlertsSeen, ben(t), { alertIds: seen }))).toEqual(["NOT_FOUND", "NOT_FOUND"]);
    const stranger = await newTenant();
    expect(codesOf(await act(markAlertsSeen, tester(stranger), { alertIds: seen }))).toEqual([
      "NOT_FOUND",
      "NOT_FOUND",
    ]);
    await done(markAlertsSeen, tester(t), { alertIds: seen });
    const left = await alertsOf(t, { unseen: true });
    expect([left.unseenCount, left.totalCount, left.edges.length]).toEqual([7, 7, 7]);
    for (const wrong of [
      {},
      { alertIds: [] },
      { all: false },
      { all: true, alertIds: seen },
      { alertIds: ["Alert:x"] },
    ])
      expect(codesOf(await act(markAlertsSeen, tester(t), wrong)), JSON.stringify(wrong)).toContain("BAD_INPUT");
    await done(markAlertsSeen, tester(t), { all: true });
    expect((await alertsOf(t)).unseenCount).toBe(0);
    expect((await alertsOf(t)).totalCount).toBe(9);
  });

  it("wait for no watched lineage that can't be looked over, and come for that one once it can be", async () => {
    const t = await newTenant();
    const [hub, claim] = [await buildClaim(t), await buildClaim(t)];
    await done(watchNode, tester(t), { nodeId: hub });
    await done(watchNode, ben(t), { nodeId: claim });
    const graph = testGraph();
    let slow = true;
    const shaky = new Proxy(graph, {
      get(target, name) {
        if (name === "write") return target.write.bind(target);
        if (name !== "read") return Reflect.get(target, name);
        return (...args: Parameters<typeof graph.read>) => {
          const { id } = args[2] as { id?: string };
          return slow && args[1].name.startsWith("changesAround") && id === parseNodeId(hub)!.id
            ? Promise.reject(new Error("it took too long"))
            : target.read(...args);
        };
      },
    });
    const troubles: unknown[] = [];
    const office = {
      graph: shaky,
      execute: <I, R>(command: Command<I, R>, caller: Caller, input: unknown) =>
        execute(testOffice(), command, caller, input),
      troubled: new TroubledWatches(),
      trouble: (error: unknown) => troubles.push(error),
    };
    const go = async () => {
      const raised = await raiseOnce(office, t.id, duty(t).operationId);
      if (!raised.ok) throw new Error(JSON.stringify(raised.problems));
      return raised.result;
    };
    await done(reviseClaim, ben(t), { claimId: hub, text: "Of the hub." });
    await done(reviseClaim, ben(t), { claimId: claim, text: "Of the other." });
    expect(await go()).toEqual({ alerts: 1, more: false });
    expect(troubles).toHaveLength(1);
    // What was told isn't told again, and what comes new is, while the events wait for the one.
    const operations = (await recordsOf(t.scope)).operations.length;
    expect(await go()).toEqual({ alerts: 0, more: false });
    expect((await recordsOf(t.scope)).operations).toHaveLength(operations);
    await done(reviseClaim, ben(t), { claimId: claim, text: "Of the other, again." });
    expect(await go()).toEqual({ alerts: 1, more: false });
    expect((await alertsOf(t)).totalCount).toBe(0);
    slow = false;
    let raised = 0;
    for (let n = 0; n < 8; n++) raised += (await go()).alerts;
    expect(raised).toBe(1);
    expect((await alertsOf(t)).edges.map(({ node }: { node: { nodeId: string } }) => node.nodeId)).toEqual([hub]);
    expect(await api.services.duties.countUnwatched(duty(t))).toBe(0);
  });

  it("are raised by nobody but this process", async () => {
    const t = await newTenant();
    expect(codesOf(await act(raiseAlerts, t.caller("editor"), { eventIds: [], alerts: [] }))).toEqual(["FORBIDDEN"]);
  });
});
