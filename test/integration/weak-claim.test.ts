import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { issueToken } from "../../server/identity/tokens.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { saveInvestigation, shareInvestigation } from "../../server/domains/investigation/investigation.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { DEFAULT_REGION } from "../../server/config.js";
import { startApi, type TestApi } from "../kit/api.js";
import { done } from "../kit/approvals.js";
import { fallingPairs, haveRevisions, importRevision, REVISIONS, stateSomeLive } from "../kit/revisions.js";
import { sealed } from "../kit/seal.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

// oxlint-disable-next-line no-console -- a skipped test says so
if (!haveRevisions) console.warn(`SKIPPED: there is no ${REVISIONS}; set THROUGHLINE_DATA to ask about real claims`);

const FIND = `query ($asOf: DateTime) { weakest(first: 20, asOf: $asOf) {
  asOf totalCount
  edges { node { claim { id title } episodes { id title } risks { kind since by why operationId command detail sourceIds } } }
} }`;
const QUOTES = `query ($id: ID!, $asOf: DateTime) { node(id: $id, asOf: $asOf) { ... on Claim {
  title status recheckReason recheckSince
  evidence { stance basis fact { quote { prefix exact suffix } snapshot { revision text source { id title status } } } }
} } }`;
const HISTORY = `query ($id: ID!, $asOf: DateTime) { history(id: $id, first: 50, asOf: $asOf) { edges { node {
  at kind by why operationId command properties { name before after }
} } } }`;
const CHANGED = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
  lineageDiff(id: $id, direction: UPSTREAM, depth: 4, from: $from, to: $to) {
    changed { nodes { at by why node { id } properties { name before after } } }
  }
}`;

interface Risk {
  readonly kind: string;
  readonly since: string;
  readonly by: string;
  readonly why: string;
  readonly operationId: string;
  readonly command: string;
  readonly sourceIds: readonly string[];
}
interface Weak {
  readonly claim: { readonly id: string; readonly title: string };
  readonly episodes: readonly { readonly id: string }[];
  readonly risks: readonly Risk[];
}
interface Evidence {
  readonly stance: string;
  readonly basis: string;
  readonly fact: {
    readonly quote: { readonly prefix: string; readonly exact: string; readonly suffix: string };
    readonly snapshot: {
      readonly revision: string;
      readonly text: string;
      readonly source: { readonly id: string; readonly title: string; readonly status: string };
    };
  };
}
interface Change {
  readonly at: string;
  readonly kind: string;
  readonly by: string;
  readonly why: string;
  readonly operationId: string;
  readonly command: string;
  readonly properties: readonly { readonly name: string; readonly before: string | null; readonly after: string }[];
}

/** What somebody asks one after the other, of one instant: which claim is the weakest, on what words, since when and by whom. */
interface Story {
  readonly asOf: string;
  readonly all: readonly Weak[];
  readonly weakest: Weak;
  readonly claim: { status: string; recheckReason: string | null; recheckSince: string | null; evidence: Evidence[] };
  readonly history: readonly Change[];
  readonly changed: readonly { readonly node: { readonly id: string } }[];
}

describe.skipIf(!haveRevisions)("the weakest of imported claims that are live", { timeout: 240_000 }, () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  const asking = (t: TestTenant, actor: string, ...roles: Role[]) => {
    const who = { actor, name: actor, tenantId: t.id, roles, region: DEFAULT_REGION };
    return async (query: string, variables: object) => {
      const answer = await fetch(`${api.url}/graphql`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${await issueToken(api.keys, who, 600)}`,
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await answer.json()) as Awaited<ReturnType<TestApi["ask"]>>;
      expect(errors).toBeUndefined();
      return data;
    };
  };
  type Ask = ReturnType<typeof asking>;

  async function storyOf(ask: Ask, at: string | null = null): Promise<Story> {
    const { asOf, edges } = (await ask(FIND, { asOf: at })).weakest;
    const all = (edges as { node: Weak }[]).map(({ node }) => node);
    const weakest = all[0]!;
    const about = { id: weakest.claim.id, asOf };
    const from = new Date(Date.parse(weakest.risks[0]!.since) - 1).toISOString();
    return {
      asOf,
      all,
      weakest,
      claim: (await ask(QUOTES, about)).node,
      history: (await ask(HISTORY, about)).history.edges.map(({ node }: { node: Change }) => node),
      changed: (await ask(CHANGED, { id: about.id, from, to: asOf })).lineageDiff.changed.nodes,
    };
  }

  const pairs = haveRevisions ? fallingPairs(40) : [];

  /** Ana keeps the view at the instant for the studio; Eve opens it and sees the same, whatever happens afterwards. */
  async function shares(t: TestTenant, story: Story): Promise<void> {
    const { id } = story.weakest.claim;
    const address = `/lineage/${id}?direction=upstream&depth=4&since=${story.weakest.risks[0]!.since}&asOf=${story.asOf}`;
    const ana = t.person("ana", "analyst");
    const kept = await done(saveInvestigation, ana, { title: "Why it is weak", state: JSON.stringify({ address }) });
    await done(shareInvestigation, ana, { investigationId: kept.investigationId });
    const eve = asking(t, "eve", "executive");
    const opened = async (): Promise<Story> => {
      const { investigations } = await eve("{ investigations(of: SHARED) { edges { node { id } } } }", {});
      expect(investigations.edges.map(({ node }: { node: { id: string } }) => node.id)).toContain(kept.investigationId);
      const { investigation } = await eve("query ($id: ID!) { investigation(id: $id) { state ownerName mine } }", {
        id: kept.investigationId,
      });
      expect(investigation).toMatchObject({ ownerName: "ana", mine: false });
      const link = new URL((JSON.parse(investigation.state) as { address: string }).address, api.url);
      expect(link.pathname).toBe(`/lineage/${id}`);
      return storyOf(eve, link.searchParams.get("asOf"));
    };
    expect(await opened()).toEqual(story);
    const status = story.claim.status === "STATED" ? "NEEDS_RECHECK" : "STATED";
    await done(setClaimStatus, t.person("ed", "editor"), { claimId: id, status, reason: "looked at it" });
    expect(await opened()).toEqual(story);
    expect((await eve(QUOTES, { id })).node.status).toBe(status);
  }

  it("is found with its quote, when and why a newer revision made it weak, and shared", async () => {
    const t = await newTenant();
    await importRevision(api, t, pairs, "older");
    const { episode, live } = await stateSomeLive(api, t);
    const ana = asking(t, "ana", "analyst");
    const before = await storyOf(ana);
    // Each stands on one page alone, and nothing else is known against any of them.
    expect(before.all.map(({ claim, risks }) => [claim.id, ...risks.map(({ kind }) => kind)])).toEqual(
      live.toSorted().map((id) => [id, "SINGLE_SOURCE"]),
    );
    await importRevision(api, t, pairs, "newer");

    const story = await storyOf(ana);
    const { weakest, claim, history, changed } = story;
    expect(weakest.risks.map(({ kind }) => kind)).toContain("STALE");
    expect(weakest.episodes).toMatchObject([{ id: episode }]);
    const pair = pairs.find(({ older }) => older.claim === weakest.claim.title)!;
    // Its quote, to the letter in the snapshot of the older revision.
    const quoted = claim.evidence.filter(({ stance }) => stance === "SUPPORTS").map(({ fact }) => fact);
    expect(quoted.map(({ quote, snapshot }) => [quote.exact, snapshot.revision])).toEqual([[pair.older.evidence, "1"]]);
    for (const { quote, snapshot } of quoted)
      expect(snapshot.text).toContain(`${quote.prefix}${quote.exact}${quote.suffix}`);
    // When, by whom and why: the list, the claim, its history and the difference of two instants say the same.
    const stale = weakest.risks.find(({ kind }) => kind === "STALE")!;
    expect(claim).toMatchObject({
      status: "NEEDS_RECHECK",
      recheckSince: stale.since,
      recheckReason: expect.stringMatching(/^Its support dropped: “.*, revision 2” now says less of it/),
    });
    const told = { at: stale.since, by: "Tess Tester", why: "Imported from newer.jsonl" };
    expect(stale).toMatchObject({ by: told.by, why: told.why, command: "importClaims" });
    const turn = history.find(({ at, kind }) => kind === "REVISED" && at === stale.since)!;
    expect(turn).toMatchObject({ ...told, operationId: stale.operationId, command: stale.command });
    expect(turn.properties).toContainEqual(
      expect.objectContaining({ name: "status", before: "STATED", after: "NEEDS_RECHECK" }),
    );
    expect(changed).toContainEqual(expect.objectContaining({ ...told, node: { id: weakest.claim.id } }));
    // Before that it wasn't.
    const earlier = await ana(FIND, { asOf: new Date(Date.parse(stale.since) - 1).toISOString() });
    expect(JSON.stringify(earlier)).not.toContain("STALE");
    await shares(t, story);
  });

  it("is the one whose source was retracted, by whom and why, until the view of before is asked for", async () => {
    const t = await newTenant();
    await importRevision(api, t, pairs, "older");
    const { live } = await stateSomeLive(api, t);
    const ana = asking(t, "ana", "analyst");
    const last = (await storyOf(ana)).all.at(-1)!;
    const source = last.risks[0]!.sourceIds[0]!;
    await sealed(t);
    const reason = "the page was withdrawn";
    const asked = await done(propose, t.person("ana", "analyst"), {
      action: "retractSource",
      subjectId: source,
      reason,
    });
    await done(approve, t.person("ann", "approver"), { ...asked, reason: "I read the withdrawal" });

    const story = await storyOf(ana);
    expect(story.all).toHaveLength(live.length);
    expect(story.weakest.claim.id).toBe(last.claim.id);
    expect(story.weakest.risks[0]).toMatchObject({
      kind: "RETRACTED",
      by: "ann",
      why: "I read the withdrawal",
      sourceIds: [source],
    });
    expect(story.claim.evidence[0]!.fact.snapshot.source).toMatchObject({ id: source, status: "RETRACTED" });
    expect(story.claim).toMatchObject({ status: "NEEDS_RECHECK", recheckReason: expect.stringContaining(reason) });
    expect(story.history.find(({ at }) => at === story.weakest.risks[0]!.since)).toMatchObject({
      kind: "REVISED",
      operationId: story.weakest.risks[0]!.operationId,
    });
    expect(story.changed.map(({ node }) => node.id)).toEqual(expect.arrayContaining([last.claim.id, source]));
    await shares(t, story);
  });
});
