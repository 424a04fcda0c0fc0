import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER } from "../../graph-schema/time.js";
import type { Reader } from "../../server/commands/judge.js";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { freezeEpisode, obstaclesOf } from "../../server/domains/episode/frozen-episode.service.js";
import { freezeLines, type PackItem } from "../../server/domains/proposal/pack.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { readerOf } from "../../server/pipeline/office.js";
import { evidencePack } from "../../server/reads/evidence-pack/evidence-pack.query.js";
import { ms, quantile, seededRandom, thousands, times } from "./figures.kit.js";
import { httpCaller } from "./http.kit.js";
import { startInstallation, throughline, withResources, type Installation } from "./installation.kit.js";
import { DOCUMENT } from "./lineage.ours.js";
import { pagesIn } from "./pipeline.store.js";

const HELP = `bench pack [--rounds N] [--pages N] [--json]
Reading an episode's frozen evidence pack, against computing it anew, and against the episode's live lineage over HTTP.
  --rounds N  times that each is asked, by turns (200)
  --pages N   pages that the episode is made of (12)
  --json      all figures as JSON`;

/** Reading may take this part of computing. */
const ASKED = 0.5;
const WARM_UP = 20;
/** A database that has just started plans each query for the first time. */
const PATIENT_MS = { read: 30_000, write: 60_000 };

const PACK = `query Pack($id: ID!) {
  evidencePack(episodeId: $id, first: 500) { sha256 proposalId contentHash frozenAt itemCount items { id kind json } }
}`;

export async function run(argv: readonly string[]): Promise<number> {
  const { rounds, pages, json, help } = options(argv);
  if (help) {
    print(HELP);
    return 0;
  }
  const figures = await withResources(async (keep) => {
    const folder = await mkdtemp(join(tmpdir(), "throughline-pages-"));
    keep({ stop: () => rm(folder, { recursive: true, force: true }) });
    const installation = keep(await startInstallation());
    const topic = await pagesIn(folder, pages);
    const episodeId = await published(installation, topic, folder);
    const graph = openGraph({ ...installation.database, timeoutMs: PATIENT_MS });
    keep({ stop: () => graph.close() });
    return measure(installation, graph, episodeId, rounds);
  });
  if (json) print(JSON.stringify(figures));
  else {
    print(
      `pack read ${ms(figures.read)} ms computed ${ms(figures.compute)} ms ${times(figures.ratioToCompute)} (asked: at most ${ASKED}x)`,
    );
    print(
      `over HTTP: the pack ${ms(figures.packHttp)} ms, the live lineage ${ms(figures.lineageHttp)} ms ${times(figures.ratioToLineage)} (asked: below 1x)`,
    );
    print(
      `${thousands(figures.items)} items, ${thousands(figures.bytes / 1_000)} kB; ${figures.rounds} rounds of each, by turns; medians; p95 ${ms(figures.p95.read)}, ${ms(figures.p95.compute)}, ${ms(figures.p95.packHttp)}, ${ms(figures.p95.lineageHttp)} ms`,
    );
  }
  return figures.ratioToCompute <= ASKED && figures.ratioToLineage < 1 ? 0 : 1;
}

