import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reviseClaim } from "../../server/domains/claim/claim.service.js";
import { recordConflict } from "../../server/domains/claim/conflict.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { revokeRole } from "../../server/domains/principal/role.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { LIMITS } from "../../server/graphql/limits.js";
import { CLOCK_TOLERANCE_S, issueToken } from "../../server/identity/tokens.js";
import { LineageFeed } from "../../server/reads/lineage-changed/lineage-feed.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, done } from "../kit/approvals.js";
import { buildChain, buildClaim, buildFact } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { openStream, type TestStream } from "../kit/live.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/** Two servers on one graph, as two replicas are. */
let here: TestApi;
let there: TestApi;
const streams: TestStream[] = [];
beforeAll(async () => {
  here = await startApi({}, { presenceMs: 300 });
  there = await startApi();
});
afterAll(async () => {
  for (const stream of streams) stream.close();
  await Promise.all([here.close(), there.close()]);
});

const LISTEN = `subscription ($id: ID!, $depth: Int! = 12) {
  lineageChanged(id: $id, depth: $depth) { id ready at total changes { kind nodeId type from to by why operationId } }
}`;
const ana = (t: TestTenant) => t.person("ana", "analyst");

async function listen(t: TestTenant, id: string, variables: object = {}, api = here): Promise<TestStream> {
  const stream = await openStream(api, await api.token(t.id, "analyst"), LISTEN, { id, ...variables });
  streams.push(stream);
  return stream;
}

/** A stream that has said that it listens. */
async function ready(t: TestTenant, id: string, variables: object = {}, api = here): Promise<TestStream> {
  const stream = await listen(t, id, variables, api);
  const { event, data } = await stream.next();
  expect([event, data.data.lineageChanged]).toEqual(["next", expect.objectContaining({ id, ready: true, total: 0 })]);
  return stream;
}

const next = async (stream: TestStream) => (await stream.next()).data.data.lineageChanged;

/** The code that a stream gives as the reason of its end; it is over when this answers. */
async function codeOfEnd(stream: TestStream): Promise<unknown> {
  const last = await stream.next(30_000);
  expect(last.data.errors).toHaveLength(1);
  expect((await stream.next()).event).toBe("complete");
  await stream.ended;
  return last.data.errors[0].extensions.code;
}

