import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { approve } from "../../server/domains/approval/approval.service.js";
import { reviseClaim, setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { endConflict, recordConflict } from "../../server/domains/claim/conflict.service.js";
import { MOST_AT_ONCE } from "../../server/domains/claim/recheck.service.js";
import { decideConflict } from "../../server/domains/decision/conflict-decision.service.js";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { endSupersession, retractSource, supersedeSource } from "../../server/domains/source/withdrawal.service.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER } from "../../graph-schema/time.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import { buildChain, buildClaim, buildFact, buildSource } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { sealed } from "../kit/seal.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const analyst = (t: TestTenant) => t.person("ana", "analyst");
const editor = (t: TestTenant) => t.person("ed", "editor");
const approver = (t: TestTenant) => t.person("ann", "approver");

/** Somebody proposes to retract, and another approves. */
async function retract(t: TestTenant, sourceId: string, reason = "its author took it back") {
  await sealed(t);
  const { proposalId, contentHash } = await done(propose, analyst(t), {
    action: "retractSource",
    subjectId: sourceId,
    reason,
  });
  return act(approve, approver(t), { proposalId, contentHash });
}

describe("a revised claim", () => {
  it("has other words under the same id, and its earlier version stays", async () => {
    const t = await newTenant();
    const { claim } = await buildChain(t);
    const before = await nodeNow(t, "Claim", claim);
    const revised = await act(reviseClaim, analyst(t), { claimId: claim, text: "  Water boils\n at 99 degrees. " });
    expect(revised).toMatchObject({ ok: true, result: { claimId: claim } });
    const after = await nodeNow(t, "Claim", claim);
    expect(after).toMatchObject({ title: "Water boils at 99 degrees.", version: 2, kind: before.kind });
    // What bears on it was judged in its old words.
    expect(after).toMatchObject({ status: "NEEDS_RECHECK", recheckSince: after.versionFrom });
    expect(after.recheckReason).toBe("Its words changed, and nobody has judged what bears on it since: a test");
    const past = await nodesById(testGraph(), t.scope, [parseNodeId(claim)!], before.versionFrom);
    expect(past.get(claim)).toMatchObject({ title: before.title, version: 1 });
    // The key went with the words: the old ones are free, the new ones are this claim's.
    const stated = await done(stateClaim, analyst(t), { text: before.title });
    expect(stated.claimId).not.toBe(claim);
    expect((await done(stateClaim, analyst(t), { text: "Water boils at 99 degrees." })).claimId).toBe(claim);
  });

  it("needs no recheck where whoever changed its words judged them, nor where they stay; what is wrong stays so", async () => {
    const t = await newTenant();
    const { claim, episode } = await buildChain(t);
    const standing = async () => {
      const { status, recheckReason, recheckSince } = await nodeNow(t, "Claim", claim);
      return [status, recheckReason, recheckSince];
    };
    const revise = (more: object) => done(reviseClaim, analyst(t), { claimId: claim, ...more });
    await revise({ text: "Water boils at 100 degrees there.", status: "STATED" });
    expect(await standing()).toEqual(["STATED", null, null]);
    await revise({ text: " Water  boils at 100 degrees there.", kind: "SCIENCE" });
    expect(await standing()).toEqual(["STATED", null, null]);
    await revise({ text: "Water boils at 99 degrees there.", reason: "first" });
    const { recheckSince } = await nodeNow(t, "Claim", claim);
    await revise({ text: "Water boils at 98 degrees there.", reason: "second" });
    const said = (reason: string) => `Its words changed, and nobody has judged what bears on it since: ${reason}`;
    expect(await standing()).toEqual(["NEEDS_RECHECK", `${said("first")}\n${said("second")}`, recheckSince]);
    await sealed(t);
    // The person's link is to other words: they hold the episode up until somebody says that it bears these.
    const proposing = { action: "publishEpisode", subjectId: episode };
    const made = await done(propose, editor(t), proposing);
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["PUBLISH_GATE"]);
    await revise({ text: "Water boils at 100 degrees.", status: "STATED" });
    expect(await standing()).toEqual(["STATED", null, null]);
    await done(approve, approver(t), await done(propose, editor(t), proposing));
    await done(setClaimStatus, analyst(t), { claimId: claim, status: "WRONG" });
    await revise({ text: "Water never boils." });
    expect(await standing()).toEqual(["WRONG", null, null]);
  });

  it("of another kind keeps as long as that kind does, unless it is told otherwise", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t, { kind: "PRICE" });
    const recheckBy = async (more: object) => {
      await done(reviseClaim, analyst(t), { claimId: claim, ...more });
      const { recheckBy: until, versionFrom } = await nodeNow(t, "Claim", claim);
      return until === null ? null : Math.round((until - versionFrom) / 86_400_000);
    };
    expect(await recheckBy({ kind: "LAW" })).toBe(730);
    expect(await recheckBy({ kind: "OFFICE_HOLDER" })).toBe(180);
    expect(await recheckBy({ kind: "HISTORY" })).toBeNull();
    expect(await recheckBy({ kind: "COUNT", recheckBy: Date.now() + 5 * 86_400_000 })).toBe(5);
    // The kind that it has already brings nothing new.
    expect(await recheckBy({ kind: "COUNT", text: "There are 7 bridges." })).toBe(5);
  });

  it("can't take the words of another, and is told whose they are", async () => {
    const t = await newTenant();
    const [one, other] = [await buildClaim(t, { text: "It is so." }), await buildClaim(t)];
    const refused = await act(reviseClaim, analyst(t), { claimId: other, text: "It  is so." });
    expect(refused).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "text" }] });
    expect(JSON.stringify(refused)).toContain(one);
    expect((await nodeNow(t, "Claim", other)).version).toBe(1);
  });

  it("goes by the version that was seen, and changes something", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    await done(reviseClaim, analyst(t), { claimId: claim, text: "First.", version: 1 });
    const late = await act(reviseClaim, analyst(t), { claimId: claim, text: "Second.", version: 1 });
    expect(late).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "version" }] });
    const nothing = await act(reviseClaim, analyst(t), { claimId: claim });
    expect(nothing).toMatchObject({ ok: false, problems: [{ code: "BAD_INPUT", path: "text" }] });
    const empty = await act(reviseClaim, analyst(t), { claimId: claim, text: " \n " });
    expect(codesOf(empty)).toContain("BAD_INPUT");
  });

  it("keeps every version when two revise at once, and one of two gets words that both want", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const texts = ["One.", "Two.", "Three.", "Four."];
    const all = await Promise.all(texts.map((text) => act(reviseClaim, analyst(t), { claimId: claim, text })));
    expect(all.every(({ ok }) => ok)).toBe(true);
    const { version, title } = await nodeNow(t, "Claim", claim);
    expect([version, texts.includes(title)]).toEqual([5, true]);
    const claims = await Promise.all([buildClaim(t), buildClaim(t), buildClaim(t)]);
    const same = await Promise.all(
      claims.map((claimId) => act(reviseClaim, analyst(t), { claimId, text: "Wanted by all." })),
    );
    expect(same.filter(({ ok }) => ok)).toHaveLength(1);
    expect(same.flatMap(codesOf)).toEqual(["CONFLICT", "CONFLICT"]);
  });

  it("answers a repeated operation with the first one's result", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    const input = { operationId: operationId(), claimId: claim, text: "Said once." };
    await act(reviseClaim, analyst(t), input);
    expect(await act(reviseClaim, analyst(t), input)).toMatchObject({ ok: true, replayed: true });
    expect((await nodeNow(t, "Claim", claim)).version).toBe(2);
    expect(codesOf(await act(reviseClaim, analyst(t), { ...input, text: "Said twice." }))).toEqual([
      "OPERATION_ID_REUSED",
    ]);
  });
});

