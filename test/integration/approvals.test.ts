import { describe, expect, it, vi } from "vitest";
import { approve, reject } from "../../server/domains/approval/approval.service.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { publishEpisode } from "../../server/domains/episode/publish.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { endExemption, grantExemption } from "../../server/domains/exemption/exemption.service.js";
import { liftKillSwitch, setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { expireProposals } from "../../server/domains/proposal/expiry.service.js";
import { propose, withdraw } from "../../server/domains/proposal/proposal.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import { buildChain, buildEpisode, buildFact, buildScene } from "../kit/build.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

vi.setConfig({ testTimeout: 120_000 });

/* What can't be taken back: proposed, approved by others for exactly its content, and carried out with the last approval. */

const DAY_MS = 86_400_000;
const editor = (t: TestTenant): Caller => t.person("ed", "editor");
const approver = (t: TestTenant): Caller => t.person("ann", "approver");
const publishing = (episode: string) => ({ action: "publishEpisode", subjectId: episode });

async function proposed() {
  const t = await newTenant();
  const chain = await buildChain(t);
  return { t, chain, ...(await done(propose, editor(t), publishing(chain.episode))) };
}
const statusOf = async (t: TestTenant, episode: string): Promise<string> =>
  (await nodeNow(t, "Episode", episode)).status;

describe("publishing", () => {
  it("never runs but as an approved proposal", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    for (const who of [t.caller("tenant-admin"), editor(t), systemCaller(t.id)])
      expect(codesOf(await act(publishEpisode, who, { episodeId: episode }))).toContain("NEEDS_APPROVAL");
    expect(await statusOf(t, episode)).toBe("DRAFT");
  });

  it("happens with the approval of somebody else, in the same transaction, and both stand in the audit", async () => {
    const { t, chain, proposalId, contentHash } = await proposed();
    expect(await statusOf(t, chain.episode)).toBe("IN_REVIEW");
    const { approvalId } = await done(approve, approver(t), { proposalId, contentHash });
    expect(await statusOf(t, chain.episode)).toBe("PUBLISHED");
    expect(await nodeNow(t, "Proposal", proposalId)).toMatchObject({ status: "DONE", proposer: "ed", needed: 1 });
    expect(await nodeNow(t, "Approval", approvalId)).toMatchObject({
      approver: "ann",
      verdict: "APPROVED",
      contentHash,
    });
    const { audit, events } = await recordsOf(t.scope);
    const [entry] = audit.filter(({ command }) => command === "publishEpisode");
    expect(entry).toMatchObject({ capability: "episode.publish", actor: "ed", outcome: "DONE", unsealed: true });
    expect(JSON.parse(String(entry!.decisionInput)).irreversible).toEqual({
      proposer: "ed",
      approvers: ["ann"],
      gate: [],
    });
    expect(audit.filter(({ command }) => command === "approve")).toMatchObject([
      { actor: "ann", operationId: entry!.operationId },
    ]);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["proposal.approved", "episode.published"]));
  });

  it("keeps the instant that it is told for what went out before", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    const publishedAt = Date.UTC(2025, 4, 1);
    const made = await done(propose, editor(t), { ...publishing(episode), arguments: { publishedAt } });
    await done(approve, approver(t), made);
    expect(await nodeNow(t, "Episode", episode)).toMatchObject({ status: "PUBLISHED", publishedAt });
  });

  it("isn't approved by who proposed it, nor in anybody's name", async () => {
    const { t, chain, ...made } = await proposed();
    for (const who of [
      t.person("ed", "tenant-admin"),
      { ...t.person("desk", "tenant-admin"), onBehalfOf: "ed" },
      { ...t.person("desk", "tenant-admin"), onBehalfOf: "zoe" },
    ])
      expect(codesOf(await act(approve, who, made)), JSON.stringify(who)).toEqual(["FORBIDDEN"]);
    expect(await statusOf(t, chain.episode)).toBe("IN_REVIEW");
  });

  it("isn't approved by who was told to approve no more", async () => {
    const { t, chain, ...made } = await proposed();
    const roles = (...given: string[]) =>
      done(registerPrincipal, t.caller("tenant-admin"), { key: "ann", name: "Ann", kind: "HUMAN", roles: given });
    await roles("auditor");
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["FORBIDDEN"]);
    expect(await statusOf(t, chain.episode)).toBe("IN_REVIEW");
    await roles("approver");
    expect(codesOf(await act(approve, approver(t), made))).toEqual([]);
  });

  it("isn't carried out for a proposer who lost the right to it", async () => {
    const { t, chain, ...made } = await proposed();
    await done(registerPrincipal, t.caller("tenant-admin"), {
      key: "ed",
      name: "Ed",
      kind: "HUMAN",
      roles: ["analyst"],
    });
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["FORBIDDEN"]);
    expect(await statusOf(t, chain.episode)).toBe("IN_REVIEW");
    expect((await nodeNow(t, "Proposal", made.proposalId)).status).toBe("OPEN");
  });

  it("isn't proposed by who could never carry it out", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    for (const role of ["analyst", "planner", "agent"] as const)
      expect(codesOf(await act(propose, t.person("someone", role), publishing(episode))), role).toContain("FORBIDDEN");
  });

  it("is proposed by an agent for its person, and approved by somebody who is neither", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    for (const [key, kind, role] of [
      ["ed", "HUMAN", "editor"],
      ["desk", "AGENT", "agent"],
    ] as const)
      await done(registerPrincipal, t.caller("tenant-admin"), { key, name: key, kind, roles: [role] });
    const agent = { ...t.person("desk", "agent"), onBehalfOf: "ed" };
    const made = await done(propose, agent, publishing(episode));
    expect(codesOf(await act(approve, t.person("ed", "tenant-admin"), made))).toContain("FORBIDDEN");
    await done(approve, approver(t), made);
    expect(await statusOf(t, episode)).toBe("PUBLISHED");
  });

  it("ends with a correction or a retraction, which are approved as well", async () => {
    const { t, chain, ...made } = await proposed();
    const subjectId = chain.episode;
    expect(codesOf(await act(propose, editor(t), { action: "retractEpisode", subjectId }))).toEqual(["CONFLICT"]);
    await done(approve, approver(t), made);
    for (const [action, status] of [
      ["correctEpisode", "CORRECTED"],
      ["retractEpisode", "RETRACTED"],
    ] as const) {
      await done(approve, approver(t), await done(propose, editor(t), { action, subjectId }));
      expect(await statusOf(t, subjectId)).toBe(status);
    }
    expect(codesOf(await act(propose, editor(t), { action: "correctEpisode", subjectId }))).toEqual(["CONFLICT"]);
  });
});