describe("a stream of lineage changes", () => {
  it("tells of a change that another process made, with who and why", async () => {
    const t = await newTenant();
    const { episode, claim } = await buildChain(t);
    const stream = await ready(t, episode);
    const reason = "the figure was wrong";
    const answer = await there.ask(
      t.id,
      `mutation ($input: ReviseClaimInput!) { reviseClaim(input: $input) { claim { version } problems { code } } }`,
      { input: { operationId: operationId(), reason, claimId: claim, text: "Water boils at 99 degrees." } },
    );
    expect(answer.data.reviseClaim).toEqual({ claim: { version: 2 }, problems: [] });
    const change = await next(stream);
    expect(change).toMatchObject({ id: episode, ready: false, total: 1 });
    expect(change.changes).toEqual([
      expect.objectContaining({ kind: "REVISED", nodeId: claim, type: null, by: "Tess Tester", why: reason }),
    ]);
    stream.close();
  });

  it("counts what the node stands on, one step around it, and nothing that stands elsewhere", async () => {
    const t = await newTenant();
    const { claim, fact, source, scene } = await buildChain(t);
    const [other, rival] = [await buildClaim(t), await buildClaim(t)];
    const aside = await buildFact(t);
    const stream = await ready(t, claim);
    // Nobody's lineage here.
    await done(linkEvidence, ana(t), { claimId: other, factId: aside, stance: "SUPPORTS" });
    await done(reviseClaim, ana(t), { claimId: other, text: "Something else." });
    await done(unlinkEvidence, ana(t), { claimId: claim, factId: fact, stance: "SUPPORTS" });
    expect((await next(stream)).changes).toEqual([
      expect.objectContaining({ kind: "CLOSED", type: "SUPPORTED_BY", from: claim, to: fact }),
    ]);
    await done(setSourceRating, ana(t), { sourceId: source, tier: 1 });
    await done(linkEvidence, ana(t), { claimId: claim, factId: aside, stance: "CONTRADICTS" });
    const linked = await next(stream);
    expect(linked.changes).toEqual([expect.objectContaining({ kind: "OPENED", type: "CONTRADICTED_BY", to: aside })]);
    await done(recordConflict, ana(t), { claimId: rival, otherId: claim });
    expect((await next(stream)).changes).toEqual([expect.objectContaining({ kind: "OPENED", type: "CONFLICTS_WITH" })]);
    stream.close();
    // Downstream it is one step: the source's fact, not the scene that says the claim.
    const below = await ready(t, scene, { depth: 1 });
    await done(setSourceRating, ana(t), { sourceId: source, tier: 2 });
    await done(reviseClaim, ana(t), { claimId: claim, text: "Said anew." });
    expect((await next(below)).changes).toEqual([expect.objectContaining({ kind: "REVISED", nodeId: claim })]);
    below.close();
  });

  it("misses nothing between its beginning and a change, however soon that comes, nor after a reconnection", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const told: string[] = [];
    const wanted: string[] = [];
    for (let round = 0; round < 3; round++) {
      const stream = await ready(t, claim);
      for (const n of [1, 2, 3]) {
        const id = operationId();
        wanted.push(id);
        await done(reviseClaim, ana(t), { operationId: id, claimId: claim, text: `Round ${round}, change ${n}.` });
      }
      // The last version holds the place of those before it: each operation is told, or a later one of the same node.
      for (let last = ""; last !== wanted.at(-1);) {
        const change = await next(stream);
        last = change.changes.at(-1).operationId;
        told.push(...change.changes.map((one: { operationId: string }) => one.operationId));
      }
      stream.close();
    }
    expect(new Set(told).size).toBe(told.length);
    expect(wanted).toEqual(expect.arrayContaining(told));
  });

  it("ends when the rights of whoever reads it are gone, and says so", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    // Somebody else: whoever listens loses what they have.
    const admin = t.person("boss", "tenant-admin");
    const tester = { key: "tester", name: "Tess Tester", kind: "HUMAN", roles: ["analyst"] };
    const { principalId } = await done(registerPrincipal, admin, tester);
    const stream = await ready(t, claim);
    await done(revokeRole, admin, { principalId, role: "analyst" });
    expect(await codeOfEnd(stream)).toBe("UNAUTHENTICATED");
  });

  it("ends with its session", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const identity = { actor: "tester", name: "Tess", tenantId: t.id, roles: ["analyst" as const], region: "local" };
    // Clocks may differ by so much: a token ends that much later.
    const shortly = await issueToken(here.keys, identity, 15 - CLOCK_TOLERANCE_S);
    const stream = await openStream(here, shortly, LISTEN, { id: claim });
    streams.push(stream);
    expect((await stream.next()).data.data.lineageChanged.ready).toBe(true);
    expect(await codeOfEnd(stream)).toBe("UNAUTHENTICATED");
  });

  it("is another's not at all: an id of another tenant is like one that never was", async () => {
    const [t, stranger] = [await newTenant(), await newTenant()];
    const foreign = await buildClaim(stranger);
    const answers = await Promise.all(
      [foreign, "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1"].map(async (id) => {
        const stream = await listen(t, id);
        const { data } = await stream.next();
        await stream.ended;
        return data.errors.map(({ message, extensions }: { message: string; extensions: { code: string } }) => [
          message,
          extensions.code,
        ]);
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toEqual([[expect.any(String), "NOT_FOUND"]]);
    // The twin has the same ids: what changes there is nobody's here.
    const claim = await buildClaim(t);
    const stream = await ready(t, claim);
    const twin = { ...ana(t), tenantId: t.twinId };
    await act(reviseClaim, twin, { claimId: claim, text: "Only in the twin." });
    await done(reviseClaim, ana(t), { claimId: claim, text: "Here." });
    const change = await next(stream);
    expect([change.total, change.changes[0].operationId]).not.toEqual([2, ""]);
    expect(change.total).toBe(1);
    stream.close();
  });

  it("takes subscriptions within the limits, from whom it knows, and tells errors as /graphql does", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const anonymous = await openStream(here, null, LISTEN, { id: claim });
    expect([anonymous.status, anonymous.body]).toEqual([
      401,
      { errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: "UNAUTHENTICATED" }) })] },
    ]);
    const token = await here.token(t.id, "analyst");
    const plain = await openStream(here, token, LISTEN, { id: claim }, { accept: "application/json" });
    expect(plain.status).toBe(400);
    const aliases = Array.from({ length: LIMITS.aliases + 1 }, (_, i) => `a${i}: id`).join(" ");
    for (const [query, said] of [
      ["{ claims { totalCount } }", /at \/graphql/],
      ["subscription {", /Syntax Error/],
      ["", /document/],
      [`subscription { lineageChanged(id: "x") { nothing } }`, /nothing/],
      [`subscription { lineageChanged(id: "${claim}") { ${aliases} } }`, /aliases/],
      [`subscription { lineageChanged(id: "${claim}", depth: 13) { id } }`, /depth/],
      [`subscription { lineageChanged(id: "Claim:x") { id } }`, /must be an id/],
      [`subscription ($id: Int!) { lineageChanged(id: $id) { id } }`, /type/],
    ] as const) {
      const stream = await openStream(here, token, query);
      const { data } = await stream.next();
      expect(data.errors[0].extensions.code, query).toBe("BAD_INPUT");
      expect(data.errors[0].message, query).toMatch(said);
      expect(data.errors[0].message).not.toMatch(/Did you mean/);
      await stream.ended;
    }
    const answer = await here.ask(t.id, `subscription { lineageChanged(id: "${claim}") { id } }`);
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/graphql\/stream/),
      extensions: { code: "BAD_INPUT" },
    });
  });

  it("has a place for so many of one principal, and gives it back; streams take no other request's place", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const narrow = await startApi({ THROUGHLINE_CONCURRENCY: "2", THROUGHLINE_QUEUE: "2" });
    try {
      const open: TestStream[] = [];
      // One after the other: while a stream begins it is a request like any other.
      for (let n = 0; n < LIMITS.streams.principal; n++) open.push(await listen(t, claim, {}, narrow));
      expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
      const crowded = await listen(t, claim, {}, narrow);
      expect(crowded.status).toBe(429);
      expect((await narrow.ask(t.id, "{ claims { totalCount } }")).data.claims.totalCount).toBe(1);
      open[0]!.close();
      await expect
        .poll(async () => (await listen(t, claim, {}, narrow)).status, { timeout: 20_000, interval: 1_000 })
        .toBe(200);
      expect(narrow.services.lineageFeed.listeners).toBe(LIMITS.streams.principal);
    } finally {
      // Stopping ends the streams, and doesn't wait for their readers.
      await narrow.close();
    }
    expect(narrow.services.lineageFeed.listeners).toBe(0);
  });
});

