import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EpisodeDocument } from "../../graph-schema/documents/episode.js";
import type { Research } from "../../graph-schema/documents/research.js";
import { readDocuments } from "../../server/domains/run/record.service.js";
import { findQuote } from "../../server/domains/fact/quote.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { retractSource } from "../../server/domains/source/withdrawal.service.js";
import { importPageFolder } from "../../server/imports/page-folder.js";
import { embeddedExecutors } from "../../server/pipeline/executors/embedded.js";
import { readCited } from "../../server/pipeline/executors/qa.js";
import type { Qa, Script } from "../../server/pipeline/executors/stage-documents.js";
import { plainTemplate, type EpisodeTemplate } from "../../server/pipeline/executors/template.js";
import { loadFlows } from "../../server/pipeline/flows.js";
import { readerOf, register, type Installation } from "../../server/pipeline/office.js";
import { TASKS } from "../../server/pipeline/tasks.js";
import type { Services } from "../../server/services.js";
import { act, done } from "../kit/approvals.js";
import { buildTopic } from "../kit/build.js";
import { environment } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices, recordOf, triesOf } from "../kit/pipeline.js";
import { startRun } from "../../server/domains/run/run.service.js";
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

let folders: string;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), "throughline-pages-"));
});
afterAll(() => rm(folders, { recursive: true, force: true }));

let counter = 0;
/** A folder of these pages: names of articles, and files by name. */
async function folderOf(articles: readonly string[], files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
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
async function runOn(t: TestTenant, { topic, folder, tier, services = pipelineServices(upToQa()), topicId }: Asked): Promise<Ran> {
  const caller = t.caller("tenant-admin");
  const { sourceIds, refused } = await importPageFolder(services, { caller, folder, reason: "a test" });
  if (tier !== undefined) for (const sourceId of sourceIds) await done(setSourceRating, caller, { sourceId, tier });
  return run(t, services, topicId ?? (await buildTopic(t, { title: topic })), { source_ids: sourceIds, left_out: refused });
}

async function run(t: TestTenant, services: Services, topicId: string, input: object): Promise<Ran> {
  const { runId } = await done(startRun, t.caller("editor"), {
    flow: "episode",
    ...services.pipeline.resolve("episode"),
    topicId,
    channelId: t.channelId,
    input: JSON.stringify(input),
  });
  await drive(t, services);
  const record = await recordOf(t, runId);
  const hashes = new Map(
    record.stages.flatMap(({ stage, outputHash, superseded }) => (outputHash === null || superseded ? [] : [[stage, outputHash]])),
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

describe.skipIf(!existsSync(ARTICLES))("an episode of articles", { timeout: 180_000 }, () => {
  it("comes from its pages: every claim quotes one by exact substring, and QA finds nothing against it", async () => {
    const t = await newTenant();
    const ran = await runOn(t, { topic: "Mozilla and Firefox", folder: await folderOf(["wikipedia", "mozilla-2"]), tier: 2 });
    expect([ran.status, ran.problem, await triesOf(t, ran.runId)]).toEqual(["DONE", null, [
      "planner/1 DONE OK", "topic-scoring/1 DONE OK", "research/1 DONE OK", "scenes/1 DONE OK", "script/1 DONE OK", "qa/1 DONE OK",
    ]]);
    console.log(JSON.stringify(ran, null, 1));
  });
});
void [findQuote, retractSource, readCited, act, page];
