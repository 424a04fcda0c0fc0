import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { recordConflict } from "../../server/domains/claim/conflict.service.js";
import { setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { recheckDueClaims } from "../../server/domains/claim/shelf-life.service.js";
import { decideConflict } from "../../server/domains/decision/conflict-decision.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { setGovernance } from "../../server/domains/governance/settings.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import {
  buildChain,
  buildClaim,
  buildEpisode,
  buildFact,
  buildScene,
  buildSnapshot,
  buildSource,
} from "../kit/build.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

vi.setConfig({ testTimeout: 120_000 });

/* What stands against publishing an episode: told by `governance`, by proposals' obstacles, and held to when it is published. */

const ASK = `query Governance_Test($id: ID!, $asOf: DateTime) { governance(episodeId: $id, asOf: $asOf) {
  episodeId asOf clear claims whole settings { version furtherGroups copyShare shelfLives { kind days } }
  rules { rule checks stands count remedy inputs { ids claimIds detail remedy } }
} }`;
const DAY_MS = 86_400_000;

interface Rule {
  readonly rule: string;
  readonly stands: boolean;
  readonly count: number;
  readonly remedy: string;
  readonly inputs: readonly { ids: string[]; claimIds: string[]; detail: string; remedy: string }[];
}

describe("governance", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function governance(t: TestTenant, id: string, asOf?: number) {
    const { data, errors } = await api.ask(t.id, ASK, {
      id,
      asOf: asOf === undefined ? null : new Date(asOf).toISOString(),
    });
    expect(errors).toBeUndefined();
    const standing = (data.governance.rules as Rule[]).filter(({ stands }) => stands);
    return { ...data.governance, codes: standing.map(({ rule }) => rule), standing };
  }
  const editor = (t: TestTenant): Caller => t.person("ed", "editor");
  const ann = (t: TestTenant): Caller => t.person("ann", "approver");
  const tryToPublish = async (t: TestTenant, subjectId: string) =>
    act(approve, ann(t), await done(propose, editor(t), { action: "publishEpisode", subjectId }));
  async function refused(t: TestTenant, episode: string, code: string): Promise<void> {
    const answer = await tryToPublish(t, episode);
    expect(codesOf(answer)).toEqual(["PUBLISH_GATE"]);
    expect(answer.ok || answer.problems[0]!.message).toContain(`${code}: `);
    expect((await nodeNow(t, "Episode", episode)).status).toBe("IN_REVIEW");
  }
  async function published(t: TestTenant, episode: string): Promise<void> {
    expect(codesOf(await tryToPublish(t, episode))).toEqual([]);
    expect((await nodeNow(t, "Episode", episode)).status).toBe("PUBLISHED");
  }
  const setSource = async (t: TestTenant, id: string, status: string) => {
    const { url, title } = await nodeNow(t, "Source", id);
    await done(registerSource, editor(t), { url, title, status });
  };
  /** An episode that states one claim on facts of these sources, each with a text of its own. */
  async function episodeOn(t: TestTenant, sources: readonly string[], claim: Readonly<Record<string, unknown>> = {}) {
    const supports: string[] = [];
    for (const sourceId of sources) supports.push(await buildFact(t, { sourceId }));
    const claimId = await buildClaim(t, { supports, ...claim });
    const episode = await buildEpisode(t);
    await buildScene(t, { episodeId: episode, claimIds: [claimId] });
    return { episode, claim: claimId, facts: supports };
  }

  it("tells every rule, with what it checks and what mends it, and finds nothing against a sound episode", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    const found = await governance(t, episode);
    expect(found).toMatchObject({ episodeId: episode, clear: true, claims: 1, whole: true, codes: [] });
    expect(found.rules.map(({ rule }: Rule) => rule)).toEqual([
      "SOURCE_STALE",
      "SOURCE_RETRACTED",
      "SOURCE_DEAD",
      "TIER3_UNCORROBORATED",
      "CLAIM_UNQUOTED",
      "CLAIM_CONTRADICTED_UNDECIDED",
      "TRACE_MISMATCH",
    ]);
    expect(found.settings).toMatchObject({ version: 0, furtherGroups: 2, copyShare: 0.9 });
    await published(t, episode);
  });

  it.each([
    ["STALE", "SOURCE_STALE"],
    ["DEAD", "SOURCE_DEAD"],
  ])("names a source that is %s, and refuses to publish until it is mended", async (status, code) => {
    const t = await newTenant();
    const { episode, source, claim } = await buildChain(t);
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await setSource(t, source, status);
    const found = await governance(t, episode);
    expect(found.codes).toEqual([code]);
    expect(found.standing[0]).toMatchObject({ count: 1, inputs: [{ ids: [source], claimIds: [claim] }] });
    expect((await governance(t, episode, before)).codes).toEqual([]);
    await refused(t, episode, code);
    await setSource(t, source, "ACTIVE");
    await published(t, episode);
  });

  it("sees a source that fell between the proposal and its approval", async () => {
    const t = await newTenant();
    const { episode, source } = await buildChain(t);
    const made = await done(propose, editor(t), { action: "publishEpisode", subjectId: episode });
    await setSource(t, source, "DEAD");
    expect(codesOf(await act(approve, ann(t), made))).toEqual(["CONTENT_CHANGED"]);
    await refused(t, episode, "SOURCE_DEAD");
  });

  it("wants Tier 3 corroborated by groups: copies and owners count once, and one source of tier 2 is enough", async () => {
    const t = await newTenant();
    const tier3 = () => buildSource(t, { tier: 3 });
    const [a, b, c] = [await tier3(), await tier3(), await tier3()];
    const one = await episodeOn(t, [a]);
    expect((await governance(t, one.episode)).standing).toMatchObject([
      {
        rule: "TIER3_UNCORROBORATED",
        count: 1,
        inputs: [{ ids: [one.claim], remedy: expect.stringContaining("in 2 further") }],
      },
    ]);
    await refused(t, one.episode, "TIER3_UNCORROBORATED");
    const three = await episodeOn(t, [a, b, c]);
    expect((await governance(t, three.episode)).codes).toEqual([]);
    await done(setSourceRating, editor(t), {
      sourceId: b,
      independenceGroup: (await nodeNow(t, "Source", a)).independenceGroup,
    });
    expect((await governance(t, three.episode)).codes).toEqual(["TIER3_UNCORROBORATED"]);
    await done(setSourceRating, editor(t), { sourceId: c, tier: 2 });
    await published(t, three.episode);
    const wire = `${Array.from({ length: 60 }, (_, i) => `word${i}`).join(" ")}. The bridge was opened in 1932.`;
    const copies: string[] = [];
    for (const i of [1, 2, 3]) {
      const snapshotId = await buildSnapshot(t, { sourceId: await tier3(), text: `${wire} Copy ${i}.` });
      copies.push(await buildFact(t, { snapshotId, quote: "The bridge was opened in 1932." }));
    }
    const claim = await buildClaim(t, { supports: copies });
    const episode = await buildEpisode(t);
    await buildScene(t, { episodeId: episode, claimIds: [claim] });
    expect((await governance(t, episode)).codes).toEqual(["TIER3_UNCORROBORATED"]);
  });

  it("wants every claim quoted", async () => {
    const t = await newTenant();
    const { episode, claim, fact } = await buildChain(t);
    await done(unlinkEvidence, editor(t), { claimId: claim, factId: fact, stance: "SUPPORTS" });
    expect((await governance(t, episode)).codes).toEqual(["CLAIM_UNQUOTED"]);
    await refused(t, episode, "CLAIM_UNQUOTED");
  });

  it("wants a contradiction decided, for the claim that is stated", async () => {
    const t = await newTenant();
    const { episode, claim } = await buildChain(t);
    const rival = await buildClaim(t, { supports: [await buildFact(t)] });
    await done(recordConflict, editor(t), { claimId: claim, otherId: rival });
    expect((await governance(t, episode)).standing).toMatchObject([
      { rule: "CLAIM_CONTRADICTED_UNDECIDED", count: 1, inputs: [{ ids: [claim, rival] }] },
    ]);
    await refused(t, episode, "CLAIM_CONTRADICTED_UNDECIDED");
    const decide = (claimId: string, againstId: string) =>
      done(decideConflict, editor(t), { claimId, againstId, rationale: "It was measured" });
    await decide(rival, claim);
    expect((await governance(t, episode)).codes).toEqual(["CLAIM_CONTRADICTED_UNDECIDED"]);
    await decide(claim, rival);
    await published(t, episode);
  });

  it("wants a fact that speaks against a claim decided on", async () => {
    const t = await newTenant();
    const { episode, claim } = await buildChain(t);
    const contrary = await buildFact(t);
    await done(linkEvidence, editor(t), { claimId: claim, factId: contrary, stance: "CONTRADICTS" });
    expect((await governance(t, episode)).standing).toMatchObject([
      { rule: "CLAIM_CONTRADICTED_UNDECIDED", inputs: [{ ids: [claim, contrary] }] },
    ]);
  });

  it("is changed by an approved proposal alone, keeps its versions, and answers for the past by the settings of then", async () => {
    const t = await newTenant();
    const { episode } = await episodeOn(t, [await buildSource(t, { tier: 3 })]);
    const admin = t.person("adm", "tenant-admin");
    const input = { tenantId: `Tenant:${t.id}`, furtherGroups: 0 };
    expect(codesOf(await act(setGovernance, admin, input))).toContain("NEEDS_APPROVAL");
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const change = {
      furtherGroups: 0,
      tiers: [{ domain: "ministry.example", tier: 1 }],
      shelfLives: [{ kind: "PRICE", days: 1 }],
    };
    const asked = { action: "setGovernance", subjectId: `Tenant:${t.id}`, arguments: change };
    expect(codesOf(await act(propose, editor(t), asked))).toContain("FORBIDDEN");
    await done(approve, ann(t), await done(propose, admin, asked));
    const now = await governance(t, episode);
    expect(now).toMatchObject({ codes: [], settings: { version: 1, furtherGroups: 0 } });
    expect(now.settings.shelfLives).toContainEqual({ kind: "PRICE", days: 1 });
    expect(now.settings.shelfLives).toContainEqual({ kind: "COUNT", days: 90 });
    expect(await governance(t, episode, before)).toMatchObject({
      codes: ["TIER3_UNCORROBORATED"],
      settings: { version: 0, furtherGroups: 2 },
    });
    await published(t, episode);
    const { claimId } = await done(stateClaim, editor(t), { text: "A ticket costs 4 francs.", kind: "PRICE" });
    const claim = await nodeNow(t, "Claim", claimId);
    expect(claim.recheckBy! - claim.validFrom).toBe(DAY_MS);
    const known = await done(registerSource, editor(t), { url: "https://www.ministry.example/law", title: "The law" });
    expect((await nodeNow(t, "Source", known.sourceId)).tier).toBe(1);
    for (const [bad, path] of [
      [{}, "arguments.furtherGroups"],
      [{ furtherGroups: 11 }, "arguments.furtherGroups"],
      [{ copyShare: 2 }, "arguments.copyShare"],
      [{ shelfLives: [{ kind: "OTHER", days: 1 }] }, "arguments.shelfLives.0.kind"],
    ] as const)
      expect(await act(propose, admin, { ...asked, arguments: bad }), JSON.stringify(bad)).toMatchObject({
        ok: false,
        problems: [{ code: "BAD_INPUT", path }],
      });
  });

  it("takes a claim past its shelf life for due at once; the job marks it, and nothing is WRONG by age", async () => {
    const t = await newTenant();
    const past = Date.now() - DAY_MS;
    const source = await buildSource(t);
    const { episode, claim } = await episodeOn(t, [source], { kind: "PRICE", recheckBy: past });
    const { claim: wrong } = await episodeOn(t, [source], { kind: "PRICE", recheckBy: past });
    await done(setClaimStatus, editor(t), { claimId: wrong, status: "WRONG" });
    const { claim: fresh } = await episodeOn(t, [source], { kind: "PRICE" });
    expect((await governance(t, episode)).codes).toEqual(["SOURCE_STALE"]);
    await refused(t, episode, "SOURCE_STALE");
    expect(await done(recheckDueClaims, systemCaller(t.id), {})).toEqual({ claims: 1, more: false });
    const marked = await nodeNow(t, "Claim", claim);
    expect(marked).toMatchObject({ status: "NEEDS_RECHECK", recheckBy: past, recheckSince: marked.versionFrom });
    expect(marked.recheckReason).toMatch(/^The shelf life of this claim \(PRICE\) ended on \d{4}-\d\d-\d\d: check /);
    expect((await nodeNow(t, "Claim", wrong)).status).toBe("WRONG");
    expect((await nodeNow(t, "Claim", fresh)).status).toBe("STATED");
    expect(await done(recheckDueClaims, systemCaller(t.id), {})).toEqual({ claims: 0, more: false });
    await done(setClaimStatus, editor(t), { claimId: claim, status: "STATED" });
    expect((await nodeNow(t, "Claim", claim)).recheckBy).toBeGreaterThan(Date.now() + 89 * DAY_MS);
    await published(t, episode);
  });

  it("doesn't know another studio's episode, nor what is no episode", async () => {
    const [t, other] = [await newTenant(), await newTenant()];
    const { episode, claim } = await buildChain(other);
    const ask = async (id: string) => (await api.ask(t.id, ASK, { id })).errors![0]!.extensions;
    expect(await ask(episode)).toMatchObject({ code: "NOT_FOUND" });
    expect(await ask(claim)).toMatchObject({ code: "BAD_INPUT", field: "episodeId" });
  });
});