describe("an edit", () => {
  const EDITS: Record<string, (t: TestTenant, chain: Awaited<ReturnType<typeof buildChain>>) => Promise<unknown>> = {
    "of a claim": (t, { claim }) => done(setClaimStatus, editor(t), { claimId: claim, status: "NEEDS_RECHECK" }),
    "of a source": (t, { source }) =>
      nodeNow(t, "Source", source).then(({ url }) => done(registerSource, editor(t), { url, title: "Another title" })),
    "that adds a scene": (t, { episode }) =>
      done(createScene, editor(t), { episodeId: episode, title: "More", ordinal: 9_000 }),
    "that adds evidence": async (t, { claim }) =>
      done(linkEvidence, editor(t), { claimId: claim, factId: await buildFact(t), stance: "CONSIDERED" }),
    "that takes evidence away": (t, { claim, fact }) =>
      done(unlinkEvidence, editor(t), { claimId: claim, factId: fact, stance: "SUPPORTS" }),
  };

  it.each(Object.keys(EDITS))("%s voids the proposal until it is proposed anew", async (name) => {
    const { t, chain, ...made } = await proposed();
    await EDITS[name]!(t, chain);
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["CONTENT_CHANGED"]);
    expect(await statusOf(t, chain.episode)).toBe("IN_REVIEW");
    const again = await done(propose, editor(t), publishing(chain.episode));
    expect(again.proposalId).toBe(made.proposalId);
    expect(again.contentHash).not.toBe(made.contentHash);
    // What was seen before the edit isn't what is approved now.
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["CONTENT_CHANGED"]);
  });

  it("of something else voids nothing", async () => {
    const { t, chain, ...made } = await proposed();
    await buildScene(t, { episodeId: await buildEpisode(t) });
    await done(createTopic, editor(t), { title: "Beside the point" });
    await done(approve, approver(t), made);
    expect(await statusOf(t, chain.episode)).toBe("PUBLISHED");
  });
});

