import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyPack } from "../../docs/verify-pack.mjs";
import { FOREVER } from "../../graph-schema/time.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { jwkSigner, newAuditJwk } from "../../server/audit/signer.js";
import { demoEpisode, type DemoEpisode } from "../../server/cli/demo-episode.js";
import { packFile, readPack } from "../../server/domains/proposal/pack.js";
import { ownInstallation } from "../../server/pipeline/desk.js";
import { keptPack } from "../../server/reads/evidence-pack/evidence-pack.query.js";
import { snapshotTextsQuery } from "../../server/reads/node/snapshot-text.query.js";
import { environment } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices } from "../kit/pipeline.js";
import { projectRoot } from "../kit/project-root.js";
import { sealed } from "../kit/seal.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* What `./throughline demo episode` does, on folders of pages as they are found, with somebody driving runs beside it. */

const ARTICLES = join(environment.data, "html_articles");

let folders: string;
let counter = 0;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), "throughline-demo-"));
});
afterAll(() => rm(folders, { recursive: true, force: true }));

async function folderOf(articles: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = join(folders, `f${++counter}`);
  await mkdir(folder);
  for (const name of articles) await cp(join(ARTICLES, name, "source.html"), join(folder, `${name}.html`));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function demo(t: TestTenant, asked: { topic?: string; pages: string }): Promise<DemoEpisode> {
  const services = pipelineServices(ownInstallation());
  const over = new AbortController();
  const driving = (async () => {
    for (; !over.signal.aborted; await sleep(100)) {
      await drive(t, services);
      // Nobody seals in a test.
      await sealed(t);
    }
  })();
  try {
    return await demoEpisode(services, { ...asked, tenantId: t.id });
  } finally {
    over.abort();
    await driving;
  }
}

const itemsOf = async (t: TestTenant, episodeId: string) => {
  const kept = await keptPack(testGraph(), t.scope, { id: parseNodeId(episodeId)!.id, asOf: FOREVER - 1 });
  return { kept: kept!, items: readPack(kept!.text, kept!.sha256).items };
};

/** Everything that the repository says, but what is made of it. */
const ours = (): string =>
  ["server", "seed", "graph-schema", "jobs", "docs", "test"]
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:ts|mjs|md|ya?ml|json)$/.test(entry.name))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")),
    )
    .join("\n");

describe.skipIf(!existsSync(ARTICLES))("the demo of an episode", { timeout: 400_000 }, () => {
  it("goes from a folder of articles to a published episode whose claims are all quoted, and whose pack verifies", async () => {
    const t = await newTenant();
    const made = await demo(t, { topic: "Mozilla and Firefox", pages: await folderOf(["wikipedia", "mozilla-2"]) });
    expect(made.problem).toBeUndefined();
    expect(made.approvers).toEqual(["cli.demo-approver-1"]);
    expect(made.stages.map(({ stage, status }) => `${stage} ${status}`)).toEqual(
      ["planner", "topic-scoring", "research", "scenes", "script", "qa", "ops"].map((stage) => `${stage} DONE`),
    );
    const { kept, items } = await itemsOf(t, made.episodeId!);
    expect(kept.sha256).toBe(made.packSha256);
    const signer = jwkSigner(newAuditJwk());
    const file = Buffer.from(await packFile(kept, signer));
    expect(verifyPack(file, signer.publicKey.toString("base64"))).toMatchObject({
      ok: true,
      subjectId: made.episodeId,
    });
    const nodes = items.flatMap((item) => (item.kind === "node" ? [item] : []));
    const of = (label: string) => nodes.filter(({ id }) => id.startsWith(`${label}:`));
    const ids = of("Snapshot").map(({ id }) => parseNodeId(id)!.id);
    const texts = (await testGraph().read(t.scope, snapshotTextsQuery, { ids })).map(({ text }) => text);
    expect(of("Claim").length).toBeGreaterThan(3);
    const said = ours();
    for (const { title } of of("Claim")) {
      expect([title, texts.some((text) => text.includes(title))]).toEqual([title, true]);
      expect([title, said.includes(title)]).toEqual([title, false]);
    }
  });

  it("makes another episode of another folder", async () => {
    const t = await newTenant();
    const first = await demo(t, { pages: await folderOf(["wikipedia", "mozilla-2"]) });
    const second = await demo(t, { pages: await folderOf(["wikipedia-3", "wikipedia-4"]) });
    expect([first.problem, second.problem]).toEqual([undefined, undefined]);
    const claims = async ({ episodeId }: DemoEpisode) =>
      (await itemsOf(t, episodeId!)).items.flatMap((item) =>
        item.kind === "node" && item.id.startsWith("Claim:") ? [item.title] : [],
      );
    const before = await claims(first);
    expect((await claims(second)).filter((claim) => before.includes(claim))).toEqual([]);
  });

  it("refuses an empty folder and a single page of Tier 3, and says why", async () => {
    const t = await newTenant();
    const empty = await demo(t, { topic: "Bridges", pages: await folderOf([]) });
    expect(empty).toMatchObject({ episodeId: null, refused: true, outcome: "NO_SOURCES", packSha256: null });
    const single = await demo(t, { pages: await folderOf(["wikipedia"]) });
    expect(single).toMatchObject({ episodeId: null, refused: true, outcome: "BLOCKED" });
    expect(single.problem).toMatch(/Tier 3/i);
    // Its own copy is no other page.
    const [article] = [readFileSync(join(ARTICLES, "wikipedia-3", "source.html"), "utf8")];
    const anonymous = article!.replaceAll(/<link[^>]*canonical[^>]*>/gi, "");
    const twice = await demo(t, { pages: await folderOf([], { "a.html": anonymous, "b.html": `${anonymous} ` }) });
    expect(twice).toMatchObject({ episodeId: null, refused: true, outcome: "BLOCKED" });
  });
});
