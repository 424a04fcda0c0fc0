import { basename, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ulid } from "ulid";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER } from "../../graph-schema/time.js";
import type { Caller } from "../commands/caller.js";
import type { Command } from "../commands/command.js";
import { givenBy } from "../commands/own-operation.js";
import { approve } from "../domains/approval/approval.service.js";
import { readDocuments, readRun, type RunRecord } from "../domains/run/record.service.js";
import { startRun } from "../domains/run/run.service.js";
import { setSourceRating } from "../domains/source/rating.service.js";
import { createTopic, topicOf } from "../domains/topic/topic.service.js";
import { DomainError } from "../errors.js";
import { importPageFolder, runInputOf, type ImportedFolder } from "../imports/page-folder.js";
import { readerOf } from "../pipeline/office.js";
import { sourcesWithSnapshots, type HeldSource } from "../pipeline/executors/evidence.query.js";
import { searchWords } from "../pipeline/executors/sources.js";
import { areCopies } from "../reads/governance/independence.js";
import { readFirstChannel } from "../reads/lists/first-channel.query.js";
import { nodesById } from "../reads/node/node.query.js";
import { snapshotTextsQuery } from "../reads/node/snapshot-text.query.js";
import type { Services } from "../services.js";
import { CliError, usageError } from "./exit.js";
import { say } from "./output.js";
import { ownCaller } from "./own-caller.js";
import { refused } from "./refused.js";
import { DEMO_TENANT } from "./sign-in.js";

/** What the demo studio is asked to talk of where nobody says. */
const TOPIC = "Heat pumps";
const LOOK_MS = 300;
/** A run of a folder takes seconds; one that nobody drives is told of. */
const PATIENCE_MS = 15 * 60_000;
const LONGEST_TITLE = 300;
/** How a page is rated that the demo's editor holds against another one: edited, secondary. */
const HELD_TIER = 2;
/** Outcomes that say that something broke, not that something was found. */
const BROKEN = ["ERROR", "TIMEOUT", "PROCESS_LOST", "BAD_OUTPUT"];

export interface DemoEpisode {
  /** Null where it was refused, or something broke. */
  readonly episodeId: string | null;
  readonly runId: string;
  readonly proposalId: string | null;
  /** Keys of those who approved. */
  readonly approvers: readonly string[];
  readonly packSha256: string | null;
  /** Every try of a stage, in order. */
  readonly stages: readonly {
    readonly stage: string;
    readonly attempt: number;
    readonly status: string;
    readonly outcome: string | null;
    readonly latencyMs: number | null;
  }[];
  /** Why there is none: a code, and the words of the run. */
  readonly problem?: string;
  readonly outcome?: string | null;
  readonly refused?: boolean;
}

/** Brings an episode through everything that a studio does for one, with people of the demo studio. */
export async function demoEpisode(
  services: Services,
  { topic, pages, tenantId = DEMO_TENANT }: Asked,
): Promise<DemoEpisode> {
  const studio: Studio = { services, tenantId };
  const editor = await ownCaller(services, { tenantId, ...EDITOR });
  const folder = pages === undefined ? null : await importFolder(studio, editor, resolve(pages));
  if (folder !== null) await rate(studio, editor, folder);
  const title = topic?.trim() || (await titleOf(studio, folder, pages));
  const topicId = await topicCalled(studio, editor, title);
  const channelId = await readFirstChannel(services.graph, { tenantId });
  if (channelId === null) throw new CliError(`The tenant ${tenantId} has no channel: create one first.`);
  const { runId } = await give(studio, startRun, editor, {
    flow: "episode",
    ...services.pipeline.resolve("episode", channelId),
    topicId,
    channelId,
    input: folder === null ? null : JSON.stringify(runInputOf(folder)),
  });
  say(`run ${runId}: “${title}”`);
  const record = await ended(studio, runId);
  const stages = stagesOf(record);
  const { status, outcome, problem } = record.run;
  const none = { episodeId: null, runId, proposalId: null, approvers: [], packSha256: null, stages };
  if (status !== "DONE") {
    say(`no episode: ${problem ?? status}`);
    const broke = outcome !== null && BROKEN.includes(outcome);
    return { ...none, problem: problem ?? status, outcome, refused: !broke && status !== "CANCELLED" };
  }
  const { episode_id: episodeId, proposal_id: proposalId } = await handedOn(studio, record);
  if (proposalId === null) throw new Error(`${runId} is done and has proposed nothing`);
  const approved = await approveAll(studio, proposalId);
  say(`published ${episodeId}; its evidence: ./throughline export pack ${episodeId} --tenant ${tenantId} --out FILE`);
  return { episodeId, runId, proposalId, ...approved, stages };
}