describe("a claim that needs a check", () => {
  it("says why and since when, until somebody has checked it", async () => {
    const t = await newTenant();
    const claim = await buildClaim(t);
    await done(setClaimStatus, analyst(t), { claimId: claim, status: "NEEDS_RECHECK", reason: "the figure looks old" });
    const waiting = await nodeNow(t, "Claim", claim);
    expect(waiting).toMatchObject({ recheckReason: "the figure looks old", recheckSince: waiting.versionFrom });
    await done(setClaimStatus, analyst(t), { claimId: claim, status: "STATED" });
    expect(await nodeNow(t, "Claim", claim)).toMatchObject({ recheckReason: null, recheckSince: null });
  });
});

describe("a rated source", () => {
  it("says at least one thing, within its bounds, and keeps the rest", async () => {
    const t = await newTenant();
    const source = await buildSource(t, { tier: 2 });
    await done(setSourceRating, analyst(t), { sourceId: source, reliability: "B" });
    await done(setSourceRating, analyst(t), { sourceId: source, tier: 1, independenceGroup: "one owner" });
    expect(await nodeNow(t, "Source", source)).toMatchObject({
      tier: 1,
      reliability: "B",
      independenceGroup: "one owner",
      version: 3,
    });
    for (const wrong of [{}, { tier: 4 }, { tier: 0 }, { reliability: "G" }, { independenceGroup: "" }, { tier: 1.5 }])
      expect(
        codesOf(await act(setSourceRating, analyst(t), { sourceId: source, ...wrong })),
        JSON.stringify(wrong),
      ).toEqual(["BAD_INPUT"]);
    expect(codesOf(await act(setSourceRating, t.person("pl", "planner"), { sourceId: source, tier: 2 }))).toEqual([
      "FORBIDDEN",
    ]);
  });
});

