import { createHash } from "node:crypto";
import { FOREVER } from "../../graph-schema/time.js";
import type { Problem } from "../commands/problem.js";
import { DomainError } from "../errors.js";
import { TIMEOUT_MS } from "../graph/graph.js";
import type { Services } from "../services.js";
import type { ImportEvent, ImportRequest } from "./claims.js";
import type { BatchCounts } from "./claims.command.js";
import { asked, BATCH_READINGS, classify, digestOf, importReadings, type Classified } from "./readings.command.js";
import { readStandingSources, type StandingSource } from "./readings.query.js";
import type { SourceReading } from "./reading.js";

/** One row of an import: what was read, or why it wasn't taken. `line` counts entries from 1; a page is entry 1. */
export interface Row {
  readonly line: number;
  readonly id: string | null;
  readonly read: SourceReading | { readonly refused: string };
  /** How many rows this one stands for, where those beyond a bound are refused together. */
  readonly count?: number;
}

type Head = Omit<ImportRequest, "chunks">;

/** Writes readings in batches, each whole or not at all, and tells how it goes. The same readings again write nothing. */
export async function* writeReadings(
  services: Services,
  request: Head,
  rows: Iterable<Row>,
): AsyncGenerator<ImportEvent> {
  const totals = { read: 0, created: 0, updated: 0, skipped: 0, refused: 0 };
  /** What earlier batches of a dry run would have left. */
  const preview = new Map<string, StandingSource>();
  let batches = 0;
  for (const batch of batchesOf(rows)) {
    for (const { line, id, read, count = 1 } of batch) {
      totals.read += count;
      if (!("refused" in read)) continue;
      totals.refused += count;
      yield { type: "refused", line, id, row: id ?? "", problems: [badInput(read.refused)] };
    }
    const numbered = batch.flatMap(({ line, read }) => ("refused" in read ? [] : [{ line, reading: read }]));
    if (numbered.length === 0) continue;
    const readings = numbered.map(({ reading }) => reading);
    const scope = { tenantId: request.caller.tenantId, timeoutMs: TIMEOUT_MS.bulk };
    const standing = await services.graph.read(scope, readStandingSources, { rows: asked(readings), forever: FOREVER });
    if (request.dryRun) {
      const work = classify(
        readings,
        standing.map((row, i) => afterEarlier(row, preview.get(row.key), readings[i]!)),
      );
      for (const one of work) preview.set(one.reading.key, afterwards(one));
      const lines = new Map(numbered.map(({ line, reading }) => [reading.key, line]));
      yield* work.flatMap((one) => changeOf(one, lines.get(one.reading.key)!));
      add(totals, countsOf(work));
    } else {
      add(totals, await writeBatch(services, request, ++batches, readings, standing));
    }
    yield { type: "progress", ...totals };
  }
  yield { type: "done", ...totals, dryRun: request.dryRun };
}

const badInput = (message: string): Problem => ({ code: "BAD_INPUT", path: "", message });

function add(totals: { created: number; updated: number; skipped: number }, counts: BatchCounts): void {
  totals.created += counts.created;
  totals.updated += counts.updated;
  totals.skipped += counts.skipped;
}

const countsOf = (work: readonly Classified[]): BatchCounts => ({
  created: work.filter(({ action }) => action === "create").length,
  updated: work.filter(({ action }) => action === "update").length,
  skipped: work.filter(({ action }) => action === null).length,
});

/** A source that a batch has already begins the next one, so that a later reading meets the earlier one's effect. */
function* batchesOf(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = [];
  let keys = new Set<string>();
  for (const row of rows) {
    const key = "refused" in row.read ? null : row.read.key;
    if (batch.length === BATCH_READINGS || (key !== null && keys.has(key))) {
      yield batch;
      batch = [];
      keys = new Set();
    }
    batch.push(row);
    if (key !== null) keys.add(key);
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(
  services: Services,
  { caller, key, reason }: Head,
  number: number,
  readings: readonly SourceReading[],
  standing: readonly StandingSource[],
): Promise<BatchCounts> {
  if (classify(readings, standing).every(({ action }) => action === null)) {
    return { created: 0, updated: 0, skipped: readings.length };
  }
  // Named by what is written and what was found: the same file at another address, or after other imports, is another act.
  const found = createHash("sha256")
    .update(JSON.stringify([readings.map(digestOf), standing]))
    .digest("hex")
    .slice(0, 16);
  const operationId = `import/${key}/${number}/${found}`;
  const executed = await services.execute(importReadings, caller, { operationId, reason, readings });
  if (executed.ok) return executed.result;
  const [problem] = executed.problems;
  const message = executed.problems.map((one) => one.message).join(" ");
  throw new DomainError(problem?.code === "FORBIDDEN" ? "FORBIDDEN" : "BAD_INPUT", message);
}

/** What stands, given what earlier batches of this dry run would have written. */
function afterEarlier(
  row: StandingSource,
  earlier: StandingSource | undefined,
  reading: SourceReading,
): StandingSource {
  if (earlier === undefined) return row;
  return {
    ...earlier,
    captured:
      row.captured ?? (reading.snapshot !== null && earlier.excerpt === reading.excerpt ? earlier.captured : null),
  };
}

function afterwards({ reading, standing }: Classified): StandingSource {
  return {
    key: reading.key,
    id: standing.id ?? "",
    publisher: standing.publisher ?? reading.publisher,
    byline: standing.byline ?? reading.byline,
    excerpt: standing.excerpt ?? reading.excerpt,
    publishedAt: standing.publishedAt ?? reading.publishedAt,
    captured: reading.snapshot?.kind ?? standing.captured,
    current: reading.snapshot?.kind === "FULL" ? reading.snapshot.key : standing.current,
    since: standing.since,
  };
}

function changeOf({ reading, action, captures, returns, gaps }: Classified, line: number): ImportEvent[] {
  if (action === null) return [];
  const { snapshot } = reading;
  const parts = [
    ...(action === "create" ? ["a new source"] : []),
    ...(captures && snapshot !== null
      ? [
          returns
            ? "the text that it had before, again"
            : `a ${snapshot.kind === "FULL" ? "snapshot" : "excerpt"} of ${snapshot.bytes} bytes${snapshot.cut ? ", CUT" : ""} with ${snapshot.facts.length} facts`,
        ]
      : []),
    ...(gaps.length > 0 ? [`its ${gaps.join(", ")}`] : []),
  ];
  return [
    { type: "change", line, action, detail: `“${reading.title.slice(0, 80)}” ${reading.key}: ${parts.join("; ")}` },
  ];
}
