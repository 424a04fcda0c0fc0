import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { createExecutors, readExecutorSettings } from "../../server/pipeline/executors/settings.js";
import { givenSecrets } from "../../server/secrets/secrets.js";
import { reply, startModelServer, type ModelServer } from "../kit/model-server.js";
import type { EpisodeDocument } from "../../graph-schema/documents/episode.js";
import type { Research } from "../../graph-schema/documents/research.js";
import { readDocuments } from "../../server/domains/run/record.service.js";
import { findQuote } from "../../server/domains/fact/quote.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { importPageFolder, runInputOf } from "../../server/imports/page-folder.js";
import { embeddedExecutors } from "../../server/pipeline/executors/embedded.js";
import { readCited } from "../../server/pipeline/executors/qa.js";
import type { Qa, Script } from "../../server/pipeline/executors/stage-documents.js";
import { plainTemplate, type EpisodeTemplate } from "../../server/pipeline/executors/template.js";
import { loadFlows } from "../../server/pipeline/flows.js";
import { readerOf, register, type Installation } from "../../server/pipeline/office.js";
import { TASKS } from "../../server/pipeline/tasks.js";
import type { Services } from "../../server/services.js";
import { done } from "../kit/approvals.js";
import { buildTopic } from "../kit/build.js";
import { environment } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices, recordOf, triesOf } from "../kit/pipeline.js";
import { resumeRun, startRun } from "../../server/domains/run/run.service.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/*
 * The episode flow through the real engine, database and executors, on pages as they are found: up to QA, since bringing an
 * episode to its proposal is a stage of its own.
 */

const ARTICLES = join(environment.data, "html_articles");

/** The episode flow as it comes, without its last stage. */
function upToQa(templateOf: (channelId: string) => EpisodeTemplate = plainTemplate): Installation {
  const flow = loadFlows().get("episode")!;
  return {
    flows: new Map([["episode", { ...flow, stages: flow.stages.filter(({ name }) => name !== "ops") }]]),
    tasks: TASKS,
    executors: register(embeddedExecutors(templateOf), TASKS),
  };
}

/** The same with a try fewer, so that what fails does so soon. */
function quick(services: Services): Services {
  const { flows, ...rest } = services.pipeline.installation;
  const flow = flows.get("episode")!;
  const stages = flow.stages.map((stage) =>
    stage.name === "research" ? { ...stage, retries: 1, backoff: { ...stage.backoff, first: "10ms" } } : stage,
  );
  return pipelineServices({ ...rest, flows: new Map([["episode", { ...flow, stages }]]) });
}

const setStatus = defineQuery({
  name: "testSetSourceStatus",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; status: string }>(),
  cypher: "MATCH (s:Source {tenantId: $tenantId, id: $id}) SET s.status = $status",
  row: noRow,
});
const countFacts = defineQuery({
  name: "testCountFacts",
  mode: "read",
  scope: "tenant",
  params: params<object>(),
  cypher: "MATCH (f:Fact {tenantId: $tenantId}) RETURN count(f) AS n",
  row: z.object({ n: z.number() }),
});
const plantStatus = (t: TestTenant, sourceId: string, status: string) =>
  testGraph().write(t.scope, (tx) => tx.run(setStatus, { id: parseNodeId(sourceId)!.id, status }));
const factCount = async (t: TestTenant): Promise<number> => (await testGraph().read(t.scope, countFacts, {}))[0]!.n;

let folders: string;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), "throughline-pages-"));
});
afterAll(() => rm(folders, { recursive: true, force: true }));