interface Asked {
  readonly topic?: string;
  readonly pages?: string;
  /** The demo studio, unless a test brings its own. */
  readonly tenantId?: string;
}

interface Studio {
  readonly services: Services;
  readonly tenantId: string;
}

const EDITOR = { key: "cli.demo-editor", name: "Demo editor", kind: "HUMAN", roles: ["editor"] } as const;

async function give<I, R>({ services }: Studio, command: Command<I, R>, caller: Caller, input: object): Promise<R> {
  const executed = await services.execute(givenBy("cli", command), caller, {
    reason: "demo episode",
    ...input,
    operationId: `cli/demo/${ulid()}`,
  });
  if (!executed.ok) throw refused(executed.problems);
  return executed.result;
}

async function importFolder({ services }: Studio, caller: Caller, folder: string): Promise<ImportedFolder> {
  const imported = await importPageFolder(services, { caller, folder, reason: "demo episode" }).catch(
    (error: unknown) => {
      throw error instanceof DomainError && error.code === "BAD_INPUT" ? usageError(error.message) : error;
    },
  );
  for (const { what, message } of imported.refused) say(`left out ${what}: ${message}`);
  say(`pages: ${imported.sourceIds.length} read, ${imported.refused.length} left out`);
  return imported;
}

/**
 * Nobody has judged pages that were just read: they are of Tier 3. The demo's editor rates those that can be held against another
 * page of the folder; a page alone, or beside its own copies, stays what it is, and QA says what it lacks.
 */
async function rate(studio: Studio, editor: Caller, { sourceIds }: ImportedFolder): Promise<void> {
  const sources = await nodesOf(studio, sourceIds);
  if (!(await haveOthers(studio, sourceIds))) return void (await unrate(studio, editor, sources));
  const unrated = sources.filter((node) => node.label === "Source" && node.tier === 3 && node.reliability === "F");
  for (const { id } of unrated)
    await give(studio, setSourceRating, editor, {
      sourceId: id,
      tier: HELD_TIER,
      reason: `demo episode: read beside ${sourceIds.length - 1} other pages of the folder`,
    });
  if (unrated.length > 0)
    say(
      `the demo's editor rates ${unrated.length} pages that nobody had judged as tier ${HELD_TIER}, each beside the others`,
    );
}

/** A page that an earlier demo rated beside others isn't held against any here: it is of Tier 3 again. */
async function unrate(studio: Studio, editor: Caller, sources: Awaited<ReturnType<typeof nodesOf>>): Promise<void> {
  for (const node of sources)
    if (node.label === "Source" && node.tier === HELD_TIER && node.reliability === "F")
      await give(studio, setSourceRating, editor, {
        sourceId: node.id,
        tier: 3,
        reason: "demo episode: read beside no other page",
      });
}

/** Whether one of these says something else than the first. */
async function haveOthers({ services, tenantId }: Studio, sourceIds: readonly string[]): Promise<boolean> {
  const ids = sourceIds.flatMap((id) => parseNodeId(id)?.id ?? []);
  const held = await services.graph.read({ tenantId }, sourcesWithSnapshots, { ids });
  const readText = async ({ snapshotId, sha256 }: HeldSource) => {
    const [body] =
      snapshotId === null ? [] : await services.graph.read({ tenantId }, snapshotTextsQuery, { ids: [snapshotId] });
    return { sha256: sha256 ?? "", text: body?.text ?? "" };
  };
  const [first, ...others] = held;
  if (first === undefined) return false;
  const own = await readText(first);
  for (const other of others) if (!areCopies(own, await readText(other))) return true;
  return false;
}