describe("a retracted source", () => {
  it("waits for another's approval, and then marks what stands on it, in one transaction", async () => {
    const t = await newTenant();
    const { claim, source, snapshot } = await buildChain(t);
    const derived = await buildFact(t, { quote: "at sea level", snapshotId: snapshot });
    const computed = await buildFact(t, { derivedFromIds: [derived] });
    const [onDerived, wrong, aside] = [
      await buildClaim(t, { supports: [computed] }),
      await buildClaim(t, { supports: [derived] }),
      await buildClaim(t, { considered: [derived], contradicts: [derived] }),
    ];
    await done(setClaimStatus, analyst(t), { claimId: wrong, status: "WRONG" });
    expect(codesOf(await act(retractSource, t.caller("tenant-admin"), { sourceId: source }))).toContain(
      "NEEDS_APPROVAL",
    );
    await sealed(t);
    const { proposalId, contentHash } = await done(propose, analyst(t), { action: "retractSource", subjectId: source });
    expect((await nodeNow(t, "Source", source)).status).toBe("ACTIVE");
    expect(codesOf(await act(approve, analyst(t), { proposalId, contentHash }))).not.toEqual([]);
    const approved = await act(approve, approver(t), { proposalId, contentHash, reason: "the author says so" });
    expect(approved.ok).toBe(true);
    const fallen = await nodeNow(t, "Source", source);
    expect(fallen.status).toBe("RETRACTED");
    for (const id of [claim, onDerived]) {
      const marked = await nodeNow(t, "Claim", id);
      expect(marked, id).toMatchObject({ status: "NEEDS_RECHECK", version: 2 });
      expect([marked.versionFrom, marked.recheckSince]).toEqual([fallen.versionFrom, fallen.versionFrom]);
      expect(marked.recheckReason).toMatch(/^The source “.+” was retracted: /);
    }
    expect(await nodeNow(t, "Claim", wrong)).toMatchObject({ status: "WRONG", recheckReason: null });
    expect((await nodeNow(t, "Claim", aside)).status).toBe("STATED");
    const again = await act(propose, analyst(t), { action: "retractSource", subjectId: source });
    expect(again).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "sourceId" }] });
  });

  it("can't be retracted or brought back by registering it again", async () => {
    const t = await newTenant();
    const url = "https://retracted.example/";
    const source = await buildSource(t, { url });
    const register = (status: string) => act(registerSource, editor(t), { url, title: "Again", status });
    expect(await register("RETRACTED")).toMatchObject({
      ok: false,
      problems: [{ code: "NEEDS_APPROVAL", path: "status" }],
    });
    expect((await retract(t, source)).ok).toBe(true);
    expect(await register("ACTIVE")).toMatchObject({ ok: false, problems: [{ code: "CONFLICT", path: "status" }] });
    expect((await nodeNow(t, "Source", source)).status).toBe("RETRACTED");
  });

  it("never leaves a claim unmarked that was linked while it fell", async () => {
    for (let round = 0; round < 6; round++) {
      const t = await newTenant();
      const { source, fact } = await buildChain(t);
      const claims = await Promise.all(Array.from({ length: 5 }, () => buildClaim(t)));
      await sealed(t);
      const { proposalId, contentHash } = await done(propose, analyst(t), {
        action: "retractSource",
        subjectId: source,
      });
      const links = claims.map(
        (claimId) => () => act(linkEvidence, analyst(t), { claimId, factId: fact, stance: "SUPPORTS" }),
      );
      const falls = () => act(approve, approver(t), { proposalId, contentHash });
      const order = [...links.slice(0, round), falls, ...links.slice(round)];
      const all = await Promise.all(order.map((one) => one()));
      expect(all.map((one) => one.ok)).toEqual(all.map(() => true));
      for (const claim of claims)
        expect((await nodeNow(t, "Claim", claim)).status, `round ${round}`).toBe("NEEDS_RECHECK");
    }
  });

  it("adds its reason to one that stands, and says none twice", async () => {
    const t = await newTenant();
    const { claim, source, fact } = await buildChain(t);
    const [other, successor] = [await buildSource(t), await buildSource(t)];
    const second = await buildFact(t, { sourceId: other });
    await t.run(linkEvidence, { claimId: claim, factId: second, stance: "SUPPORTS" });
    await done(supersedeSource, analyst(t), { sourceId: source, byId: successor, reason: "a new edition" });
    const since = (await nodeNow(t, "Claim", claim)).recheckSince;
    await retract(t, other, "made up");
    const marked = await nodeNow(t, "Claim", claim);
    expect(marked.recheckReason?.split("\n")).toEqual([
      expect.stringMatching(/superseded by “.+”: a new edition$/),
      expect.stringMatching(/was retracted: made up$/),
    ]);
    expect(marked.recheckSince).toBe(since);
    // What is linked already is not weighed again.
    await done(linkEvidence, analyst(t), { claimId: claim, factId: fact, stance: "SUPPORTS" });
    expect((await nodeNow(t, "Claim", claim)).version).toBe(marked.version);
  });
});

