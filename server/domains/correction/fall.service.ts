import { formatNodeId, parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { GOING_STATES } from "../../../graph-schema/nodes/correction-task.js";
import { LIVE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { FALL_CAUSES, type FallCause } from "../../../graph-schema/nodes/incident.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import type { CommandContext, DomainEvent } from "../../commands/command.js";
import { openEdge } from "../../graph/edge.js";
import { createNode, newborn, presentNode, reviseNode, type Stamp } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { needRecheck, type Rechecked } from "../claim/recheck.service.js";
import {
  claimsUnder,
  createTasks,
  episodesWithTask,
  goingTasks,
  keepFall,
  liveEpisodesOfClaims,
  openIncidentOf,
  scenesOfClaims,
  type FallRest,
  type LiveEpisode,
} from "./fall.repository.js";

/*
 * A source fell: it went stale, is dead or retracted, or says something else than it was quoted for. In the transaction of that
 * change the claims, scenes and live episodes that stand on it are found, and an incident and a task for each live episode are
 * opened. What one transaction does is bounded; the rest is kept, said to be there, and the job `recheck-claims` goes on.
 */

/** Claims of a fallen source that one transaction looks under, and live episodes that it opens tasks for. */
export const MOST_CLAIMS = 10_000;
export const MOST_EPISODES = 500;
/** Characters of an incident's story and of a task's reasons; the oldest lines go first. */
const LONGEST = 4_000;
const LONGEST_LINE = 1_000;

/** What each cause counts as among incidents: only what was taken back for good is grave. */
const SEVERITY = { QUOTE_GONE: 3, STALE: 3, DEAD: 3, RETRACTED: 2 } as const satisfies Record<FallCause, number>;

const FELL = {
  QUOTE_GONE: "says something else now",
  STALE: "went stale",
  DEAD: "is dead",
  RETRACTED: "was retracted",
} as const satisfies Record<FallCause, string>;

export interface Fall {
  readonly source: { readonly ulid: string; readonly title: string };
  readonly cause: FallCause;
  /** What happened, in a sentence. */
  readonly because: string;
  /** Only these claims fall, by ULID; without them all that stand on the source. */
  readonly claimIds?: readonly string[];
}

export interface Fallen {
  /** Null where nothing live stands on it. */
  readonly incidentId: string | null;
  readonly taskIds: readonly string[];
  readonly events: readonly DomainEvent[];
}

type Writing = Pick<CommandContext, "tx" | "operationId" | "newId">;

/** The open incident of each source, locked. Ask before anything is written; the sources are locked. */
export interface Held {
  readonly at: Instant;
  readonly incidents: ReadonlyMap<string, string>;
}

export async function holdIncidents({ tx }: Pick<Writing, "tx">, sourceIds: readonly string[]): Promise<Held> {
  const incidents = new Map<string, string>();
  for (const id of sourceIds) {
    const sourceId = formatNodeId("Source", id);
    const [found] = await tx.run(openIncidentOf, { id, sourceId, forever: FOREVER });
    if (found !== undefined) incidents.set(id, found.id);
  }
  if (incidents.size === 0) return { at: 0, incidents };
  const nodes = [...incidents.values()].map((id): NodeId => ({ label: "Incident", id }));
  const { at } = await lock(tx, nodes);
  // Whoever closed the last task of one may have resolved it before it was locked.
  const open = new Map<string, string>();
  for (const [id, incident] of incidents) {
    const [still] = await tx.run(openIncidentOf, { id, sourceId: formatNodeId("Source", id), forever: FOREVER });
    if (still?.id === incident) open.set(id, incident);
  }
  return { at, incidents: open };
}

/** What is told of a line of claims and of what stands on them. */
interface Blast {
  readonly claims: number;
  readonly scenes: number;
  readonly episodes: readonly LiveEpisode[];
  /** Where the next transaction goes on; null when this was all. */
  readonly next: Pick<FallRest, "after" | "episode"> | null;
}

async function blastOf(
  { tx }: Pick<Writing, "tx">,
  { id, claimIds }: { readonly id: string; readonly claimIds: readonly string[] | undefined },
  { after, episode }: Pick<FallRest, "after" | "episode">,
): Promise<Blast> {
  const found =
    claimIds?.toSorted() ??
    (await tx.run(claimsUnder, { id, after, most: MOST_CLAIMS + 1, forever: FOREVER })).map((row) => row.id);
  const ids = claimIds === undefined ? found.slice(0, MOST_CLAIMS) : found;
  if (ids.length === 0) return { claims: 0, scenes: 0, episodes: [], next: null };
  const [counted] = await tx.run(scenesOfClaims, { ids, forever: FOREVER });
  const asked = { ids, after: episode, most: MOST_EPISODES + 1, live: LIVE_STATUSES, forever: FOREVER };
  const episodes = await tx.run(liveEpisodesOfClaims, asked);
  const shown = episodes.slice(0, MOST_EPISODES);
  const next =
    episodes.length > shown.length
      ? { after, episode: shown.at(-1)!.id }
      : found.length > ids.length
        ? { after: ids.at(-1)!, episode: "" }
        : null;
  return { claims: ids.length, scenes: counted?.count ?? 0, episodes: shown, next };
}

/**
 * Opens what a fall asks for, at the transaction's instant, which is behind all that was locked. Where nothing live stands on
 * the source there is nothing to correct: no incident then. The same fall again opens nothing again: an episode whose task goes
 * on keeps it, and one whose task was closed gets another only for a graver cause.
 */
export async function openCorrections(
  writing: Writing,
  fall: Fall,
  { incidents }: Held,
  stamp: Stamp,
): Promise<Fallen> {
  const { source, claimIds } = fall;
  const blast = await blastOf(writing, { id: source.ulid, claimIds }, { after: "", episode: "" });
  const known = incidents.get(source.ulid);
  if (blast.episodes.length === 0) {
    if (known !== undefined) await retell(writing, known, fall, stamp);
    // Behind these claims there may be some that are live: the incident is opened with the first of them.
    if (blast.next !== null) await keepRest(writing, { ...fall, incidentId: known ?? "" }, blast.next);
    return { incidentId: null, taskIds: [], events: [] };
  }
  const incidentId = known ?? (await openIncident(writing, fall, stamp));
  const graver = known === undefined ? false : await retell(writing, known, fall, stamp);
  const wanted = known === undefined ? blast.episodes : await without(writing, known, fall.cause, blast.episodes);
  const taskIds = await openTasks(writing, { ...fall, incidentId }, wanted, stamp);
  if (blast.next !== null) await keepRest(writing, { ...fall, incidentId }, blast.next);
  const again = known !== undefined && !graver && taskIds.length === 0;
  return {
    incidentId: formatNodeId("Incident", incidentId),
    taskIds,
    events: again ? [] : [fellEvent(fall, incidentId, blast, taskIds)],
  };
}

/** The whole of it for one source: its claims need a check, and what is live gets its tasks. Lock the source before, write nothing before. */
export async function fall(
  writing: Writing,
  falling: Fall,
  before: Instant,
): Promise<Pick<Rechecked, "claims" | "more" | "at"> & Fallen> {
  const held = await holdIncidents(writing, [falling.source.ulid]);
  const ground = { sourceIds: [falling.source.ulid] };
  const rechecked = await needRecheck(writing, ground, falling.because, Math.max(before, held.at));
  const stamp = { at: rechecked.at, operationId: writing.operationId };
  return { ...rechecked, ...(await openCorrections(writing, falling, held, stamp)) };
}

/**
 * What the next transaction of a fall does. Answers how many tasks it opened, and whether there is more. Its tasks are of the source's
 * incident that is open now: the one that the fall began with may be over, or gone.
 */
export async function goOn(writing: Writing, rest: FallRest, held: Held, stamp: Stamp) {
  const source = (await presentNode(writing.tx, "Source", rest.sourceId))!;
  const falling = { source, cause: rest.cause as FallCause, because: rest.because };
  const claimIds = rest.claimIds.length === 0 ? undefined : rest.claimIds;
  const blast = await blastOf(writing, { id: rest.sourceId, claimIds }, rest);
  const known = held.incidents.get(rest.sourceId);
  const incidentId = known ?? (blast.episodes.length > 0 ? await openIncident(writing, falling, stamp) : "");
  const wanted = await without(writing, incidentId, falling.cause, blast.episodes);
  const taskIds = await openTasks(writing, { ...falling, incidentId }, wanted, stamp);
  if (blast.next !== null) await writing.tx.run(keepFall, { rest: { ...rest, incidentId, ...blast.next } });
  return { incidentId, taskIds, more: blast.next !== null, event: fellEvent(falling, incidentId, blast, taskIds) };
}

const keepRest = (
  { tx, newId }: Writing,
  { source, cause, because, incidentId, claimIds = [] }: Fall & { readonly incidentId: string },
  next: NonNullable<Blast["next"]>,
) =>
  tx.run(keepFall, {
    rest: { id: newId(), sourceId: source.ulid, incidentId, cause, because, claimIds: [...claimIds], ...next },
  });

const fellEvent = (
  { source, cause }: Fall,
  incidentId: string,
  { claims, scenes, episodes, next }: Blast,
  taskIds: readonly string[],
): DomainEvent => ({
  type: "source.fell",
  subject: formatNodeId("Source", source.ulid),
  data: {
    cause,
    incidentId: formatNodeId("Incident", incidentId),
    claims,
    scenes,
    episodeIds: episodes.map(({ id }) => formatNodeId("Episode", id)),
    ownerIds: [...new Set(episodes.flatMap(({ owners }) => owners))].sort().map((id) => formatNodeId("Principal", id)),
    taskIds,
    more: next !== null,
  },
});

const titleOf = ({ source, cause }: Fall): string => `The source “${source.title.slice(0, 400)}” ${FELL[cause]}`;
const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim().slice(0, LONGEST_LINE);

async function openIncident({ tx, newId }: Writing, falling: Fall, stamp: Stamp): Promise<string> {
  const from = { label: "Incident", id: newId() } as const;
  const properties = {
    title: titleOf(falling),
    severity: SEVERITY[falling.cause],
    status: "OPEN" as const,
    description: oneLine(falling.because),
    openedAt: stamp.at,
    resolvedAt: null,
    sourceId: formatNodeId("Source", falling.source.ulid),
    cause: falling.cause,
  };
  await createNode(tx, from, properties, stamp);
  await openEdge(tx, { type: "AFFECTS", from, to: { label: "Source", id: falling.source.ulid } }, stamp);
  return from.id;
}

/** Adds what happened to the story of an incident that goes on. Answers whether it is graver than what was known. */
async function retell({ tx, newId }: Writing, id: string, falling: Fall, stamp: Stamp): Promise<boolean> {
  const incident = (await presentNode(tx, "Incident", id))!;
  const lines = incident.description?.split("\n") ?? [];
  const because = oneLine(falling.because);
  if (lines.includes(because)) return false;
  const graver = incident.cause === null || FALL_CAUSES.indexOf(falling.cause) > FALL_CAUSES.indexOf(incident.cause);
  const wanted = {
    description: longestEnd([...lines, because]),
    ...(graver
      ? {
          title: titleOf(falling),
          cause: falling.cause,
          severity: Math.min(incident.severity, SEVERITY[falling.cause]),
        }
      : {}),
  };
  await reviseNode(tx, incident, wanted, newId(), stamp);
  return graver;
}

export function longestEnd(lines: readonly string[]): string {
  let from = 0;
  while (from < lines.length - 1 && lines.slice(from).join("\n").length > LONGEST) from++;
  return lines.slice(from).join("\n");
}

/** Episodes that need a task: none of theirs goes on, and none was closed after as grave a cause. */
async function without(
  { tx }: Pick<Writing, "tx">,
  incidentId: string,
  cause: FallCause,
  episodes: readonly LiveEpisode[],
): Promise<LiveEpisode[]> {
  if (episodes.length === 0) return [];
  const graver = FALL_CAUSES.slice(FALL_CAUSES.indexOf(cause));
  const ids = episodes.map(({ id }) => id);
  const rows = await tx.run(episodesWithTask, { incidentId, ids, going: GOING_STATES, graver, forever: FOREVER });
  const has = new Set(rows.map(({ id }) => id));
  return episodes.filter(({ id }) => !has.has(id));
}

async function openTasks(
  { tx, newId }: Writing,
  falling: Fall & { readonly incidentId: string },
  episodes: readonly LiveEpisode[],
  stamp: Stamp,
): Promise<string[]> {
  if (episodes.length === 0) return [];
  const { source, cause, because, incidentId } = falling;
  const rows = episodes.map(({ id: episodeId, title, owners }) => ({
    id: newId(),
    episodeId,
    owners,
    properties: newborn(
      tx,
      "CorrectionTask",
      {
        title: `Look at “${title.slice(0, 300)}”: ${FELL_SHORT[cause]}`,
        state: "OPEN",
        cause,
        why: oneLine(because),
        sourceId: formatNodeId("Source", source.ulid),
        incidentId: formatNodeId("Incident", incidentId),
        episodeId: formatNodeId("Episode", episodeId),
        openedAt: stamp.at,
      },
      stamp,
    ),
  }));
  await tx.run(createTasks, { incidentId, rows, ...stamp, forever: FOREVER });
  return rows.map(({ id }) => formatNodeId("CorrectionTask", id));
}

const FELL_SHORT = {
  QUOTE_GONE: "a quote is gone from its source",
  STALE: "a source went stale",
  DEAD: "a source is dead",
  RETRACTED: "a source was retracted",
} as const satisfies Record<FallCause, string>;

/**
 * A source that fell can be relied on again. That doesn't close its tasks: a page that answers may say something else, and nobody
 * has looked. The incident and up to 500 tasks that go on are told of it, so that whoever has one can check quickly. Lock the source
 * before, write nothing before.
 */
export async function comeBack(
  writing: Writing,
  source: Fall["source"],
  because: string,
  before: Instant,
): Promise<{ readonly at: Instant; readonly noted: number }> {
  const { tx, newId, operationId } = writing;
  const held = await holdIncidents(writing, [source.ulid]);
  const incidentId = held.incidents.get(source.ulid);
  if (incidentId === undefined) return { at: before, noted: 0 };
  const asked = { incidentId, going: GOING_STATES, most: MOST_EPISODES, forever: FOREVER };
  const ids = (await tx.run(goingTasks, asked)).map(({ id }) => id);
  const locked = await lock(
    tx,
    ids.map((id): NodeId => ({ label: "CorrectionTask", id })),
  );
  const stamp = { at: Math.max(before, held.at, locked.at), operationId };
  const line = oneLine(because);
  const incident = (await presentNode(tx, "Incident", incidentId))!;
  const story = longestEnd([...(incident.description?.split("\n") ?? []), line]);
  await reviseNode(tx, incident, { description: story }, newId(), stamp);
  for (const id of ids) {
    const task = (await presentNode(tx, "CorrectionTask", id))!;
    await reviseNode(tx, task, { why: longestEnd([...task.why.split("\n"), line]) }, newId(), stamp);
  }
  return { at: stamp.at, noted: ids.length };
}

/** The ULID behind a public id of a stored property. */
export const ulidOf = (publicId: string): string => parseNodeId(publicId)?.id ?? publicId;