let counter = 0;
/** A folder of these pages: names of articles, and files by name. */
async function folderOf(
  articles: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const folder = join(folders, `f${++counter}`);
  await mkdir(folder);
  for (const name of articles) await cp(join(ARTICLES, name, "source.html"), join(folder, `${name}.html`));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const page = (title: string, ...sentences: string[]): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body><article><h1>${title}</h1>${sentences
    .map((sentence) => `<p>${sentence}</p>`)
    .join("\n")}</article></body></html>`;

interface Ran {
  readonly runId: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly problem: string | null;
  readonly research: Research | undefined;
  readonly episode: EpisodeDocument | undefined;
  readonly script: Script | undefined;
  readonly qa: Qa | undefined;
}

interface Asked {
  readonly topic: string;
  readonly folder: string;
  readonly tier?: number;
  readonly services?: Services;
  readonly topicId?: string;
}

/** Imports a folder, rates what was read, and runs the flow on it. */
async function runOn(
  t: TestTenant,
  { topic, folder, tier, services = pipelineServices(upToQa()), topicId }: Asked,
): Promise<Ran> {
  const caller = t.caller("tenant-admin");
  const imported = await importPageFolder(services, { caller, folder, reason: "a test" });
  if (tier !== undefined)
    for (const sourceId of imported.sourceIds) await done(setSourceRating, caller, { sourceId, tier });
  return run(t, services, topicId ?? (await buildTopic(t, { title: topic })), runInputOf(imported));
}

async function run(
  t: TestTenant,
  services: Services,
  topicId: string,
  input: object,
  channelId = t.channelId,
): Promise<Ran> {
  const { runId } = await done(startRun, t.caller("editor"), {
    flow: "episode",
    ...services.pipeline.resolve("episode"),
    topicId,
    channelId,
    input: JSON.stringify(input),
  });
  await drive(t, services);
  const record = await recordOf(t, runId);
  const hashes = new Map(
    record.stages.flatMap(({ stage, outputHash, superseded }) =>
      outputHash === null || superseded ? [] : [[stage, outputHash]],
    ),
  );
  const documents = await readDocuments(readerOf(testGraph(), t.id), [...hashes.values()]);
  const of = <D>(stage: string) => documents.get(hashes.get(stage) ?? "") as D | undefined;
  const { status, outcome, problem } = record.run;
  return {
    ...{ runId, status, outcome, problem },
    research: of<Research>("research"),
    episode: of<EpisodeDocument>("scenes"),
    script: of<Script>("script"),
    qa: of<Qa>("qa"),
  };
}

const said = ({ script }: Ran): string => script!.parts.map(({ text }) => text).join("\n");
const claimsOf = ({ episode }: Ran): string[] =>
  episode!.scenes.flatMap(({ claims }) => claims.map(({ text }) => text));

/** What the graph holds of each source that a research cites. */
const held = (t: TestTenant, ran: Ran) => readCited(readerOf(testGraph(), t.id), ran.research!);

describe.skipIf(!existsSync(ARTICLES))("an episode of articles", { timeout: 240_000 }, () => {
  it("comes from its pages: every claim quotes one by exact substring, and QA finds nothing against it", async () => {
    const t = await newTenant();
    const ran = await runOn(t, {
      topic: "Mozilla and Firefox",
      folder: await folderOf(["wikipedia", "mozilla-2"]),
      tier: 2,
    });
    expect([ran.status, ran.problem, ran.qa]).toMatchObject(["DONE", null, { verdict: "PASS", findings: [] }]);
    expect(await triesOf(t, ran.runId)).toEqual(
      ["planner", "topic-scoring", "research", "scenes", "script", "qa"].map((stage) => `${stage}/1 DONE OK`),
    );
    const { research, episode } = ran;
    const texts = await held(t, ran);
    const facts = [...research!.key_facts, ...research!.data_points];
    expect(facts.length).toBeGreaterThan(10);
    for (const { source_ref, quote } of facts) expect(findQuote(texts.get(source_ref)!.text!, quote)).not.toBe(-1);
    for (const claim of claimsOf(ran)) expect([...texts.values()].some(({ text }) => text!.includes(claim))).toBe(true);
    // Both pages are told of, and what is said beside the claims comes from the template.
    expect(new Set(episode!.scenes.flatMap(({ claims }) => claims.flatMap((one) => one.source_refs))).size).toBe(2);
    const sources = research!.sources.map(({ title, publisher }) => [title, publisher!]).flat();
    const rest = claimsOf(ran).reduce((text, claim) => text.replace(claim, ""), said(ran));
    // The longest first: the topic's title has a publisher's name in it.
    const named = [...sources, research!.topic.title].toSorted((a, b) => b.length - a.length);
    const words = named.reduce((text, one) => text.replaceAll(one, ""), rest);
    expect(words.replace(/as told by|From|So much of|from|and|[\s“”,.]/g, "")).toBe("");
    expect(research!.scoring!.candidates.map(({ topic_id }) => topic_id)).toContain(research!.topic.id);
    expect(
      (await recordOf(t, ran.runId)).stages.every(({ provider, costUsd }) => provider === "embedded" && costUsd === 0),
    ).toBe(true);
  });

  it("is the same for the same folder, and another for another", async () => {
    const [a, b] = [await newTenant(), await newTenant()];
    const folder = await folderOf(["wikipedia-3"]);
    const first = await runOn(a, { topic: "Matrices", folder, tier: 1 });
    const again = await runOn(b, { topic: "Matrices", folder, tier: 1 });
    const bare = (ran: Ran) => ({ ...ran.episode!, topic_id: "", channel_id: "" });
    expect(bare(again)).toEqual(bare(first));
    expect(again.script).toEqual(first.script);
    const other = await runOn(a, { topic: "Films", folder: await folderOf(["wikipedia-4"]), tier: 1 });
    expect(claimsOf(other).filter((claim) => claimsOf(first).includes(claim))).toEqual([]);
    expect(other.qa!.verdict).toBe("PASS");
  });

  it("tells what of the folder it left out, and why", async () => {
    const t = await newTenant();
    const misread = Buffer.from(
      page(
        "Die Brücke",
        ...Array.from(
          { length: 6 },
          (_, i) => `Die Brücke wurde 193${i} für die Bürger der Stadt geöffnet und überquert.`,
        ),
      ),
    ).toString("latin1");
    const folder = await folderOf(["wikipedia-3", "rtl-1", "replace-brs"], {
      "feed.html": '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>',
      "picture.html": Buffer.concat([Buffer.from("\u0089PNG", "latin1"), Buffer.alloc(100)]),
      "german.html": page(
        "Die Brücke",
        ...Array.from(
          { length: 5 },
          (_, i) =>
            `Die Brücke der Stadt wurde im Jahr 193${i} von Anna Berg für die Bürger eröffnet und ist auch noch heute in Betrieb.`,
        ),
      ),
      "misread.html": misread,
      "names.txt": "not a page",
    });
    const ran = await runOn(t, { topic: "Hermitian matrices", folder, tier: 2 });
    const left = ran.research!.left_out!.map(
      ({ what, code }) => `${what.replace(/^https:\/\/\w+\.invalid\//, "")} ${code}`,
    );
    expect(left.sort()).toEqual([
      "feed.html PAGE_REFUSED",
      "german.html LANGUAGE",
      "misread.html ENCODING",
      "picture.html PAGE_REFUSED",
      "replace-brs.html LANGUAGE",
      "rtl-1.html LANGUAGE",
    ]);
    expect(ran.research!.left_out!.find(({ what }) => what.endsWith("german.html"))!.message).toContain(
      "reads as German",
    );
    expect(ran.qa!.verdict).toBe("PASS");
  });
});