describe("a superseded source", () => {
  it("is stale, names its successor, and its claims need a check", async () => {
    const t = await newTenant();
    const { claim, source } = await buildChain(t);
    const [second, third] = [await buildSource(t), await buildSource(t)];
    const answer = await api.ask(
      t.id,
      `mutation ($input: SupersedeSourceInput!) { supersedeSource(input: $input) { claims problems { code path } source { status supersededBy { id } } by { id supersedes { id } } } }`,
      { input: { operationId: operationId(), reason: "a new edition", sourceId: source, byId: second } },
    );
    expect(answer.data.supersedeSource).toEqual({
      claims: 1,
      problems: [],
      source: { status: "STALE", supersededBy: { id: second } },
      by: { id: second, supersedes: [{ id: source }] },
    });
    const asked = await api.ask(t.id, `{ claims { edges { node { id status recheckReason recheckSince } } } }`);
    expect(asked.data.claims.edges[0].node).toMatchObject({ id: claim, status: "NEEDS_RECHECK" });
    expect(asked.data.claims.edges[0].node.recheckReason).toContain("a new edition");
    // A later successor takes the earlier one's place.
    await done(supersedeSource, analyst(t), { sourceId: source, byId: third });
    const { data } = await api.ask(
      t.id,
      `query ($id: ID!) { node(id: $id) { ... on Source { supersededBy { id } } } }`,
      {
        id: source,
      },
    );
    expect(data.node.supersededBy.id).toBe(third);
    await done(endSupersession, analyst(t), { sourceId: source, byId: third });
    expect(codesOf(await act(endSupersession, analyst(t), { sourceId: source, byId: third }))).toEqual(["NOT_LINKED"]);
  });

  it("never takes its own place, whatever way round, however many at once", async () => {
    const t = await newTenant();
    const [a, b, c, d] = (await Promise.all(Array.from({ length: 4 }, () => buildSource(t)))) as [
      string,
      string,
      string,
      string,
    ];
    expect(codesOf(await act(supersedeSource, analyst(t), { sourceId: a, byId: a }))).toEqual(["BAD_INPUT"]);
    const pairs = [
      [a, b],
      [b, c],
      [c, d],
      [d, a],
    ];
    const all = await Promise.all(
      pairs.map(([sourceId, byId]) => act(supersedeSource, analyst(t), { sourceId, byId })),
    );
    expect(all.filter(({ ok }) => ok).length).toBeLessThan(4);
    expect(new Set(all.flatMap(codesOf))).toEqual(new Set(["CONFLICT"]));
    await retract(t, d);
    const e = await buildSource(t);
    expect(await act(supersedeSource, analyst(t), { sourceId: e, byId: d })).toMatchObject({
      ok: false,
      problems: [{ code: "CONFLICT", path: "byId" }],
    });
  });
});

