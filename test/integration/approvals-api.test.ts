import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startApi, type GraphQLAnswer, type TestApi } from "../kit/api.js";
import { done } from "../kit/approvals.js";
import { buildChain, buildScene } from "../kit/build.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

vi.setConfig({ testTimeout: 120_000 });

/* What the approvals' page is made of, over HTTP. */

const PROPOSAL = `id status action title reason proposer needed contentHash stale obstacles arguments
  subject { id title } approvals { verdict approver contentHash }
  difference { added { title } removed { title } changed { id before after } contentHash }
  proposed: difference(since: PROPOSED) { added { title } removed { title } changed { id before after } contentHash }`;

describe("approvals over HTTP", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const token = (t: TestTenant, actor: string, ...roles: Role[]) => ({ t, actor, roles });
  type Who = ReturnType<typeof token>;

  async function ask({ t, actor, roles }: Who, query: string, variables: object = {}) {
    const bearer = await issueToken(api.keys, { actor, name: actor, tenantId: t.id, roles, region: "local" }, 600);
    const answer = await fetch(`${api.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await answer.json()) as GraphQLAnswer;
    expect(errors, query).toBeUndefined();
    return data;
  }

  async function mutate(who: Who, name: string, input: object, answer: string) {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation Approvals_Test($input: ${type}!) { done: ${name}(input: $input) { ${answer} problems { code path message } } }`;
    return (await ask(who, query, { input: { operationId: operationId(), reason: "a test", ...input } })).done;
  }
  async function listed(who: Who, filter: string) {
    const query = `query Approvals_List { proposals(filter: ${filter}) { edges { node { ${PROPOSAL} } } } }`;
    return (await ask(who, query)).proposals.edges.map(({ node }: { node: object }) => node);
  }

  it("proposes, shows what was edited since, and publishes what was proposed anew", async () => {
    const t = await newTenant();
    const chain = await buildChain(t);
    const [ed, ann] = [token(t, "ed", "editor"), token(t, "ann", "approver")];
    const asked = { action: "publishEpisode", subjectId: chain.episode };
    const { proposal } = await mutate(ed, "propose", asked, `proposal { ${PROPOSAL} }`);
    const nothing = { added: [], removed: [], changed: [] };
    expect(proposal).toMatchObject({
      status: "OPEN",
      proposer: "ed",
      needed: 1,
      stale: false,
      obstacles: [],
      subject: { id: chain.episode },
      approvals: [],
      difference: null,
      proposed: { ...nothing, contentHash: proposal.contentHash },
    });
    await done(setClaimStatus, t.person("ed", "editor"), { claimId: chain.claim, status: "WRONG" });
    await buildScene(t, { episodeId: chain.episode, title: "Slipped in" });
    const [stale] = await listed(ann, `{ status: [OPEN], subjectId: "${chain.episode}" }`);
    expect(stale.stale).toBe(true);
    expect(stale.obstacles).toHaveLength(1);
    expect(stale.proposed.added).toEqual([{ title: "Slipped in" }]);
    expect(stale.proposed.changed).toEqual(
      expect.arrayContaining([
        { id: chain.claim, before: "version: 1\nstatus: STATED", after: "version: 2\nstatus: WRONG" },
      ]),
    );
    const named = { proposalId: proposal.id, contentHash: proposal.contentHash };
    expect(await mutate(ann, "approve", named, "proposal { id }")).toMatchObject({
      proposal: null,
      problems: [{ code: "CONTENT_CHANGED", path: "contentHash" }],
    });
    await done(setClaimStatus, t.person("ed", "editor"), { claimId: chain.claim, status: "STATED" });
    const again = await mutate(ed, "propose", asked, "proposal { id contentHash }");
    expect(again.proposal.id).toBe(proposal.id);
    const { contentHash } = again.proposal;
    const approved = await mutate(
      ann,
      "approve",
      { proposalId: proposal.id, contentHash },
      `approval { approver reason } proposal { ${PROPOSAL} }`,
    );
    expect(approved).toMatchObject({
      problems: [],
      approval: { approver: "ann", reason: "a test" },
      proposal: {
        status: "DONE",
        approvals: [{ verdict: "APPROVED", approver: "ann", contentHash }],
        difference: { ...nothing, contentHash },
      },
    });
    // What is proposed next is compared with what was approved last.
    await done(setClaimStatus, t.person("ed", "editor"), { claimId: chain.claim, status: "NEEDS_RECHECK" });
    const correcting = { action: "correctEpisode", subjectId: chain.episode };
    const next = await mutate(ed, "propose", correcting, `proposal { ${PROPOSAL} }`);
    expect(next.proposal.difference).toMatchObject({ contentHash, changed: [{ id: chain.claim }] });
    expect(next.proposal.proposed).toMatchObject(nothing);
    expect(await listed(ann, "{ mine: true }")).toEqual([]);
    expect((await listed(ann, "{ action: [publishEpisode] }")).map(({ id }: { id: string }) => id)).toEqual([
      proposal.id,
    ]);
  });

  it("withdraws and rejects", async () => {
    const t = await newTenant();
    const { episode } = await buildChain(t);
    const [ed, ann] = [token(t, "ed", "editor"), token(t, "ann", "approver")];
    const asked = { action: "publishEpisode", subjectId: episode };
    const first = (await mutate(ed, "propose", asked, "proposal { id }")).proposal.id;
    expect(await mutate(ed, "withdraw", { proposalId: first }, "proposal { status }")).toMatchObject({
      proposal: { status: "WITHDRAWN" },
    });
    const second = (await mutate(ed, "propose", asked, "proposal { id }")).proposal.id;
    expect(
      await mutate(ann, "reject", { proposalId: second }, "proposal { status } approval { verdict }"),
    ).toMatchObject({
      proposal: { status: "REJECTED" },
      approval: { verdict: "REJECTED" },
    });
  });

  it("grants an exemption and ends it; an ADR reference stands in the audit", async () => {
    const t = await newTenant();
    const [admin, ann] = [token(t, "adm", "tenant-admin"), token(t, "ann", "approver")];
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const asked = {
      action: "grantExemption",
      subjectId: t.channelId,
      arguments: { rule: "PUBLISH_GATE", until },
      adr: "docs/adr/0004",
    };
    const { proposal } = await mutate(admin, "propose", asked, "proposal { id contentHash }");
    await mutate(ann, "approve", { proposalId: proposal.id, contentHash: proposal.contentHash }, "proposal { status }");
    const query = `query Approvals_Exemptions { exemptions(filter: { status: [ACTIVE], rule: [PUBLISH_GATE] }) {
      edges { node { id rule channelId status reason expiresAt } } } }`;
    const { node } = (await ask(ann, query)).exemptions.edges[0];
    expect(node).toMatchObject({ rule: "PUBLISH_GATE", channelId: t.channelId, reason: "a test", expiresAt: until });
    const ended = await mutate(admin, "endExemption", { exemptionId: node.id }, "exemption { status }");
    expect(ended).toMatchObject({ exemption: { status: "ENDED" } });
    const { audit } = await recordsOf(t.scope);
    expect(audit.filter(({ command }) => command === "propose")).toMatchObject([{ adr: "docs/adr/0004" }]);
  });

  it("sets, lists and lifts kill switches", async () => {
    const t = await newTenant();
    const op = token(t, "op", "operator");
    const set = await mutate(
      op,
      "setKillSwitch",
      { scope: "CHANNEL", target: t.channelId },
      "killSwitch { id active }",
    );
    expect(set.killSwitch.active).toBe(true);
    const list = async (active: boolean) =>
      (
        await ask(
          op,
          `query Approvals_Switches { killSwitches(active: ${active}) { edges { node { id scope target reason setBy active } } } }`,
        )
      ).killSwitches.edges.map((edge: { node: object }) => edge.node);
    expect(await list(true)).toMatchObject([{ scope: "CHANNEL", target: t.channelId, reason: "a test", setBy: "op" }]);
    const { id } = set.killSwitch;
    expect(await mutate(op, "liftKillSwitch", { killSwitchId: id }, "killSwitch { active }")).toMatchObject({
      killSwitch: { active: false },
    });
    expect([await list(true), (await list(false)).map((one: { active: boolean }) => one.active)]).toEqual([
      [],
      [false],
    ]);
  });
});