describe("an episode that can't be made", { timeout: 240_000 }, () => {
  const FACTS = [
    "The bridge of Basel was opened on 4 May 1932 by Anna Berg.",
    "Basel has 7 bridges across the Rhine.",
    "The Wettstein bridge cost 2,400,000 francs.",
  ];

  it("of an empty folder is refused in words, and the run has failed", async () => {
    const t = await newTenant();
    const ran = await runOn(t, { topic: "Bridges", folder: await folderOf([]) });
    expect([ran.status, ran.outcome]).toEqual(["FAILED", "NO_SOURCES"]);
    expect(ran.problem).toContain("there was no page to read");
    expect(await triesOf(t, ran.runId)).toEqual([
      "planner/1 DONE OK",
      "topic-scoring/1 DONE OK",
      "research/1 FAILED NO_SOURCES",
    ]);
  });

  it("of a page of 50 MB, or of lorem ipsum, is refused by name and reason", async () => {
    const t = await newTenant();
    const huge = await folderOf([], {
      "huge.html": Buffer.alloc(50_000_000, "<p>The bridge of Basel was opened in 1932.</p>\n"),
    });
    const ran = await runOn(t, { topic: "Bridges", folder: huge });
    expect([ran.outcome, ran.problem]).toEqual(["NO_USABLE_SOURCE", expect.stringMatching(/huge\.html: .*10 MB/)]);
    const lorem = page(
      "Lorem",
      ...Array.from(
        { length: 9 },
        () => "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor.",
      ),
    );
    const other = await runOn(t, { topic: "Latin", folder: await folderOf([], { "lorem.html": lorem }) });
    expect([other.outcome, other.problem]).toEqual(["NO_USABLE_SOURCE", expect.stringContaining("reads as Latin")]);
  });

  it("of a page with one sentence to quote is refused", async () => {
    const t = await newTenant();
    const folder = await folderOf([], { "thin.html": page("Basel", FACTS[0]!, "It is long.", "Nobody knows.") });
    const ran = await runOn(t, { topic: "Basel", folder, tier: 1 });
    expect([ran.outcome, ran.problem]).toEqual([
      "TOO_LITTLE_EVIDENCE",
      expect.stringContaining("have 1 sentence that can be quoted; an episode needs 2"),
    ]);
  });

  it("of a topic without words, or that nothing held speaks of, is refused", async () => {
    const t = await newTenant();
    const services = pipelineServices(upToQa());
    const wordless = await run(t, services, await buildTopic(t, { title: "!!! — ???" }), {});
    expect([wordless.outcome, wordless.problem]).toEqual([
      "NO_WORDS",
      expect.stringContaining("give it a title that names something"),
    ]);
    const unknown = await run(t, services, await buildTopic(t, { title: "Locomotives" }), {});
    expect([unknown.outcome, unknown.problem]).toEqual([
      "NO_SOURCES",
      expect.stringContaining("speaks of “Locomotives”: import pages on it"),
    ]);
  });

  it("of a single page of Tier 3 is blocked by QA, with what would mend it", async () => {
    const t = await newTenant();
    const ran = await runOn(t, {
      topic: "Bridges of Basel",
      folder: await folderOf([], { "one.html": page("Basel", ...FACTS) }),
    });
    expect([ran.status, ran.outcome, ran.qa!.verdict]).toEqual(["BLOCKED", "BLOCKED", "BLOCK"]);
    expect(ran.problem).toContain("qa: TIER3_UNCORROBORATED at ");
    expect(ran.problem).toContain("in a source of tier 1 or 2, or rate the source");
    expect(new Set(ran.qa!.findings.map(({ code }) => code))).toEqual(new Set(["TIER3_UNCORROBORATED"]));
    expect(ran.qa!.findings[0]!.remedy).toContain("in a source of tier 1 or 2, or rate the source");
    expect(ran.research!.risk_flags).toHaveLength(FACTS.length);
  });

  it("that was blocked passes when it is resumed, once somebody has mended what stood against it", async () => {
    const t = await newTenant();
    const services = pipelineServices(upToQa());
    const folder = await folderOf([], { "one.html": page("Basel", ...FACTS) });
    const caller = t.caller("tenant-admin");
    const { sourceIds } = await importPageFolder(services, { caller, folder, reason: "a test" });
    const topicId = await buildTopic(t, { title: "Bridges of Basel" });
    const { runId, status } = await run(t, services, topicId, { source_ids: sourceIds });
    expect(status).toBe("BLOCKED");
    await done(resumeRun, t.caller("editor"), { runId });
    await drive(t, services);
    expect((await recordOf(t, runId)).run.status).toBe("BLOCKED");
    await done(setSourceRating, caller, { sourceId: sourceIds[0]!, tier: 1 });
    await done(resumeRun, t.caller("editor"), { runId });
    await drive(t, services);
    expect((await recordOf(t, runId)).run).toMatchObject({ status: "DONE", outcome: null, problem: null });
    expect((await triesOf(t, runId)).filter((one) => one.startsWith("qa"))).toEqual([
      "qa/1 DONE BLOCKED",
      "qa/2 DONE BLOCKED",
      "qa/3 DONE OK",
    ]);
  });

  it("of Tier 3 passes once three who are independent say the same sentences", async () => {
    const t = await newTenant();
    const own = (n: number) => Array.from({ length: 30 }, (_, i) => `unlike${n}x${i}`).join(" ");
    const files = Object.fromEntries([1, 2, 3].map((n) => [`p${n}.html`, page(`Basel ${n}`, ...FACTS, `${own(n)}.`)]));
    const ran = await runOn(t, { topic: "Bridges of Basel", folder: await folderOf([], files) });
    expect([ran.qa, ran.research!.risk_flags]).toMatchObject([{ verdict: "PASS", findings: [] }, []]);
    expect(ran.episode!.scenes[0]!.claims[0]!.evidence).toHaveLength(3);
  });

  it("leaves a retracted source out", async () => {
    const t = await newTenant();
    const services = pipelineServices(upToQa());
    const caller = t.caller("tenant-admin");
    const folder = await folderOf([], { "one.html": page("Basel", ...FACTS) });
    const { sourceIds } = await importPageFolder(services, { caller, folder, reason: "a test" });
    await done(setSourceRating, caller, { sourceId: sourceIds[0], tier: 1 });
    await plantStatus(t, sourceIds[0]!, "RETRACTED");
    const ran = await run(t, services, await buildTopic(t, { title: "Bridges of Basel" }), {});
    expect([ran.outcome, ran.problem]).toEqual(["NO_USABLE_SOURCE", expect.stringContaining("It was retracted")]);
  });
});

