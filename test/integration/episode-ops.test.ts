import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { linkVerbatim } from "../../server/domains/evidence/evidence.service.js";
import { readDocuments } from "../../server/domains/run/record.service.js";
import { resumeRun, startRun } from "../../server/domains/run/run.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { importPageFolder, runInputOf } from "../../server/imports/page-folder.js";
import { ownInstallation } from "../../server/pipeline/desk.js";
import { readerOf } from "../../server/pipeline/office.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import { buildClaim, buildFact, buildTopic } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices, recordOf, triesOf } from "../kit/pipeline.js";
import { sealed } from "../kit/seal.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* The whole episode flow: from two pages to an episode that others approve, and what keeps it from being proposed. */

const PAGES: Readonly<Record<string, readonly string[]>> = {
  "bridge.html": [
    "The bridge of Basel was opened on 4 May 1932 by Anna Berg.",
    "The Wettstein bridge of Basel cost 2,400,000 francs in 1879.",
    "Basel has 7 bridges across the Rhine today.",
  ],
  "river.html": [
    "The Rhine at Basel is 200 metres wide in summer.",
    "The ferry of Basel carries 120,000 people a year.",
    "In 1225 Bishop Heinrich von Thun had the first bridge of Basel built.",
  ],
};
const [OPENED] = PAGES["bridge.html"]!;

