import { createHash } from "node:crypto";
import { formatNodeId } from "../../graph-schema/node-id.js";
import { KPI_FIGURES } from "../../graph-schema/nodes/kpi-record.js";
import type { Reader } from "../commands/judge.js";
import { wasDone, type Problem } from "../commands/problem.js";
import { changesOf, sortRows, type KnownFigures } from "../domains/kpi/classify.js";
import { judgeRows, knownSubjects, type KnownRow, type KnownSubjects } from "../domains/kpi/judge-rows.js";
import { importKpiRows, MOST_ROWS, type KpiCounts } from "../domains/kpi/kpi.service.js";
import type { KpiRow } from "../domains/kpi/kpi-row.js";
import { knownKpis } from "../domains/kpi/known.service.js";
import { DomainError } from "../errors.js";
import { TIMEOUT_MS } from "../graph/graph.js";
import type { Services } from "../services.js";
import type { ImportEvent, ImportRequest } from "./claims.js";
import { columnOf, parseKpiRow, readKpiHeader, type KpiHeader } from "./kpi-row.js";
import { readLines } from "./lines.js";
import { OneCurrency } from "./one-currency.js";

/** Characters of a refused row that are sent back. */
const MAX_ECHO = 2_000;

/** A row with where it stands in its file. */
interface Numbered {
  readonly line: number;
  readonly text: string;
  readonly id: string;
  readonly row: KpiRow;
}

type Refused = ImportEvent & { readonly type: "refused" };
type Step = { readonly rows: readonly Numbered[] } | { readonly refused: Refused };

/** What earlier batches of a dry run would have left. */
interface Preview {
  readonly figures: Map<string, KnownFigures>;
  readonly currencies: Map<string, string>;
  readonly videos: Map<string, string>;
}

/**
 * Imports figures from CSV, in batches that are each written whole. The same file again changes nothing; a row that tells
 * other figures of a day gives its record a new version; a broken row is told and the rest goes on.
 */
export async function* importKpis(services: Services, request: ImportRequest): AsyncGenerator<ImportEvent> {
  const totals = { read: 0, created: 0, updated: 0, skipped: 0, refused: 0 };
  const preview: Preview | null = request.dryRun
    ? { figures: new Map(), currencies: new Map(), videos: new Map() }
    : null;
  let batches = 0;
  for await (const step of batchesOf(request.chunks)) {
    if ("refused" in step) {
      totals.read++;
      totals.refused++;
      yield step.refused;
      continue;
    }
    totals.read += step.rows.length;
    const number = ++batches;
    const { refused, counts, changes } = await takeBatch(services, request, number, step.rows, preview);
    totals.refused += refused.length;
    totals.created += counts.created;
    totals.updated += counts.updated;
    totals.skipped += counts.skipped;
    yield* refused;
    yield* changes;
    yield { type: "progress", ...totals };
  }
  yield { type: "done", ...totals, dryRun: request.dryRun };
}

/** Rows in batches; a subject and day that a batch has already begins the next one, so that later rows meet earlier ones' effect. */
async function* batchesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Step> {
  let header: KpiHeader | null = null;
  let rows: Numbered[] = [];
  let keys = new Set<string>();
  const currency = new OneCurrency();
  const take = () => {
    const full = rows;
    rows = [];
    keys = new Set();
    return { rows: full };
  };
  for await (const { number: line, text, problem } of readLines(chunks)) {
    if (header === null) {
      header = headerOf(text, problem);
      continue;
    }
    const parsed =
      text === null
        ? { id: null, problems: [{ code: "BAD_INPUT", path: "", message: problem ?? "" } as const] }
        : parseKpiRow(text, header);
    const other = "row" in parsed ? currency.faultOf(parsed.row.currency ?? null, line) : null;
    if (!("row" in parsed) || other !== null) {
      const problems = "row" in parsed ? [other!] : parsed.problems;
      yield { refused: refusedRow(line, text ?? "", parsed.id, problems) };
      continue;
    }
    const { row } = parsed;
    const key = `${row.subjectId ? formatNodeId(row.subjectId.label, row.subjectId.id) : row.videoId} ${row.day}`;
    if (rows.length === MOST_ROWS || keys.has(key)) yield take();
    keys.add(key);
    rows.push({ line, text: text!, id: parsed.id, row });
  }
  if (header === null) throw DomainError.badInput("body", "The file is empty: there is nothing to import.");
  if (rows.length > 0) yield take();
}

function headerOf(text: string | null, problem: string | null): KpiHeader {
  const header = text === null ? { problem: problem ?? "" } : readKpiHeader(text);
  if ("problem" in header) throw DomainError.badInput("body", header.problem);
  return header;
}

const refusedRow = (line: number, text: string, id: string | null, problems: readonly Problem[]): Refused => ({
  type: "refused",
  line,
  id,
  row: text.slice(0, MAX_ECHO),
  problems,
});

interface Taken {
  readonly refused: readonly Refused[];
  readonly counts: KpiCounts;
  readonly changes: readonly ImportEvent[];
}

