import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { KPI_FIGURES } from "../../../graph-schema/nodes/kpi-record.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type Outcome } from "../../commands/command.js";
import type { Reader } from "../../commands/judge.js";
import { Refusal, type Problem } from "../../commands/problem.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { sortRows } from "./classify.js";
import { judgeRows, knownSubjects, type JudgedRow, type KnownRow } from "./judge-rows.js";
import { createKpis, keepVideoIds, standingKpis } from "./kpi.repository.js";
import { kpiRow, type KpiRow } from "./kpi-row.js";

/** Rows of one transaction. */
export const MOST_ROWS = 1_000;

export interface KpiCounts {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
}

const rows = z.array(kpiRow).min(1).max(MOST_ROWS, `must be at most ${MOST_ROWS} rows`);

/** Public ids of the channels that rows are of, by what is known now. */
async function channelsOfRows(reader: Reader, given: readonly KpiRow[]): Promise<string[]> {
  const { channels } = await knownSubjects(reader, given);
  return [...channels.keys()].map((id) => `Channel:${id}`);
}

const rowOf = (one: JudgedRow): KnownRow[] => ("row" in one ? [one.row] : []);

/** What rows are refused for, under `at.<row>.<field>`. */
export const problemsOf = (judged: readonly JudgedRow[], at = "rows"): Problem[] =>
  judged
    .flatMap((one, index) =>
      "row" in one
        ? []
        : one.faults.map(({ code, path, message }) => ({
            code,
            message,
            path: path === "" ? `${at}.${index}` : `${at}.${index}.${path}`,
          })),
    )
    .slice(0, 20);

/**
 * Writes rows of figures, all or none. Answers what they are refused for, by row, where any is; nothing is written then.
 * A day that is told again with other figures is a new version of its record, so what was told before can still be seen.
 */
export async function writeKpis(
  { tx, operationId, newId }: CommandContext,
  given: readonly KpiRow[],
): Promise<{ readonly judged: readonly JudgedRow[]; readonly at: Instant } & Partial<{ counts: KpiCounts }>> {
  const before = await knownSubjects(tx, given);
  const nodes = [
    ...[...before.episodes.keys()].map((id) => ({ label: "Episode", id }) as const),
    ...[...before.channels.keys()].map((id) => ({ label: "Channel", id }) as const),
  ];
  const held = await lock(tx, nodes);
  // Read anew under the locks: whoever writes figures of these subjects waits here.
  const judged = judgeRows(given, await knownSubjects(tx, given), held.at);
  if (judged.some((one) => !("row" in one))) return { judged, at: held.at };
  const known = judged.flatMap(rowOf);
  const standing = await standingKpis(
    tx,
    known.map(({ key }) => key),
  );
  const records = [...standing.values()].map(({ node }) => ({ label: "KpiRecord", id: node.ulid }) as const);
  const at = records.length === 0 ? held.at : Math.max(held.at, (await lock(tx, records)).at);
  const stamp = { at, operationId };
  const work = sortRows(known, new Map([...standing].map(([key, { node }]) => [key, node])));
  for (const label of ["Episode", "Channel"] as const) {
    const made = work.created.filter(({ subject }) => subject.label === label);
    await createKpis(
      tx,
      label,
      made.map((row) => ({ id: newId(), key: row.key, subject: row.subject.id, properties: propertiesOf(row) })),
      stamp,
    );
  }
  for (const { row, changes } of work.updated)
    await reviseNode(tx, standing.get(row.key)!.node, changes as never, newId(), stamp);
  const videos = known.flatMap(({ videoId, subject }) =>
    videoId === null || subject.label !== "Episode" ? [] : [{ videoId, episodeId: subject.id }],
  );
  await keepVideoIds(tx, videos, at);
  const counts = { created: work.created.length, updated: work.updated.length, skipped: work.skipped };
  return { judged, at, counts };
}

/**
 * Remembers that a platform's id of a video means an episode, which the caller has locked. Null when it does; the episode that
 * it means already when that is another one.
 */
export async function nameVideo(
  { tx }: CommandContext,
  videoId: string,
  episodeId: string,
  at: Instant,
): Promise<string | null> {
  const meant = (await keepVideoIds(tx, [{ videoId, episodeId }], at)).get(videoId);
  return meant === undefined || meant === episodeId ? null : meant;
}

const propertiesOf = (row: KnownRow) => ({
  title: `Figures of ${row.day}`,
  subjectId: formatNodeId(row.subject.label, row.subject.id),
  day: row.day,
  ...Object.fromEntries(KPI_FIGURES.map((figure) => [figure, row.figures[figure] ?? null])),
  currency: row.currency,
});

async function record(context: CommandContext, given: readonly KpiRow[]): Promise<Outcome<KpiCounts>> {
  const { judged, at, counts } = await writeKpis(context, given);
  if (counts === undefined) throw new Refusal(problemsOf(judged));
  const subject = `Tenant:${context.tx.tenantId}`;
  return {
    result: counts,
    at,
    events: [{ type: "kpis.recorded", subject, data: { ...counts } }],
    detail: { rows: given.length },
  };
}

/** Records what was measured of episodes and channels: all of the rows, or none. */
export const recordKpis = defineCommand({
  name: "recordKpis",
  capability: "import",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({ rows }),
  summarize: ({ rows: given }) => ({ rows: given.length }),
  channels: (tx, { rows: given }) => channelsOfRows(tx, given),
  run: (context, { rows: given }) => record(context, given),
});

/** The same for a batch of a file: its door makes the operation's id. */
export const importKpiRows = defineCommand({ ...recordKpis, name: "importKpis", door: "import" });