const nodesOf = async ({ services, tenantId }: Studio, ids: readonly string[]) => [
  ...(
    await nodesById(
      services.graph,
      { tenantId },
      ids.flatMap((id) => parseNodeId(id) ?? []),
      FOREVER - 1,
    )
  ).values(),
];

/** What the first page is called whose title has words, else the folder; without pages what the demo studio knows of. */
async function titleOf(studio: Studio, folder: ImportedFolder | null, pages: string | undefined): Promise<string> {
  if (folder === null || pages === undefined) return TOPIC;
  const titles = (await nodesOf(studio, folder.sourceIds)).map(({ title }) => title);
  const named = titles.find((title) => searchWords(title).length > 0);
  return (named ?? basename(resolve(pages))).slice(0, LONGEST_TITLE);
}

async function topicCalled(studio: Studio, editor: Caller, title: string): Promise<string> {
  const known = await topicOf(readerOf(studio.services.graph, studio.tenantId), title);
  return known ?? (await give(studio, createTopic, editor, { title })).topicId;
}

/** Waits for the run's end, and tells of its stages. */
async function ended({ services, tenantId }: Studio, runId: string): Promise<RunRecord> {
  const reader = readerOf(services.graph, tenantId);
  const told = new Set<string>();
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const record = await readRun(reader, parseNodeId(runId)!.id);
    if (record === undefined) throw new Error(`${runId} was started and isn't there`);
    for (const { stage, attempt, status, outcome } of stagesOf(record)) {
      const line = `  ${stage}/${attempt} ${status}${outcome === null || outcome === "OK" ? "" : ` ${outcome}`}`;
      if (!told.has(line)) say(line);
      told.add(line);
    }
    if (["DONE", "BLOCKED", "FAILED", "CANCELLED"].includes(record.run.status)) return record;
    if (Date.now() > until)
      throw new CliError(
        `${runId} isn't at its end after ${PATIENCE_MS / 60_000} minutes; see whether a kill switch is on.`,
      );
    await sleep(LOOK_MS);
  }
}

const stagesOf = ({ stages }: RunRecord): DemoEpisode["stages"] =>
  stages
    .toSorted((a, b) => a.startedAt - b.startedAt || a.attempt - b.attempt)
    .map(({ stage, attempt, status, outcome, latencyMs }) => ({ stage, attempt, status, outcome, latencyMs }));

/** What the last stage answered with. */
async function handedOn(
  { services, tenantId }: Studio,
  { stages }: RunRecord,
): Promise<{ episode_id: string; proposal_id: string | null }> {
  const hash = stages.filter(({ stage, status }) => stage === "ops" && status === "DONE").at(-1)?.outputHash ?? null;
  if (hash === null) throw new CliError("The run ended without an episode: QA had let nothing through.");
  const documents = await readDocuments(readerOf(services.graph, tenantId), [hash]);
  return documents.get(hash) as { episode_id: string; proposal_id: string | null };
}

/** Approves as many times as policy asks for, each time as somebody else. */
async function approveAll(studio: Studio, proposalId: string): Promise<Pick<DemoEpisode, "approvers" | "packSha256">> {
  const approvers: string[] = [];
  for (;;) {
    const [proposal] = await nodesOf(studio, [proposalId]);
    if (proposal?.label !== "Proposal") throw new Error(`${proposalId} isn't there`);
    if (proposal.status === "DONE") return { approvers, packSha256: proposal.packSha256 };
    if (proposal.status !== "OPEN") throw new CliError(`${proposalId} is ${proposal.status}: somebody else closed it.`);
    if (approvers.length >= proposal.needed + 1)
      throw new CliError(`${proposalId} has ${approvers.length} approvals and wants more than the demo studio gives.`);
    const nth = approvers.length + 1;
    const [key, name] = [`cli.demo-approver-${nth}`, `Demo approver ${nth}`];
    const approver = await ownCaller(studio.services, {
      tenantId: studio.tenantId,
      key,
      name,
      kind: "HUMAN",
      roles: ["approver"],
    });
    await give(studio, approve, approver, { proposalId, contentHash: proposal.contentHash });
    approvers.push(key);
    say(`approved by ${name}`);
  }
}