describe("the publish gate", () => {
  it("refuses what isn't fit, with the reasons, and whoever approves", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    await done(setClaimStatus, editor(t), { claimId: chain.claim, status: "WRONG" });
    const { url } = await nodeNow(t, "Source", chain.source);
    await done(registerSource, editor(t), { url, title: "The trial", status: "DEAD" });
    const empty = await buildEpisode(t);
    for (const [episode, words] of [
      [chain.episode, [/known to be wrong/, /SOURCE_DEAD: The source “The trial” is DEAD/]],
      [empty, [/no scenes/]],
    ] as const) {
      const answer = await act(approve, approver(t), await done(propose, editor(t), publishing(episode)));
      expect(codesOf(answer)).toEqual(["PUBLISH_GATE"]);
      for (const word of words) expect(answer.ok || answer.problems[0]!.message).toMatch(word);
      expect(await statusOf(t, episode)).toBe("IN_REVIEW");
    }
  });

  it("lets pass what an exemption names, on its channel and until it ends", async () => {
    const t = await newTenant();
    const admin = t.person("adm", "tenant-admin");
    const episode = await buildEpisode(t);
    const until = Date.now() + DAY_MS;
    const exemption = { subjectId: t.channelId, arguments: { rule: "publish-gate", until } };
    const direct = { subjectId: t.channelId, rule: "publish-gate", until };
    expect(codesOf(await act(grantExemption, admin, direct))).toEqual(["NEEDS_APPROVAL"]);
    await done(approve, approver(t), await done(propose, admin, { action: "grantExemption", ...exemption }));
    const made = await done(propose, editor(t), publishing(episode));
    await done(approve, approver(t), made);
    expect(await statusOf(t, episode)).toBe("PUBLISHED");
    const { result } = (await recordsOf(t.scope)).operations.find(({ command }) => command === "approve")!;
    expect(JSON.parse(String(result))).toHaveProperty("approvalId");
  });
});

describe("an exemption from approval", () => {
  it("has a person's proposal carried out at once, an agent's never, and ends when it is ended", async () => {
    const t = await newTenant();
    const admin = t.person("adm", "tenant-admin");
    const [first, second] = [await buildChain(t), await buildChain(t)];
    const granted = await done(propose, admin, {
      action: "grantExemption",
      subjectId: `Tenant:${t.id}`,
      arguments: { rule: "approval", until: Date.now() + DAY_MS },
    });
    await done(approve, approver(t), granted);
    await done(registerPrincipal, admin, { key: "ed", name: "Ed", kind: "HUMAN", roles: ["editor"] });
    await done(registerPrincipal, admin, { key: "desk", name: "Desk", kind: "AGENT", roles: ["agent"] });
    const byAgent = await done(propose, { ...t.person("desk", "agent"), onBehalfOf: "ed" }, publishing(second.episode));
    expect((await nodeNow(t, "Proposal", byAgent.proposalId)).status).toBe("OPEN");
    const { proposalId } = await done(propose, editor(t), publishing(first.episode));
    expect((await nodeNow(t, "Proposal", proposalId)).status).toBe("DONE");
    expect(await statusOf(t, first.episode)).toBe("PUBLISHED");
    const { events } = await recordsOf(t.scope);
    const exemptionId = String(events.find(({ type }) => type === "exemption.granted")!.subject);
    await done(endExemption, admin, { exemptionId });
    const third = await buildChain(t);
    await done(propose, editor(t), publishing(third.episode));
    expect(await statusOf(t, third.episode)).toBe("IN_REVIEW");
  });
});

describe("a kill switch", () => {
  const operator = (t: TestTenant) => t.person("op", "operator");

  it.each([
    ["the tenant", () => ({ scope: "TENANT" })],
    ["its channel", (t: TestTenant) => ({ scope: "CHANNEL", target: t.channelId })],
    ["publishing", () => ({ scope: "CAPABILITY", target: "episode.publish" })],
  ] as const)("on %s stops an approval, and lifting it lets it pass", async (_, target) => {
    const { t, chain, ...made } = await proposed();
    const { killSwitchId } = await done(setKillSwitch, operator(t), target(t));
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["KILL_SWITCH"]);
    expect(await statusOf(t, chain.episode)).toBe("IN_REVIEW");
    await done(liftKillSwitch, operator(t), { killSwitchId });
    expect(codesOf(await act(liftKillSwitch, operator(t), { killSwitchId }))).toEqual(["CONFLICT"]);
    await done(approve, approver(t), made);
  });

  it("on a channel stops its scenes, and leaves other channels alone", async () => {
    const t = await newTenant();
    const episode = await buildEpisode(t);
    await done(setKillSwitch, operator(t), { scope: "CHANNEL", target: t.channelId });
    const scene = { episodeId: episode, title: "More", ordinal: 1 };
    expect(codesOf(await act(createScene, editor(t), scene))).toEqual(["KILL_SWITCH"]);
    expect(codesOf(await act(createTopic, editor(t), { title: "Beside" }))).toEqual([]);
  });

  it("ends by itself", async () => {
    const t = await newTenant();
    const expiresAt = Date.now() + 700;
    await done(setKillSwitch, operator(t), { scope: "TENANT", expiresAt });
    expect(codesOf(await act(createTopic, editor(t), { title: "Too soon" }))).toEqual(["KILL_SWITCH"]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(codesOf(await act(createTopic, editor(t), { title: "Late enough" }))).toEqual([]);
  });

  it("names something that there is, and never the switches themselves", async () => {
    const t = await newTenant();
    for (const [input, path] of [
      [{ scope: "CHANNEL", target: "nothing" }, "target"],
      [{ scope: "CHANNEL" }, "target"],
      [{ scope: "CAPABILITY", target: "switch.write" }, "target"],
      [{ scope: "TENANT", target: "all" }, "target"],
      [{ scope: "TENANT", expiresAt: 1 }, "expiresAt"],
    ] as const)
      expect(await act(setKillSwitch, operator(t), input), JSON.stringify(input)).toMatchObject({
        ok: false,
        problems: [{ code: "BAD_INPUT", path }],
      });
  });
});