describe("claims in conflict", () => {
  const asks = `query ($id: ID!) { node(id: $id) { ... on Claim { status conflicts { claim { id } by why picked decision { id rationale picks { id } replaces { id } } } } } }`;
  const conflictsOf = async (t: TestTenant, id: string) => (await api.ask(t.id, asks, { id })).data.node.conflicts;

  it("stand side by side at both ends, recorded once, until somebody decides", async () => {
    const t = await newTenant();
    const [one, other] = [await buildClaim(t), await buildClaim(t)];
    const both = await Promise.all([
      act(recordConflict, analyst(t), { claimId: one, otherId: other, reason: "they differ" }),
      act(recordConflict, analyst(t), { claimId: other, otherId: one, reason: "they differ" }),
    ]);
    expect(both.every(({ ok }) => ok)).toBe(true);
    for (const [id, far] of [
      [one, other],
      [other, one],
    ] as const)
      expect(await conflictsOf(t, id)).toEqual([
        { claim: { id: far }, by: "ana", why: "they differ", picked: null, decision: null },
      ]);
    expect(codesOf(await act(recordConflict, analyst(t), { claimId: one, otherId: one }))).toEqual(["BAD_INPUT"]);
  });

  it("are decided by whom policy lets, with a rationale, and decided anew", async () => {
    const t = await newTenant();
    const [one, other] = [await buildClaim(t), await buildClaim(t)];
    const asked = { claimId: one, againstId: other, rationale: "two sources say so" };
    expect(await act(decideConflict, editor(t), asked)).toMatchObject({
      ok: false,
      problems: [{ code: "NOT_LINKED", path: "againstId" }],
    });
    await done(recordConflict, analyst(t), { claimId: one, otherId: other });
    expect(codesOf(await act(decideConflict, analyst(t), asked))).toEqual(["FORBIDDEN"]);
    expect(codesOf(await act(decideConflict, editor(t), { ...asked, rationale: " " }))).toEqual(["BAD_INPUT"]);
    const first = await done(decideConflict, editor(t), asked);
    const found = (await conflictsOf(t, other))[0];
    expect(found).toMatchObject({ picked: one, decision: { id: first.decisionId, picks: { id: one }, replaces: [] } });
    const second = await done(decideConflict, editor(t), { claimId: other, againstId: one, rationale: "newer" });
    expect((await conflictsOf(t, one))[0]).toMatchObject({
      picked: other,
      decision: { id: second.decisionId, picks: { id: other }, replaces: [{ id: first.decisionId }] },
    });
    const { data } = await api.ask(
      t.id,
      `query ($id: ID!) { node(id: $id) { ... on Decision { picks { id } about { id } replacedBy { id } } } }`,
      { id: first.decisionId },
    );
    expect(data.node).toEqual({
      picks: null,
      about: expect.arrayContaining([{ id: one }, { id: other }]),
      replacedBy: { id: second.decisionId },
    });
    for (const id of [one, other]) expect((await nodeNow(t, "Claim", id)).status).toBe("STATED");
  });

  it("are decided once when two decide at once: one replaces the other", async () => {
    const t = await newTenant();
    const [one, other] = [await buildClaim(t), await buildClaim(t)];
    await done(recordConflict, analyst(t), { claimId: one, otherId: other });
    const decide = (claimId: string, againstId: string) =>
      act(decideConflict, editor(t), { claimId, againstId, rationale: "so it is" });
    const all = await Promise.all([decide(one, other), decide(other, one), decide(one, other)]);
    expect(all.every(({ ok }) => ok)).toBe(true);
    const [conflict] = await conflictsOf(t, one);
    expect(conflict.decision.replaces).toHaveLength(1);
    await done(endConflict, analyst(t), { claimId: other, otherId: one });
    expect(await conflictsOf(t, one)).toEqual([]);
    expect(codesOf(await act(endConflict, analyst(t), { claimId: other, otherId: one }))).toEqual(["NOT_LINKED"]);
  });
});

