import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { systemCaller, type Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { startRun } from "../../server/domains/run/run.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { createTopic } from "../../server/domains/topic/topic.service.js";
import { importPageFolder } from "../../server/imports/page-folder.js";
import type { Services } from "../../server/services.js";
import { seededRandom } from "./figures.kit.js";

/* A studio with topics, two pages on each, and a run to start on each of them. The same seed writes the same pages. */

const SEED = 20_261_122;
/** Pages that are imported at once. */
const BATCH = 200;
const TIER = 2;

export interface Studio {
  readonly tenantId: string;
  readonly channelId: string;
  readonly editor: Caller;
}

/** What a run is started with. */
export interface Subject {
  readonly topicId: string;
  readonly sourceIds: readonly string[];
}

export async function give<I, R>(services: Services, command: Command<I, R>, who: Caller, input: object): Promise<R> {
  const head = { operationId: `bench/${ulid()}`, reason: "bench" };
  const executed = await services.execute(command, who, { ...head, ...input });
  if (!executed.ok) throw new Error(`${command.name}: ${JSON.stringify(executed.problems)}`);
  return executed.result;
}

export async function newStudio(services: Services): Promise<Studio> {
  const tenantId = `b${ulid().slice(-12).toLowerCase()}`;
  await give(services, createTenant, systemCaller(tenantId), { id: tenantId, name: "Bench", region: services.region });
  const admin: Caller = { ...systemCaller(tenantId), roles: ["tenant-admin"] };
  const { channelId } = await give(services, createChannel, admin, { title: "Bench", platform: "web" });
  const editor: Caller = { tenantId, actor: "bench-editor", name: "Bench", roles: ["editor"], region: services.region };
  return { tenantId, channelId, editor };
}

/** As many topics, each with two pages of its own that can be held against each other. */
export async function newSubjects(services: Services, studio: Studio, count: number): Promise<Subject[]> {
  const random = seededRandom(SEED);
  const subjects: Subject[] = [];
  while (subjects.length < count) {
    const folder = await mkdtemp(join(tmpdir(), "throughline-pages-"));
    try {
      const topics = Array.from({ length: Math.min(BATCH / 2, count - subjects.length) }, (_, i) =>
        topicOf(subjects.length + i, random),
      );
      for (const [i, { pages }] of topics.entries())
        for (const [n, page] of pages.entries()) await writeFile(join(folder, nameOf(2 * i + n)), page);
      const asked = { caller: studio.editor, folder, reason: "bench" };
      const { sourceIds, refused } = await importPageFolder(services, asked);
      if (refused.length > 0) throw new Error(`a page was refused: ${JSON.stringify(refused[0])}`);
      for (const sourceId of sourceIds) await give(services, setSourceRating, studio.editor, { sourceId, tier: TIER });
      for (const [i, { title }] of topics.entries()) {
        const { topicId } = await give(services, createTopic, studio.editor, { title });
        subjects.push({ topicId, sourceIds: sourceIds.slice(2 * i, 2 * i + 2) });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return subjects;
}

/** Writes the pages of one topic, `count` of them, into a new folder; answers it and the topic. */
export async function pagesIn(folder: string, count: number, seed: number = SEED): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { title, pages } = topicOf(0, seededRandom(seed), count);
  for (const [n, page] of pages.entries()) await writeFile(join(folder, nameOf(n)), page);
  return title;
}

export async function begin(services: Services, { editor, channelId }: Studio, subject: Subject): Promise<string> {
  const { runId } = await give(services, startRun, editor, {
    flow: "episode",
    ...services.pipeline.resolve("episode"),
    topicId: subject.topicId,
    channelId,
    input: JSON.stringify({ source_ids: subject.sourceIds }),
  });
  return runId;
}

const nameOf = (n: number): string => `${String(n).padStart(4, "0")}.html`;

const SYLLABLES = ["ba", "den", "kor", "li", "mar", "no", "pel", "ru", "sta", "tor", "vel", "wen", "zu", "gra", "hol"];
const MONTHS = ["January", "March", "May", "June", "August", "October", "November"];
const PLACES = ["bridge", "tower", "harbour", "museum", "tunnel", "library", "railway", "garden", "theatre", "market"];

function topicOf(n: number, random: () => number, count = 2): { title: string; pages: string[] } {
  const below = (most: number) => Math.floor(random() * most);
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const name = () => {
    const word = one(SYLLABLES) + one(SYLLABLES) + one(SYLLABLES);
    return word[0]!.toUpperCase() + word.slice(1);
  };
  const town = `${name()}${n}`;
  const title = `The buildings of ${town}`;
  const pages = Array.from({ length: count }, (_, at) => {
    const owner = `${name()} House`;
    const said = Array.from({ length: 4 }, () => {
      const thing = `${name()} ${one(PLACES)}`;
      const day = `${1 + below(28)} ${one(MONTHS)} ${1800 + below(220)}`;
      return [
        `The ${thing} of ${town} was opened to the public on ${day} by ${name()} ${name()}.`,
        `In ${1800 + below(220)} the council of ${town} paid ${1 + below(900)},${100 + below(899)} francs for the repair of the ${thing}.`,
      ];
    }).flat();
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${town} in view ${at + 1}</title>
<link rel="canonical" href="https://n${n}-p${at}.example/${town.toLowerCase()}"><meta name="author" content="${owner}"></head>
<body><article><h1>${town} in view ${at + 1}</h1>${said.map((text) => `<p>${text} Many people came to see it, and some of them stayed for the night.</p>`).join("\n")}</article></body></html>`;
  });
  return { title, pages };
}