async function takeBatch(
  services: Services,
  request: ImportRequest,
  number: number,
  numbered: readonly Numbered[],
  preview: Preview | null,
): Promise<Taken> {
  const { caller } = request;
  const scope = { tenantId: caller.tenantId, timeoutMs: TIMEOUT_MS.bulk };
  const reader: Reader = {
    tenantId: caller.tenantId,
    run: (query, params) => services.graph.read(scope, query, params),
  };
  const rows = numbered.map(({ row }) => row);
  const subjects = await knownSubjects(reader, preview === null ? rows : named(rows, preview));
  const judged = judgeRows(rows, preview === null ? subjects : foreseen(subjects, preview), services.clock.now());
  const refused = judged.flatMap((one, i) => {
    if ("row" in one) return [];
    const { line, text, id } = numbered[i]!;
    return [refusedRow(line, text, id, toProblems(one.faults))];
  });
  const good = judged.flatMap((one, i) =>
    "row" in one ? [{ ...one.row, line: numbered[i]!.line, given: rows[i]! }] : [],
  );
  const known = await knownKpis(
    reader,
    good.map(({ key }) => key),
  );
  if (preview !== null) return { refused, ...foresee(good, known, preview) };
  const work = sortRows(good, known);
  if (work.skipped === good.length)
    return { refused, counts: { created: 0, updated: 0, skipped: good.length }, changes: [] };
  const writers = [...known].map(([key, { versionBy }]) => [key, versionBy]).sort();
  const counts = await write(services, request, number, good, JSON.stringify(writers));
  return { refused, counts, changes: [] };
}

const toProblems = (faults: readonly Problem[]): Problem[] =>
  faults.map(({ code, path, message }) => ({ code, message, path: columnOf(path) }));

async function write(
  services: Services,
  { caller, key, reason }: ImportRequest,
  number: number,
  rows: readonly { readonly given: KpiRow }[],
  writers: string,
): Promise<KpiCounts> {
  const input = rows.map(({ given }) => sent(given));
  const operationId = `import/${key}/${number}`;
  const run = (id: string) => services.execute(importKpiRows, caller, { operationId: id, reason, rows: input });
  let executed = await run(operationId);
  // This batch was written before, and others have changed its rows since: who wrote what was found names the new operation.
  const before = executed.ok
    ? executed.replayed
    : executed.problems.some((problem) => wasDone(problem) || problem.code === "OPERATION_ID_REUSED");
  if (before) executed = await run(`${operationId}/${hash(`${writers} ${JSON.stringify(input)}`).slice(0, 16)}`);
  if (executed.ok) return executed.result;
  const [problem] = executed.problems;
  const message = executed.problems.map((one) => one.message).join(" ");
  throw new DomainError(problem?.code === "FORBIDDEN" ? "FORBIDDEN" : "BAD_INPUT", message);
}

/** A row as the command takes it. */
const sent = ({ subjectId, ...row }: KpiRow) => ({
  ...row,
  subjectId: subjectId ? formatNodeId(subjectId.label, subjectId.id) : null,
});

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Rows with the episodes that earlier rows of a dry run would have named their videos by. */
const named = (rows: readonly KpiRow[], { videos }: Preview): KpiRow[] =>
  rows.map((row) => {
    const id = row.subjectId == null && row.videoId != null ? videos.get(row.videoId) : undefined;
    return id === undefined ? row : { ...row, subjectId: { label: "Episode" as const, id } };
  });

const foreseen = (known: KnownSubjects, { currencies, videos }: Preview): KnownSubjects => {
  const of = (label: string, map: ReadonlyMap<string, string | null>) =>
    new Map([...map].map(([id, told]) => [id, told ?? currencies.get(`${label}:${id}`) ?? null]));
  return {
    ...known,
    videos: new Map([...videos, ...known.videos]),
    channels: of("Channel", known.channels),
    lone: of("Episode", known.lone),
  };
};

/** What a batch would do, given what is known and what earlier batches of the file would have done. */
function foresee(
  rows: readonly (KnownRow & { readonly line: number })[],
  known: ReadonlyMap<string, KnownFigures>,
  preview: Preview,
): Omit<Taken, "refused"> {
  const standing = new Map(known);
  for (const { key } of rows) {
    const before = preview.figures.get(key);
    if (before !== undefined) standing.set(key, before);
  }
  const work = sortRows(rows, standing);
  for (const row of rows) {
    const before = standing.get(row.key) ?? {};
    preview.figures.set(row.key, { ...before, ...changesOf(row, before) });
    if (row.currency !== null) preview.currencies.set(formatNodeId(row.home.label, row.home.id), row.currency);
    if (row.videoId !== null && row.subject.label === "Episode") preview.videos.set(row.videoId, row.subject.id);
  }
  const told = (figures: KnownFigures) =>
    [...KPI_FIGURES, "currency" as const]
      .flatMap((name) => (figures[name] == null ? [] : [`${columnOf(name)} ${figures[name]}`]))
      .join(", ");
  const changes: ImportEvent[] = [
    ...work.created.map(
      (row) =>
        ({ type: "change", line: row.line, action: "create", detail: `${row.key}: ${told(row.figures)}` }) as const,
    ),
    ...work.updated.map(
      ({ row, changes: to }) =>
        ({ type: "change", line: row.line, action: "update", detail: `${row.key}: ${told(to)}` }) as const,
    ),
  ].sort((a, b) => a.line - b.line);
  const counts = { created: work.created.length, updated: work.updated.length, skipped: work.skipped };
  return { counts, changes };
}