describe("a hub", () => {
  it("with more claims than one transaction marks is finished by the job, and nothing is lost", async () => {
    const t = await newTenant();
    const { source, fact, claim } = await buildChain(t);
    const more = 60;
    await testGraph().write(t.scope, (tx) =>
      tx.run(plantClaims, { factId: fact.slice(5), count: MOST_AT_ONCE + more - 1, at: Date.now(), forever: FOREVER }),
    );
    const began = performance.now();
    expect((await retract(t, source)).ok).toBe(true);
    console.info(`${MOST_AT_ONCE} claims marked with their source in ${Math.round(performance.now() - began)} ms`);
    const count = async () => (await testGraph().read(t.scope, countMarked, {}))[0]!.marked;
    expect(await count()).toBe(MOST_AT_ONCE);
    const duty = {
      tenantId: t.id,
      scheduledAt: Date.now(),
      signal: new AbortController().signal,
      trouble: (error: unknown) => expect(error).toBeUndefined(),
      operationId: (part: string | number) => `test/recheck/${t.id}/${part}`,
    };
    // The claims to mark, and those whose episodes may be live.
    expect(await api.services.duties.countRechecks(duty)).toBe(2);
    expect(await api.services.duties.recheckClaims(duty)).toBe(more);
    expect(await api.services.duties.countRechecks(duty)).toBe(0);
    expect(await count()).toBe(MOST_AT_ONCE + more);
    expect((await nodeNow(t, "Claim", claim)).recheckReason).toContain("its author took it back");
  }, 300_000);
});

const plantClaims = defineQuery({
  name: "testPlantClaims",
  mode: "write",
  scope: "tenant",
  params: params<{ factId: string; count: number; at: number; forever: number }>(),
  cypher: `MATCH (f:Fact {tenantId: $tenantId, id: $factId})
UNWIND range(1, $count) AS n
WITH f, n, "0" + right("0000000000000000000000000" + toString(n), 25) AS id
CREATE (c:Claim {tenantId: $tenantId, id: id, key: id, title: "Claim " + n, kind: "OTHER", status: "STATED", validFrom: $at, validTo: $forever, version: 1, versionFrom: $at, versionBy: "test/plant"})
CREATE (c)-[:SUPPORTED_BY {validFrom: $at, validTo: $forever, openedBy: "test/plant", basis: "FILE", assertingRows: 1}]->(f)`,
  row: noRow,
});

const countMarked = defineQuery({
  name: "testCountMarked",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (c:Claim {tenantId: $tenantId}) WHERE c.id > "" AND c.status = "NEEDS_RECHECK" AND c.version = 2 RETURN count(c) AS marked`,
  row: z.object({ marked: z.number() }),
});