describe("a proposal", () => {
  it("is withdrawn by its proposer alone, and rejected by an approver; its episode is a draft again", async () => {
    const { t, chain, proposalId, contentHash } = await proposed();
    expect(codesOf(await act(withdraw, t.person("eve", "editor"), { proposalId }))).toEqual(["FORBIDDEN"]);
    await done(withdraw, editor(t), { proposalId });
    expect(await statusOf(t, chain.episode)).toBe("DRAFT");
    expect(codesOf(await act(approve, approver(t), { proposalId, contentHash }))).toEqual(["CONFLICT"]);
    const next = await done(propose, editor(t), publishing(chain.episode));
    expect(codesOf(await act(reject, editor(t), { proposalId: next.proposalId }))).toEqual(["FORBIDDEN"]);
    const { approvalId } = await done(reject, approver(t), { proposalId: next.proposalId });
    expect(await nodeNow(t, "Approval", approvalId)).toMatchObject({
      verdict: "REJECTED",
      contentHash: next.contentHash,
    });
    expect(await statusOf(t, chain.episode)).toBe("DRAFT");
    expect(codesOf(await act(approve, approver(t), next))).toEqual(["CONFLICT"]);
  });

  it("stands in the way of somebody else's", async () => {
    const { t, chain } = await proposed();
    expect(codesOf(await act(propose, t.person("eve", "editor"), publishing(chain.episode)))).toEqual(["CONFLICT"]);
  });

  it("is refused once it has expired, before any job says so, and the job says so once", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    const made = await done(propose, editor(t), { ...publishing(episode), expiresAt: Date.now() + 700 });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["CONFLICT"]);
    expect((await nodeNow(t, "Proposal", made.proposalId)).status).toBe("OPEN");
    const job = systemCaller(t.id);
    expect(await done(expireProposals, job, {})).toEqual({ proposals: 1, exemptions: 0, switches: 0, more: false });
    expect((await nodeNow(t, "Proposal", made.proposalId)).status).toBe("EXPIRED");
    expect(await statusOf(t, episode)).toBe("DRAFT");
    expect(await done(expireProposals, job, {})).toMatchObject({ proposals: 0 });
  });

  it("is done once, however often the approval is sent", async () => {
    const { t, chain, ...made } = await proposed();
    const input = { operationId: `test/twice/${chain.episode}`, ...made };
    const answers = await Promise.all([1, 2, 3].map(() => act(approve, approver(t), input)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(codesOf(await act(approve, approver(t), made))).toEqual(["CONFLICT"]);
    const { version } = await nodeNow(t, "Episode", chain.episode);
    // Drafted, in review, published.
    expect(version).toBe(3);
  });

  it("names its fields", async () => {
    const t = await newTenant();
    const episode = await buildEpisode(t);
    for (const [input, path] of [
      [{ action: "publishEpisode", subjectId: t.channelId }, "subjectId"],
      [{ ...publishing(episode), arguments: { publishedAt: "soon" } }, "arguments.publishedAt"],
      [{ ...publishing(episode), arguments: { publishedAt: Date.now() + 60_000 } }, "arguments.publishedAt"],
      [{ ...publishing(episode), arguments: { rule: "approval" } }, "arguments"],
      [{ ...publishing(episode), expiresAt: 1 }, "expiresAt"],
      [{ action: "breakThings", subjectId: episode }, "action"],
    ] as const)
      expect(await act(propose, editor(t), input), JSON.stringify(input)).toMatchObject({
        ok: false,
        problems: [{ code: "BAD_INPUT", path }],
      });
  });
});
