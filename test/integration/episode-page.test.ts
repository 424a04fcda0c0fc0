import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approve } from "../../server/domains/approval/approval.service.js";
import { reviseClaim, setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { linkEvidence, unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { done, nodeNow } from "../kit/approvals.js";
import { buildChain, buildClaim, buildEpisode, buildFact, buildScene, publish } from "../kit/build.js";
import { sealed } from "../kit/seal.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* What the pages of an episode and of governance ask, beyond what other pages do. */

const CLAIMS = `query ($id: ID!, $first: Int! = 20, $after: String, $asOf: DateTime) {
  episodeClaims(episodeId: $id, first: $first, after: $after, asOf: $asOf) {
    totalCount totalIsExact asOf pageInfo { hasNextPage endCursor } edges { node { claim { id } supportingFacts risks { kind detail } } } } }`;
const PACK = `query ($id: ID!, $asOf: DateTime) { evidencePack(episodeId: $id, asOf: $asOf) {
  itemCount contents { kind label count } difference { added { id } removed { id } changed { id before after } } } }`;
const STANDING = `query ($first: Int! = 20, $after: String, $channelId: ID, $asOf: DateTime) {
  governanceStanding(first: $first, after: $after, channelId: $channelId, asOf: $asOf) {
    totalCount asOf pageInfo { hasNextPage endCursor } edges { node { claims whole count rules { rule count } episode { id status } } } } }`;
const VERSIONS = `query ($first: Int! = 20, $after: String, $asOf: DateTime) {
  governanceVersions(first: $first, after: $after, asOf: $asOf) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { at by why command settings { version furtherGroups copyShare } proposal { id proposerName approvals { approverName } } } } } }`;

const iso = (instant: number): string => new Date(instant).toISOString();
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("what the pages of episodes ask", { timeout: 120_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  async function ask(t: TestTenant, query: string, variables: object = {}) {
    const { data, errors } = await api.ask(t.id, query, variables);
    expect(errors).toBeUndefined();
    return Object.values(data)[0] as never;
  }
  const stale = async (t: TestTenant, source: string, status: string) => {
    const { url, title } = await nodeNow(t, "Source", source);
    await done(registerSource, t.person("ed", "editor"), { url, title, status });
  };

  it("tells every claim of an episode, live or not, each once, with what makes it weak at the instant", async () => {
    const t = await newTenant();
    const facts = [await buildFact(t), await buildFact(t)];
    const sound = await buildClaim(t, { supports: facts });
    const bare = await buildClaim(t);
    const doubted = await buildClaim(t, { supports: facts });
    const episode = await buildEpisode(t);
    await buildScene(t, { episodeId: episode, claimIds: [sound, bare] });
    await buildScene(t, { episodeId: episode, claimIds: [sound, doubted] });
    await buildScene(t, { claimIds: [await buildClaim(t)] });
    const before = Date.now();
    await pause();
    await done(setClaimStatus, t.person("ed", "editor"), { claimId: doubted, status: "NEEDS_RECHECK" });
    type Row = { node: { claim: { id: string }; risks: { kind: string }[] } };
    type Page = { edges: Row[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } };
    const kinds = ({ edges }: Page) =>
      Object.fromEntries(edges.map(({ node }) => [node.claim.id, node.risks.map(({ kind }) => kind)]));
    const now: Page = await ask(t, CLAIMS, { id: episode });
    expect(now).toMatchObject({ totalCount: 3, totalIsExact: true, pageInfo: { hasNextPage: false } });
    expect(kinds(now)).toEqual({ [sound]: [], [bare]: ["SINGLE_SOURCE", "UNQUOTED"], [doubted]: ["STALE"] });
    expect(kinds(await ask(t, CLAIMS, { id: episode, asOf: iso(before) }))[doubted]).toEqual([]);
    const first: Page = await ask(t, CLAIMS, { id: episode, first: 2 });
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest: Page = await ask(t, CLAIMS, { id: episode, first: 2, after: first.pageInfo.endCursor });
    expect([...first.edges, ...rest.edges].map(({ node }) => node.claim.id)).toEqual(
      now.edges.map(({ node }) => node.claim.id),
    );
    const { errors } = await api.ask(t.id, CLAIMS, { id: `Episode:${"0".repeat(26)}` });
    expect(errors?.[0]?.extensions.code).toBe("NOT_FOUND");
  });

  it("counts what a pack holds, and tells what became of it since: what changed, came and went", async () => {
    const t = await newTenant();
    const { episode, claim, fact, source } = await buildChain(t);
    await publish(t, episode);
    type Pack = {
      itemCount: number;
      contents: { kind: string; label: string | null; count: number }[];
      difference: object;
    };
    const fresh: Pack = await ask(t, PACK, { id: episode });
    expect(fresh.difference).toEqual({ added: [], removed: [], changed: [] });
    expect(fresh.contents).toContainEqual({ kind: "node", label: "CLAIM", count: 1 });
    expect(fresh.contents).toContainEqual({ kind: "approval", label: null, count: 1 });
    expect(fresh.contents.reduce((sum, { count }) => sum + count, 0)).toBe(fresh.itemCount);
    const another = await buildFact(t);
    await done(linkEvidence, t.person("ed", "editor"), { claimId: claim, factId: another, stance: "SUPPORTS" });
    await done(unlinkEvidence, t.person("ed", "editor"), { claimId: claim, factId: fact, stance: "SUPPORTS" });
    const { version } = await nodeNow(t, "Claim", claim);
    await done(reviseClaim, t.person("ed", "editor"), { claimId: claim, text: "Said otherwise since.", version });
    const { difference }: Pack = await ask(t, PACK, { id: episode });
    expect(difference).toMatchObject({
      changed: [{ id: claim, after: expect.stringContaining("Said otherwise since.") }],
    });
    const { added, removed } = difference as { added: { id: string }[]; removed: { id: string }[] };
    expect(added.map(({ id }) => id)).toContain(another);
    expect(removed.map(({ id }) => id)).toEqual(expect.arrayContaining([fact, source]));
  });

  it("holds drafts and live episodes against the rules, the newest first, by page and by channel", async () => {
    const t = await newTenant();
    const live = await buildChain(t);
    await publish(t, live.episode);
    await stale(t, live.source, "DEAD");
    const clean = await buildChain(t);
    const bare = await buildEpisode(t);
    await buildScene(t, { episodeId: bare, claimIds: [await buildClaim(t)] });
    type Page = {
      edges: { node: { count: number; rules: object[]; episode: { id: string } } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const page: Page = await ask(t, STANDING, {});
    expect(page).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false } });
    expect(page.edges.map(({ node }) => [node.episode.id, node.rules])).toEqual([
      [bare, [{ rule: "CLAIM_UNQUOTED", count: 1 }]],
      [clean.episode, []],
      [live.episode, [{ rule: "SOURCE_DEAD", count: 1 }]],
    ]);
    const first: Page = await ask(t, STANDING, { first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest: Page = await ask(t, STANDING, { first: 2, after: first.pageInfo.endCursor });
    expect(rest.edges.map(({ node }) => node.episode.id)).toEqual([live.episode]);
    expect(await ask(t, STANDING, { channelId: t.channelId })).toMatchObject({ totalCount: 3 });
    const { errors } = await api.ask(t.id, STANDING, { first: 51 });
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "first" });
  });

  it("tells each version of the settings, who proposed and who approved it", async () => {
    const t = await newTenant();
    expect(await ask(t, VERSIONS)).toMatchObject({ totalCount: 0, edges: [] });
    const set = async (change: object) => {
      await sealed(t);
      const asked = { action: "setGovernance", subjectId: `Tenant:${t.id}`, arguments: change };
      const made = await done(propose, t.person("ada", "tenant-admin"), asked);
      await done(approve, t.person("ann", "approver"), made);
      return made.proposalId;
    };
    const [one, two] = [await set({ furtherGroups: 1 }), await set({ copyShare: 0.8 })];
    type Page = { edges: { node: { at: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    const page: Page = await ask(t, VERSIONS);
    expect(page).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: false },
      edges: [
        { node: { settings: { version: 2, furtherGroups: 1, copyShare: 0.8 }, proposal: { id: two } } },
        {
          node: {
            settings: { version: 1, furtherGroups: 1, copyShare: 0.9 },
            proposal: { id: one, proposerName: "ada", approvals: [{ approverName: "ann" }] },
          },
        },
      ],
    });
    const first: Page = await ask(t, VERSIONS, { first: 1 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(await ask(t, VERSIONS, { first: 1, after: first.pageInfo.endCursor })).toMatchObject({
      edges: [{ node: { settings: { version: 1 } } }],
      pageInfo: { hasNextPage: false },
    });
    const between = iso(Date.parse(page.edges[0]!.node.at) - 1);
    expect(await ask(t, VERSIONS, { asOf: between })).toMatchObject({ totalCount: 1 });
  });

  it("lists episodes from the newest on, and by words of their title", async () => {
    const t = await newTenant();
    const ids: string[] = [];
    for (const title of ["Heat pumps in winter", "Bridges", "WINTER roads"]) ids.push(await buildEpisode(t, { title }));
    const list = async (given: string, page: object = {}) => {
      const { data, errors } = await api.ask(
        t.id,
        `query ($first: Int! = 20, $after: String) { episodes(first: $first, after: $after, newestFirst: true${given}) {
          totalCount pageInfo { endCursor hasNextPage } edges { node { id } } } }`,
        page,
      );
      expect(errors).toBeUndefined();
      return data.episodes as {
        totalCount: number;
        pageInfo: { endCursor: string };
        edges: { node: { id: string } }[];
      };
    };
    const of = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id);
    expect(of(await list(""))).toEqual(ids.toReversed());
    const first = await list("", { first: 2 });
    expect(of(await list("", { first: 2, after: first.pageInfo.endCursor }))).toEqual([ids[0]]);
    const winter = await list(', filter: {title: " winter  "}');
    expect([of(winter), winter.totalCount]).toEqual([[ids[2], ids[0]], 2]);
    expect(of(await list(`, filter: {title: "pumps WINTER", channelId: "${t.channelId}", status: [DRAFT]}`))).toEqual([
      ids[0],
    ]);
    expect(of(await list(', filter: {title: "summer"}'))).toEqual([]);
    const many = await api.ask(t.id, `{ episodes(filter: {title: "${"a ".repeat(21)}"}) { totalCount } }`);
    expect(many.errors?.[0]?.extensions).toMatchObject({ code: "BAD_INPUT", field: "filter.title" });
    const other = await api.ask(t.id, `query ($after: String) { episodes(after: $after) { totalCount } }`, {
      after: first.pageInfo.endCursor,
    });
    expect(other.errors?.[0]?.extensions.code).toBe("BAD_INPUT");
  });
});