describe("research that isn't told where to look", { timeout: 240_000 }, () => {
  const FACTS = [
    "The ferry of Basel carries 120,000 people a year.",
    "Bishop Heinrich von Thun founded the ferry of Basel in 1225.",
  ];

  it("finds the studio's own pages by the topic's words, takes facts once, and serves other channels from the cache", async () => {
    const t = await newTenant();
    const services = pipelineServices(upToQa());
    const caller = t.caller("tenant-admin");
    const folder = await folderOf([], {
      "ferry.html": page("The ferry", ...FACTS),
      "other.html": page("Zurich", "Zurich has 26 bridges across the Limmat."),
    });
    const { sourceIds } = await importPageFolder(services, { caller, folder, reason: "a test" });
    for (const sourceId of sourceIds) await done(setSourceRating, caller, { sourceId, tier: 1 });
    const topicId = await buildTopic(t, { title: "The ferry of Basel" });
    const first = await run(t, services, topicId, {});
    expect(first.research!.sources.map(({ title }) => title)).toEqual(["The ferry"]);
    expect(claimsOf(first).sort()).toEqual([...FACTS].sort());
    const count = await factCount(t);
    const again = await run(t, services, topicId, {});
    expect(await factCount(t)).toBe(count);
    expect(again.episode).toEqual(first.episode);
    const stage = (await recordOf(t, again.runId)).stages.find((one) => one.stage === "research")!;
    expect(stage.cacheHit).toBe(true);
  });

  it("tells two channels' episodes by their own templates, side by side", async () => {
    const t = await newTenant();
    const plain = plainTemplate();
    const terse: EpisodeTemplate = {
      ...plain,
      template: "terse",
      scenes: {
        ...plain.scenes,
        claims_each: 1,
        opening: { ...plain.scenes.opening, pacing: "SLOW", says: "Now: {topic}!" },
      },
    };
    const { channelId: other } = await done(createChannel, t.caller("tenant-admin"), {
      title: "Other",
      platform: "web",
    });
    const services = pipelineServices(upToQa((channelId) => (channelId === other ? terse : plain)));
    const folder = await folderOf([], { "ferry.html": page("The ferry", ...FACTS) });
    const { sourceIds } = await importPageFolder(services, {
      caller: t.caller("tenant-admin"),
      folder,
      reason: "a test",
    });
    for (const sourceId of sourceIds) await done(setSourceRating, t.caller("tenant-admin"), { sourceId, tier: 1 });
    const topicId = await buildTopic(t, { title: "The ferry of Basel" });
    const [one, two] = [await run(t, services, topicId, {}), await run(t, services, topicId, {}, other)];
    expect([said(one).slice(0, 20), said(two).slice(0, 24)]).toEqual([
      "The ferry of Basel, ",
      "Now: The ferry of Basel!",
    ]);
    expect([one.qa!.verdict, two.qa!.verdict]).toEqual(["PASS", "PASS"]);
  });
});