const onTheGraph = defineQuery({
  name: "testEpisodesOfTopic",
  mode: "read",
  scope: "tenant",
  params: params<{ topicId: string }>(),
  cypher: `MATCH (t:Topic {tenantId: $tenantId, id: $topicId})<-[:ABOUT]-(e:Episode)
OPTIONAL MATCH (e)-[:HAS_SCENE]->(s:Scene)
OPTIONAL MATCH (s)-[:STATES]->(c:Claim)
OPTIONAL MATCH (c)-[r:SUPPORTED_BY]->(f:Fact)-[:QUOTED_FROM]->(:Snapshot)-[:HAS_BODY]->(b:Body)
OPTIONAL MATCH (e)<-[:ABOUT]-(d:Decision)
RETURN "Episode:" + e.id AS id, e.status AS status, count(DISTINCT s) AS scenes,
  collect(DISTINCT CASE WHEN c IS NOT NULL THEN [c.title, r.basis, b.text CONTAINS f.quoteExact AND b.text CONTAINS c.title] END) AS claims,
  collect(DISTINCT d.outcome) AS decisions`,
  row: z.object({
    id: z.string(),
    status: z.string(),
    scenes: z.number(),
    claims: z.array(z.tuple([z.string(), z.string().nullable(), z.boolean().nullable()])),
    decisions: z.array(z.string()),
  }),
});
const episodesAbout = (t: TestTenant, topicId: string) =>
  testGraph().read(t.scope, onTheGraph, { topicId: parseNodeId(topicId)!.id });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-ops-"));
  for (const [name, sentences] of Object.entries(PAGES)) {
    const text = sentences.map((sentence) => `<p>${sentence}</p>`).join("\n");
    const head = `<meta charset="utf-8"><title>About ${name}</title>`;
    await writeFile(
      join(folder, name),
      `<!doctype html><html><head>${head}</head><body><article>${text}</article></body></html>`,
    );
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const services = () => pipelineServices(ownInstallation());

async function run(t: TestTenant, starter = t.person("ed", "editor")) {
  const caller = t.caller("tenant-admin");
  const imported = await importPageFolder(services(), { caller, folder, reason: "a test" });
  for (const sourceId of imported.sourceIds) await done(setSourceRating, caller, { sourceId, tier: 2 });
  const topicId = await buildTopic(t, { title: "The bridges of Basel" });
  const { runId } = await done(startRun, starter, {
    flow: "episode",
    ...services().pipeline.resolve("episode"),
    topicId,
    channelId: t.channelId,
    input: JSON.stringify(runInputOf(imported)),
  });
  await drive(t, services());
  return { runId, topicId, record: await recordOf(t, runId) };
}

async function opsOf(t: TestTenant, runId: string) {
  const { stages } = await recordOf(t, runId);
  const hash = stages.filter(({ stage, status }) => stage === "ops" && status === "DONE").at(-1)!.outputHash!;
  const documents = await readDocuments(readerOf(testGraph(), t.id), [hash]);
  return documents.get(hash) as { episode_id: string; proposal_id: string };
}

describe("an episode's way to being published", { timeout: 240_000 }, () => {
  it("ends at a proposal, and with its approval the episode is live, every claim on a quote, its evidence frozen", async () => {
    const t = await newTenant();
    const { runId, topicId, record } = await run(t);
    expect([record.run.status, record.run.problem]).toEqual(["DONE", null]);
    const { episode_id, proposal_id } = await opsOf(t, runId);
    const [episode, ...others] = await episodesAbout(t, topicId);
    expect(others).toEqual([]);
    expect(episode).toMatchObject({ id: episode_id, status: "IN_REVIEW", decisions: ["READY"] });
    expect(episode!.scenes).toBeGreaterThan(2);
    expect(episode!.claims.length).toBeGreaterThan(1);
    for (const [claim, basis, quoted] of episode!.claims)
      expect([claim, basis, quoted]).toEqual([claim, "VERBATIM", true]);
    const { contentHash } = await nodeNow(t, "Proposal", proposal_id);
    await sealed(t);
    expect(codesOf(await act(approve, t.person("ed", "editor"), { proposalId: proposal_id, contentHash }))).toContain(
      "FORBIDDEN",
    );
    await done(approve, t.person("ann", "approver"), { proposalId: proposal_id, contentHash });
    expect((await nodeNow(t, "Episode", episode_id)).status).toBe("PUBLISHED");
    expect((await nodeNow(t, "Proposal", proposal_id)).packSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("stops at what is known to be wrong, tells it, and goes on with the same draft once that is mended", async () => {
    const t = await newTenant();
    const admin = t.caller("tenant-admin");
    const { claimId } = await done(stateClaim, admin, { text: OPENED });
    await done(setClaimStatus, admin, { claimId, status: "WRONG" });
    const { runId, topicId, record } = await run(t);
    expect([record.run.status, record.run.outcome]).toEqual(["FAILED", "NOT_READY"]);
    expect(record.run.problem).toMatch(/known to be wrong.*PUBLISH_GATE.*The draft is Episode:/);
    const [draft] = await episodesAbout(t, topicId);
    expect(draft).toMatchObject({ status: "DRAFT", decisions: ["NOT_READY"] });
    await done(setClaimStatus, admin, { claimId, status: "STATED" });
    await done(resumeRun, t.person("ed", "editor"), { runId });
    await drive(t, services());
    expect((await triesOf(t, runId)).slice(-2)).toEqual(["ops/1 FAILED NOT_READY", "ops/2 DONE OK"]);
    expect(await episodesAbout(t, topicId)).toMatchObject([
      { id: draft!.id, status: "IN_REVIEW", scenes: draft!.scenes },
    ]);
  });

  it("ends refused for who may start runs and not propose, with the reason", async () => {
    const t = await newTenant();
    const { record, topicId } = await run(t, t.person("pat", "planner"));
    expect([record.run.status, record.run.outcome]).toEqual(["FAILED", "REFUSED"]);
    expect(record.run.problem).toMatch(/no role of theirs has the capability/);
    expect((await episodesAbout(t, topicId)).filter(({ status }) => status !== "DRAFT")).toEqual([]);
  });
});

describe("support word for word", { timeout: 120_000 }, () => {
  it("is what the quote says as a whole sentence, and nothing less", async () => {
    const t = await newTenant();
    const factId = await buildFact(t, { quote: "the bridge is long. It has 53 spans." });
    const [said, part] = [
      await buildClaim(t, { text: "It has 53 spans." }),
      await buildClaim(t, { text: "53 spans." }),
    ];
    await done(linkVerbatim, t.caller("editor"), { claimId: said, factId });
    const refused = await act(linkVerbatim, t.caller("editor"), { claimId: part, factId });
    expect(codesOf(refused)).toEqual(["QUOTE_NOT_FOUND"]);
  });
});