function options(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        rounds: { type: "string", default: "200" },
        pages: { type: "string", default: "12" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [rounds, pages] = [Number(values.rounds), Number(values.pages)];
    if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error("--rounds takes a whole number from 1.");
    if (!Number.isSafeInteger(pages) || pages < 2 || pages > 100) throw new Error("--pages takes 2 to 100.");
    return { rounds, pages, json: values.json, help: values.help };
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

/** An episode as a user gets one: from pages to its publication, through the flow and its approvals. */
async function published({ home }: Installation, topic: string, folder: string): Promise<string> {
  say("an episode from its pages to its publication");
  const child = throughline(home, ["demo", "episode", "--topic", topic, "--pages", folder, "--json"]);
  const said: string[] = [];
  let answer = "";
  child.stdout?.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`demo episode ended with code ${code}:\n${said.join("")}`);
  return (JSON.parse(answer) as { episodeId: string }).episodeId;
}

async function measure({ tenantId, url, token }: Installation, graph: Graph, episodeId: string, rounds: number) {
  const scope = { tenantId };
  const id = parseNodeId(episodeId)!;
  const reader = readerOf(graph, tenantId);
  const kept = await evidencePack(graph, scope, { id: id.id, asOf: FOREVER - 1 });
  if (kept === undefined) throw new Error(`${episodeId} has no pack`);
  const http = httpCaller(`${url}/graphql`, token);
  const asOf = new Date().toISOString();
  const sides = {
    read: () => evidencePack(graph, scope, { id: id.id, asOf: FOREVER - 1 }),
    compute: () => compute(reader, id.id, kept),
    packHttp: () => http.post(PACK, { id: episodeId }),
    lineageHttp: () => http.post(DOCUMENT, { id: episodeId, asOf }),
  };
  type Side = keyof typeof sides;
  const took: Record<Side, number[]> = { read: [], compute: [], packHttp: [], lineageHttp: [] };
  try {
    await sameItems(sides, kept.items);
    say(`${rounds} rounds of each, by turns`);
    const random = seededRandom(20_261_122);
    for (let round = -WARM_UP; round < rounds; round++)
      for (const side of (Object.keys(sides) as Side[]).sort(() => random() - 0.5)) {
        const began = performance.now();
        await sides[side]();
        if (round >= 0) took[side].push(performance.now() - began);
      }
  } finally {
    http.close();
  }
  const p = (q: number) =>
    Object.fromEntries(Object.entries(took).map(([side, values]) => [side, quantile(values, q)])) as Record<
      Side,
      number
    >;
  const medians = p(0.5);
  const bytes = kept.items.reduce((sum, item) => sum + JSON.stringify(item).length, 0);
  return {
    ...{ episodeId: formatNodeId(id.label, id.id), items: kept.items.length, bytes, rounds, ...medians, p95: p(0.95) },
    ratioToCompute: medians.read / medians.compute,
    ratioToLineage: medians.packHttp / medians.lineageHttp,
  };
}

/** What publishing computes, without writing it: the evidence as it stands, what stands against it, and the lines of the pack. */
async function compute(reader: Reader, ulid: string, kept: { head: object; items: readonly PackItem[] }) {
  const items = await freezeEpisode(reader, ulid);
  await obstaclesOf(reader, { label: "Episode", id: ulid }, items);
  const others = kept.items.filter(({ kind }) => kind !== "node");
  const nodes = items.map((item): PackItem => ({ kind: "node", ...item }));
  return freezeLines(kept.head as never, [...others, ...nodes], () => "0".repeat(32));
}

/** All sides must be of the same episode and the same evidence, or there is nothing to compare. */
async function sameItems(
  sides: { compute(): Promise<{ text: string }>; packHttp(): Promise<unknown>; lineageHttp(): Promise<unknown> },
  items: readonly PackItem[],
): Promise<void> {
  const ids = items.map(({ id }) => id).join();
  const computed = (await sides.compute()).text
    .split("\n")
    .slice(1, -1)
    .map((line) => (JSON.parse(line) as { item: { id: string } }).item.id);
  const { evidencePack: over } = (await sides.packHttp()) as { evidencePack: { items: readonly { id: string }[] } };
  if (computed.join() !== ids || over.items.map(({ id }) => id).join() !== ids)
    throw new Error("the pack that is computed, or answered over HTTP, isn't the one that was frozen");
  const { lineage } = (await sides.lineageHttp()) as { lineage: { nodes: readonly { id: string }[] } };
  const live = new Set(lineage.nodes.map(({ id }) => id));
  const missing = items.filter(({ id, kind }) => kind === "node" && !live.has(id));
  if (missing.length > 0)
    throw new Error(`the live lineage lacks ${missing.length} nodes of the pack: ${missing[0]!.id}`);
}
