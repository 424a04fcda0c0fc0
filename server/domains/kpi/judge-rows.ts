import type { NodeId } from "../../../graph-schema/node-id.js";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import type { ProblemCode } from "../../commands/problem.js";
import { channelsByEpisode, currencies, episodesByVideo } from "./kpi.repository.js";
import { figuresOf, futureFault, type Fault, type KpiRow } from "./kpi-row.js";
import type { KpiFigure } from "../../../graph-schema/nodes/kpi-record.js";

export type Subject = NodeId & { readonly label: "Episode" | "Channel" };

/** A row whose subject is known, and that may be written. */
export interface KnownRow {
  /** The natural key of its record. */
  readonly key: string;
  readonly subject: Subject;
  /** What has one currency: the subject's channel, or the episode itself where it is on none. */
  readonly home: Subject;
  readonly day: string;
  readonly figures: { readonly [F in KpiFigure]?: number };
  readonly currency: string | null;
  readonly videoId: string | null;
}

export type JudgedRow =
  | { readonly row: KnownRow }
  | { readonly faults: readonly (Fault & { readonly code: ProblemCode })[] };

/** What the graph knows of the subjects of rows. */
export interface KnownSubjects {
  /** Episode by video id. */
  readonly videos: ReadonlyMap<string, string>;
  /** Channel, or null, by episode that is there. */
  readonly episodes: ReadonlyMap<string, string | null>;
  /** Currency, or null, by channel that is there. */
  readonly channels: ReadonlyMap<string, string | null>;
  /** The same by episode that is on none. */
  readonly lone: ReadonlyMap<string, string | null>;
}

export async function knownSubjects(reader: Reader, rows: readonly KpiRow[]): Promise<KnownSubjects> {
  const videos = await episodesByVideo(
    reader,
    rows.flatMap(({ videoId }) => (videoId == null ? [] : [videoId])),
  );
  const named = rows.flatMap(({ subjectId }) => (subjectId?.label === "Episode" ? [subjectId.id] : []));
  const episodes = await channelsByEpisode(reader, [...named, ...videos.values()]);
  const on = [...episodes.values()].filter((id) => id !== null);
  const given = rows.flatMap(({ subjectId }) => (subjectId?.label === "Channel" ? [subjectId.id] : []));
  const channels = await currencies(reader, "Channel", [...on, ...given]);
  const lone = [...episodes].flatMap(([id, channelId]) => (channelId === null ? [id] : []));
  return { videos, episodes, channels, lone: await currencies(reader, "Episode", lone) };
}

/** The id that a record of the day goes by. */
export const kpiKey = (subject: Subject, day: string): string => `${formatNodeId(subject.label, subject.id)} ${day}`;

/**
 * Judges rows by what is known of their subjects, and by each other: a subject that isn't there, a video that nobody named,
 * a day that is still to come, a currency beside another, a day told twice. What a row is refused for is told by field, and
 * the rest is judged on.
 */
export function judgeRows(rows: readonly KpiRow[], known: KnownSubjects, now: Instant): JudgedRow[] {
  /** What each home's figures are told in, by its public id. */
  const told = new Map<string, string>();
  const seen = new Set<string>();
  /** What videos mean, by what is known and by the rows before. */
  const videos = new Map(known.videos);
  return rows.map((given): JudgedRow => {
    const fault = (path: Fault["path"], message: string, code: ProblemCode = "BAD_INPUT"): JudgedRow => ({
      faults: [{ path, message, code }],
    });
    const future = futureFault(given.day, now);
    if (future !== null) return fault("day", future.message);
    const subject = subjectOf(given, { ...known, videos });
    if ("path" in subject) return { faults: [subject] };
    const home = homeOf(subject, known);
    const homeId = formatNodeId(home.label, home.id);
    const standing = told.get(homeId) ?? (home.label === "Channel" ? known.channels : known.lone).get(home.id) ?? null;
    const currency = given.currency ?? null;
    if (currency !== null && standing !== null && currency !== standing)
      return fault(
        "currency",
        `is ${currency}, and figures of ${homeId} are told in ${standing}, which sums need: convert the amounts to ${standing}`,
      );
    const key = kpiKey(subject, given.day);
    if (seen.has(key)) return fault("day", `${given.day} is told twice of the same subject: keep one of the rows`);
    seen.add(key);
    if (currency !== null) told.set(homeId, currency);
    const { day, videoId } = given;
    if (videoId != null) videos.set(videoId, subject.id);
    return { row: { key, subject, home, day, figures: figuresOf(given), currency, videoId: videoId ?? null } };
  });
}

function subjectOf(given: KpiRow, known: KnownSubjects): Subject | (Fault & { code: ProblemCode }) {
  const { subjectId, videoId } = given;
  const meant = videoId == null ? undefined : known.videos.get(videoId);
  if (subjectId != null) {
    const there = subjectId.label === "Episode" ? known.episodes.has(subjectId.id) : known.channels.has(subjectId.id);
    if (!there)
      return {
        path: "subjectId",
        code: "NOT_FOUND",
        message: "There is no such thing, or it isn't yours to see: take the id from the episode's page",
      };
    if (videoId == null) return subjectId;
    if (subjectId.label === "Channel")
      return { path: "videoId", code: "BAD_INPUT", message: "is of an episode: leave it out beside a channel" };
    if (meant === undefined || meant === subjectId.id) return subjectId;
    return {
      path: "videoId",
      code: "CONFLICT",
      message: `belongs to Episode:${meant}: name that one, or leave the video's id out`,
    };
  }
  if (meant !== undefined && known.episodes.has(meant)) return { label: "Episode", id: meant };
  return {
    path: "videoId",
    code: "NOT_FOUND",
    message:
      "No episode is known by this video: give the episode's id beside it once, and later rows are found by either",
  };
}

function homeOf(subject: Subject, known: KnownSubjects): Subject {
  if (subject.label === "Channel") return subject;
  const channelId = known.episodes.get(subject.id) ?? null;
  return channelId === null ? subject : { label: "Channel", id: channelId };
}