describe("the feed behind the streams", () => {
  it("asks the graph once for all who listen, and not at all without any", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const graph = testGraph();
    const asked: string[] = [];
    const counting = new Proxy(graph, {
      get: (target, name) =>
        name === "read"
          ? (...args: Parameters<typeof graph.read>) => {
              asked.push(args[1].name);
              return target.read(...args);
            }
          : Reflect.get(target, name),
    });
    const feed = new LineageFeed(counting, { lookMs: 3_600_000 });
    const node = parseNodeId(claim)!;
    const listeners = await Promise.all(Array.from({ length: 20 }, () => feed.listen(t.id, node, 12)));
    await done(reviseClaim, ana(t), { claimId: claim, text: "Changed." });
    asked.length = 0;
    await feed.look();
    expect(asked).toEqual(["eventsBehind", "changesAroundClaim"]);
    const told = await Promise.all(listeners.map((one) => one.next()));
    expect(new Set(told.map(({ value }) => value.total))).toEqual(new Set([1]));
    for (const one of listeners) await one.return!();
    asked.length = 0;
    await feed.look();
    expect([asked, feed.listeners]).toEqual([[], 0]);
  });

  it("isn't silenced by one node that can't be looked around in time, and tells of that one when it can", async () => {
    const t = await newTenant();
    const [hub, claim] = [await buildClaim(t), await buildClaim(t)];
    const graph = testGraph();
    let slow = true;
    const tried: unknown[] = [];
    const shaky = new Proxy(graph, {
      get: (target, name) =>
        name === "read"
          ? (...args: Parameters<typeof graph.read>) => {
              const { id } = args[2] as { id?: string };
              if (!slow || !args[1].name.startsWith("changesAround") || id !== parseNodeId(hub)!.id)
                return target.read(...args);
              tried.push(id);
              return Promise.reject(new Error("it took too long"));
            }
          : Reflect.get(target, name),
    });
    const feed = new LineageFeed(shaky, { lookMs: 3_600_000 });
    const failed: unknown[] = [];
    feed.failed = (error) => failed.push(error);
    // The one that fails is asked first.
    const [first, second] = [
      await feed.listen(t.id, parseNodeId(hub)!, 12),
      await feed.listen(t.id, parseNodeId(claim)!, 12),
    ];
    const looks = 12;
    await done(reviseClaim, ana(t), { claimId: hub, text: "Of the hub." });
    for (let n = 1; n <= looks; n++) {
      await done(reviseClaim, ana(t), { claimId: claim, text: `Change ${n}.` });
      await feed.look();
      expect((await second.next()).value.total, `look ${n}`).toBe(1);
    }
    // Again at once, and then ever more seldom.
    expect(tried.length).toBeGreaterThan(1);
    expect(tried.length).toBeLessThan(looks / 2);
    expect(failed).toHaveLength(tried.length);
    slow = false;
    for (let n = 0; n < 16; n++) await feed.look();
    const told = (await first.next()).value;
    expect([told.total, told.changes[0].nodeId]).toEqual([1, hub]);
    for (const one of [first, second]) await one.return!();
  });

  it("finds what was committed late, and what happened while the graph was away", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const graph = testGraph();
    let away = false;
    const shaky = new Proxy(graph, {
      get: (target, name) =>
        name === "read"
          ? (...args: Parameters<typeof graph.read>) =>
              away && args[1].name.startsWith("changesAround")
                ? Promise.reject(new Error("away"))
                : target.read(...args)
          : Reflect.get(target, name),
    });
    const failed: unknown[] = [];
    const feed = new LineageFeed(shaky, { lookMs: 3_600_000 });
    feed.failed = (error) => failed.push(error);
    const listener = await feed.listen(t.id, parseNodeId(claim)!, 12);
    await done(reviseClaim, ana(t), { claimId: claim, text: "While it was away." });
    away = true;
    await feed.look();
    expect(failed).toHaveLength(1);
    away = false;
    await feed.look();
    expect((await listener.next()).value.total).toBe(1);
    // A slow reader gets what gathered meanwhile, counted whole.
    for (const n of [1, 2, 3]) {
      await done(reviseClaim, ana(t), { claimId: claim, text: `Gathered ${n}.` });
      await feed.look();
    }
    expect((await listener.next()).value.total).toBe(3);
    await listener.return!();
  });
});
