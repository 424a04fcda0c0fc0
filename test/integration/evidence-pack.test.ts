import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verifyPack } from "../../docs/verify-pack.mjs";
import { jwkSigner, newAuditJwk } from "../../server/audit/signer.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { exportPack } from "../../server/domains/export/export.service.js";
import { reviseClaim } from "../../server/domains/claim/claim.service.js";
import { packFile, readPack } from "../../server/domains/proposal/pack.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { keptPack } from "../../server/reads/evidence-pack/evidence-pack.query.js";
import { FOREVER } from "../../graph-schema/time.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import { buildChain } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

vi.setConfig({ testTimeout: 120_000 });

/* What an episode was published on, frozen with it: read, exported, verified, and not to be changed. */

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const signer = jwkSigner(newAuditJwk());
const key = signer.publicKey.toString("base64");

async function live(action: "publishEpisode" | "correctEpisode", t: TestTenant, episode: string) {
  const made = await done(propose, t.person("ed", "editor"), { action, subjectId: episode });
  return { ...made, ...(await done(approve, t.person("ann", "approver"), made)) };
}
const kept = (t: TestTenant, episode: string, asOf = FOREVER - 1) =>
  keptPack(testGraph(), t.scope, { id: parseNodeId(episode)!.id, asOf });
const verified = async (pack: { text: string; sha256: string }, without: string[] = []) =>
  verifyPack(Buffer.from(await packFile(pack, signer, without)), key);

const alter = defineQuery({
  name: "testAlterPack",
  mode: "write",
  scope: "tenant",
  params: params<{ sha256: string }>(),
  cypher: `MATCH (b:Body {tenantId: $tenantId, sha256: $sha256}) SET b.text = replace(b.text, "a test", "a fest")`,
  row: noRow,
});

const ASK = `query ($id: ID!, $first: Int! = 20, $after: ID, $asOf: DateTime) {
  evidencePack(episodeId: $id, first: $first, after: $after, asOf: $asOf) {
    episodeId asOf sha256 proposalId action contentHash frozenAt itemCount items { id kind json } } }`;

describe("an evidence pack", () => {
  it("is frozen with what is published: the content approved, who approved it, and what policy said", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    expect(await kept(t, chain.episode)).toBeUndefined();
    const { proposalId, approvalId, contentHash } = await live("publishEpisode", t, chain.episode);
    const { packSha256 } = await nodeNow(t, "Proposal", proposalId);
    const pack = (await kept(t, chain.episode))!;
    expect(pack.sha256).toBe(packSha256);
    const { items } = readPack(pack.text, pack.sha256);
    expect(items.map(({ id }) => id)).toEqual([
      ...[proposalId, approvalId, "policy"],
      ...[chain.claim, chain.episode, chain.fact, chain.scene, chain.snapshot, chain.source].toSorted(),
    ]);
    expect(items[1]).toMatchObject({ approver: "ann", contentHash, verdict: "APPROVED" });
    expect(items[2]).toMatchObject({ approvers: ["ann"], gate: [], decision: { allow: true, denied: [] } });
    expect(await verified(pack)).toMatchObject({ ok: true, items: 9, subjectId: chain.episode });
    expect(await verified(pack, [approvalId])).toMatchObject({ ok: true, erased: 1 });
  });

  it("stays as it was whatever becomes of its claims, and a correction freezes another", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    await live("publishEpisode", t, chain.episode);
    const first = (await kept(t, chain.episode))!;
    const { version } = await nodeNow(t, "Claim", chain.claim);
    const revised = { claimId: chain.claim, text: "Said otherwise since.", status: "STATED", version };
    await done(reviseClaim, t.caller("tenant-admin"), revised);
    expect(await kept(t, chain.episode)).toEqual(first);
    const { proposalId } = await live("correctEpisode", t, chain.episode);
    const second = (await kept(t, chain.episode))!;
    expect(second.sha256).not.toBe(first.sha256);
    expect(second.text).toContain("Said otherwise since.");
    expect((await nodeNow(t, "Proposal", proposalId)).packSha256).toBe(second.sha256);
    const { frozenAt } = readPack(second.text, second.sha256).head;
    expect(await kept(t, chain.episode, frozenAt - 1)).toEqual(first);
    expect(await verified(second)).toMatchObject({ ok: true });
  });

  it("isn't frozen for what was only proposed, or rejected, or retracted", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const asked = { action: "publishEpisode", subjectId: chain.episode };
    const { proposalId } = await done(propose, t.person("ed", "editor"), asked);
    expect((await nodeNow(t, "Proposal", proposalId)).packSha256).toBeNull();
    expect(await kept(t, chain.episode)).toBeUndefined();
  });

  it("that was changed in the database is neither told nor signed", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    await live("publishEpisode", t, chain.episode);
    const pack = (await kept(t, chain.episode))!;
    await testGraph().write(t.scope, (tx) => tx.run(alter, { sha256: pack.sha256 }));
    const changed = (await kept(t, chain.episode))!;
    expect(changed.text).not.toBe(pack.text);
    await expect(packFile(changed, signer)).rejects.toThrow("isn't what was frozen");
    const { errors } = await api.ask(t.id, ASK, { id: chain.episode });
    expect(errors?.[0]?.extensions?.code).toBe("UNAVAILABLE");
  });

  it("is asked of the API by pages, for an instant, and is null before anything was published", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const ask = async (more: object = {}) =>
      (await api.ask(t.id, ASK, { id: chain.episode, ...more })).data.evidencePack;
    expect(await ask()).toBeNull();
    const { proposalId, contentHash } = await live("publishEpisode", t, chain.episode);
    const all = await ask();
    expect(all).toMatchObject({ proposalId, contentHash, action: "publishEpisode", itemCount: 9 });
    expect(all.items).toHaveLength(9);
    expect(JSON.parse(all.items[0].json)).toMatchObject({ kind: "proposal", proposer: "ed" });
    const rest = await ask({ first: 3, after: all.items[3].id });
    expect(rest.items).toEqual(all.items.slice(4, 7));
    expect(await ask({ asOf: new Date(Date.parse(all.frozenAt) - 1).toISOString() })).toBeNull();
  });

  it("leaves the house with an entry in the audit, for whoever may export", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    await live("publishEpisode", t, chain.episode);
    const { sha256 } = (await kept(t, chain.episode))!;
    const input = { episodeId: chain.episode, packSha256: sha256, without: ["policy"] };
    await done(exportPack, t.person("aud", "auditor"), input);
    expect(codesOf(await act(exportPack, t.person("op", "operator"), input))).toEqual(["FORBIDDEN"]);
    const { audit } = await recordsOf(t.scope);
    const [entry] = audit.filter(({ command, outcome }) => command === "exportPack" && outcome === "DONE");
    expect(JSON.parse(String(entry!.detail))).toEqual(input);
  });
});