describe("stages that a model does", { timeout: 240_000 }, () => {
  const FACTS = [
    "The bridge of Basel was opened on 4 May 1932 by Anna Berg.",
    "Basel has 7 bridges across the Rhine.",
    "The Wettstein bridge cost 2,400,000 francs.",
  ];
  let server: ModelServer;
  beforeAll(async () => {
    server = await startModelServer();
  });
  afterAll(() => server.close());

  const withModels = (stages: string[], budget: object = { tokens: 1_000_000, cost_usd: 1 }): Services => {
    const settings = readExecutorSettings(
      JSON.stringify({
        models: {
          stages,
          providers: [{ name: "local", url: server.url, model: "m", price: { input: 1, output: 1 } }],
          budget,
        },
      }),
      "a test",
    );
    const flow = upToQa();
    return pipelineServices({ ...flow, executors: register(createExecutors(settings, givenSecrets({})), TASKS) });
  };
  const runModels = async (t: TestTenant, services: Services) =>
    runOn(t, {
      topic: "Bridges of Basel",
      folder: await folderOf([], { "one.html": page("Basel", ...FACTS) }),
      tier: 1,
      services,
    });
  const facts = (...quotes: [quote: string, statement: string][]) =>
    reply.says({ facts: quotes.map(([quote, statement]) => ({ source: "s1", quote, statement })) });
  const honest = facts(...FACTS.map((fact): [string, string] => [fact, fact]));

  it("is taken where it quotes to the letter; what it made up is told to it once", async () => {
    const t = await newTenant();
    server.next(
      facts([FACTS[0]!.replace("1932", "1933"), FACTS[0]!], [FACTS[1]!, "Basel has 9 bridges across the Rhine."]),
      honest,
    );
    server.received.length = 0;
    const ran = await runModels(t, withModels(["research"]));
    expect([ran.qa, server.received.length]).toMatchObject([{ verdict: "PASS", findings: [] }, 2]);
    const told = server.received[1]!.body.messages.at(-1)!.content;
    expect(told).toContain("facts.0: its quote doesn't stand in the source's text letter for letter");
    expect(told).toContain("facts.1: its statement says what the quote doesn't (NUMBER_DIFFERS");
    const stage = (await recordOf(t, ran.runId)).stages.find((one) => one.stage === "research")!;
    expect(stage).toMatchObject({ provider: "local/m", tokens: 240, status: "DONE" });
    expect(stage.costUsd).toBeCloseTo(0.00024, 8);
  });

  it("that goes on making things up fails, is tried again, and ends the run with what it cost", async () => {
    const t = await newTenant();
    server.next(facts([FACTS[0]!.replace("1932", "1933"), FACTS[0]!]));
    server.received.length = 0;
    const ran = await runModels(t, quick(withModels(["research"])));
    expect([ran.status, ran.outcome]).toEqual(["FAILED", "BAD_ANSWER"]);
    const { stages } = await recordOf(t, ran.runId);
    const tries = stages.filter(({ stage }) => stage === "research");
    expect(tries.map(({ tokens }) => tokens)).toEqual([240, 240]);
    expect(server.received).toHaveLength(4);
  });

  it("that answers scenes and a script has them checked like any others", async () => {
    const t = await newTenant();
    server.next(
      reply.with(({ body }) => {
        const { facts: given } = JSON.parse(body.messages[1]!.content) as {
          facts: { ref: string; statement: string }[];
        };
        const claims = given.map(({ ref, statement }) => ({ text: statement, kind: "OTHER", evidence: [ref] }));
        return {
          title: "Basel",
          scenes: [{ title: "All", pacing: "STEADY", narration: claims.map(({ text }) => text).join(" "), claims }],
        };
      }),
      reply.with(({ body }) => {
        const { scenes } = JSON.parse(body.messages[1]!.content) as { scenes: { scene: number; narration: string }[] };
        return {
          title: "Basel",
          parts: scenes.map(({ scene, narration }) => ({ scene, text: `${narration} It drew 40,000 guests.` })),
        };
      }),
      reply.with(({ body }) => {
        const { scenes } = JSON.parse(body.messages[1]!.content) as { scenes: { scene: number; narration: string }[] };
        return {
          title: "Basel",
          parts: scenes.map(({ scene, narration }) => ({ scene, text: `${narration} So it goes.` })),
        };
      }),
    );
    server.received.length = 0;
    const ran = await runModels(t, withModels(["scenes", "script"]));
    expect([ran.status, ran.qa?.verdict, server.received.length]).toEqual(["DONE", "PASS", 3]);
    expect(server.received[2]!.body.messages.at(-1)!.content).toContain("says 40,000, which no quote of the scene has");
    expect(said(ran)).toMatch(/So it goes\.$/);
  });

  it("with a 500 from every provider ends in an explained refusal, and nothing of it is written", async () => {
    const t = await newTenant();
    server.next(reply.status(500));
    const ran = await runModels(t, quick(withModels(["research"])));
    expect([ran.outcome, ran.problem, ran.research]).toEqual([
      "PROVIDERS_FAILED",
      expect.stringMatching(/No provider answered: local (?:answered 500|rests)/),
      undefined,
    ]);
  });

  it("counts the whole run's spending against its budget, and isn't asked beyond it", async () => {
    const t = await newTenant();
    const thousands = { usage: { prompt_tokens: 5_000, completion_tokens: 5_000 } };
    server.next(reply.says({ questions: ["What is told of the bridges of Basel?"] }, thousands), honest);
    server.received.length = 0;
    const ran = await runModels(t, withModels(["planner", "research"], { tokens: 15_000, cost_usd: 1 }));
    expect([ran.outcome, server.received.length]).toEqual(["BUDGET_SPENT", 1]);
    expect(ran.problem).toMatch(/the run has 5000 of 15000 left/);
  });
});
