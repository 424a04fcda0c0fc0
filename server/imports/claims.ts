import { createHash } from "node:crypto";
import type { Caller } from "../commands/caller.js";
import { wasDone, type Problem } from "../commands/problem.js";
import { DomainError } from "../errors.js";
import { TIMEOUT_MS } from "../graph/graph.js";
import type { Services } from "../services.js";
import { parseClaimRow, type ClaimRow } from "./claim-row.js";
import { BATCH_ROWS, classify, importClaimRows, type BatchCounts } from "./claims.command.js";
import { readStandingRows, type StandingRow } from "./claims.query.js";
import { readLines } from "./lines.js";

export type ImportEvent =
  | ({ readonly type: "progress"; readonly read: number; readonly refused: number } & BatchCounts)
  | {
      readonly type: "refused";
      readonly line: number;
      readonly id: string | null;
      readonly row: string;
      readonly problems: readonly Problem[];
    }
  | { readonly type: "change"; readonly line: number; readonly action: "create" | "update"; readonly detail: string }
  | ({
      readonly type: "done";
      readonly read: number;
      readonly refused: number;
      readonly dryRun: boolean;
    } & BatchCounts);

export interface ImportRequest {
  readonly caller: Caller;
  /** Names the import: its operations are `import/<key>/<batch>`. */
  readonly key: string;
  /** Why; stands on the edges that it opens. */
  readonly reason: string;
  readonly dryRun: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Characters of a refused row that are sent back. */
const MAX_ECHO = 2_000;
/** A file whose first lines are none of them JSON objects is no file of rows. */
const HOPELESS_AFTER = 50;

interface Numbered {
  readonly line: number;
  readonly row: ClaimRow;
}

/**
 * Imports rows of claim and evidence from JSON Lines, in batches that are each written whole or not at all. The next batch
 * is read while one is written. The same file again creates nothing; a broken row is told and the rest goes on.
 */
export async function* importClaims(services: Services, request: ImportRequest): AsyncGenerator<ImportEvent> {
  const totals = { read: 0, created: 0, updated: 0, skipped: 0, refused: 0 };
  const add = (counts: BatchCounts) => {
    totals.created += counts.created;
    totals.updated += counts.updated;
    totals.skipped += counts.skipped;
  };
  let writing: Promise<{ counts: BatchCounts; changes: readonly ImportEvent[] }> | null = null;
  let batches = 0;
  const preview = request.dryRun ? new Map<string, StandingRow>() : null;
  for await (const step of batchesOf(request.chunks)) {
    if ("refused" in step) {
      totals.read++;
      totals.refused++;
      yield step.refused;
      continue;
    }
    totals.read += step.rows.length;
    if (writing !== null) {
      const { counts, changes } = await writing;
      add(counts);
      yield* changes;
      yield { type: "progress", ...totals };
    }
    const number = ++batches;
    writing =
      preview === null
        ? writeBatch(services, request, number, step.rows)
        : previewBatch(services, request, step.rows, preview);
    // A failure is met where it is awaited; until then it must not count as unhandled.
    writing.catch(() => {});
  }
  if (writing !== null) {
    const { counts, changes } = await writing;
    add(counts);
    yield* changes;
  }
  yield { type: "done", ...totals, dryRun: request.dryRun };
}

type Step = { readonly rows: readonly Numbered[] } | { readonly refused: ImportEvent & { type: "refused" } };

/** Rows in batches; a key that a batch has already begins the next one, so that later rows meet earlier ones' effect. */
async function* batchesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Step> {
  let rows: Numbered[] = [];
  let keys = new Set<string>();
  /** Lines so far, while none of them was a JSON object; null once one was. */
  let hopeless: number | null = 0;
  const take = () => {
    const full = rows;
    rows = [];
    keys = new Set();
    return { rows: full };
  };
  for await (const { number, text, problem } of readLines(chunks)) {
    const parsed =
      text === null
        ? { id: null, problems: [{ code: "BAD_INPUT", path: "", message: problem ?? "" } as const] }
        : parseClaimRow(text);
    if ("problems" in parsed) {
      const { id, problems } = parsed;
      yield { refused: { type: "refused", line: number, id, row: (text ?? "").slice(0, MAX_ECHO), problems } };
      if (hopeless !== null && problems[0]?.path === "") hopeless++;
      else hopeless = null;
      if (hopeless === HOPELESS_AFTER) {
        throw DomainError.badInput(
          "body",
          `The first ${HOPELESS_AFTER} lines are no JSON objects: this is no JSON Lines file of claims.`,
        );
      }
      continue;
    }
    hopeless = null;
    if (rows.length === BATCH_ROWS || keys.has(parsed.row.key)) yield take();
    keys.add(parsed.row.key);
    rows.push({ line: number, row: parsed.row });
  }
  if (rows.length > 0) yield take();
}

/** Rows that stand as they are cost one look-up; the others go the way of every write. */
async function writeBatch(services: Services, request: ImportRequest, number: number, numbered: readonly Numbered[]) {
  const { caller, reason } = request;
  const rows = numbered.map(({ row }) => row);
  const scope = { tenantId: caller.tenantId, timeoutMs: TIMEOUT_MS.bulk };
  const standing = await services.graph.read(scope, readStandingRows, { keys: rows.map((row) => row.key) });
  const work = classify(rows, standing);
  if (work.skipped === rows.length) return { counts: { created: 0, updated: 0, skipped: rows.length }, changes: [] };
  const operationId = `import/${request.key}/${number}`;
  let executed = await services.execute(importClaimRows, caller, { operationId, reason, rows });
  if (executed.ok ? executed.replayed : executed.problems.some(wasDone)) {
    // This batch was written before, maybe so long ago that its result is dropped, and other imports have changed its rows
    // since. Who wrote what was found names the new operation: since each operation writes once, no name comes twice.
    const found = createHash("sha256")
      .update(JSON.stringify(standing.map((row) => [row.key, row.operationId]).sort()))
      .digest("hex")
      .slice(0, 16);
    executed = await services.execute(importClaimRows, caller, {
      operationId: `${operationId}/${found}`,
      reason,
      rows,
    });
  }
  if (executed.ok) return { counts: executed.result, changes: [] };
  const [problem] = executed.problems;
  const message = executed.problems.map((one) => one.message).join(" ");
  if (problem?.code === "OPERATION_ID_REUSED") {
    throw DomainError.badInput(
      "Idempotency-Key",
      "This Idempotency-Key was used with another file; send the SHA-256 of this one.",
    );
  }
  throw new DomainError(problem?.code === "FORBIDDEN" ? "FORBIDDEN" : "BAD_INPUT", message);
}

/** What a batch would do, given what stands and what earlier batches of the same file would have done. */
async function previewBatch(
  services: Services,
  { caller }: ImportRequest,
  numbered: readonly Numbered[],
  preview: Map<string, StandingRow>,
) {
  const rows = numbered.map(({ row }) => row);
  const stored = await services.graph.read(
    { tenantId: caller.tenantId, timeoutMs: TIMEOUT_MS.bulk },
    readStandingRows,
    {
      keys: rows.map((row) => row.key),
    },
  );
  const standing = new Map<string, StandingRow>(stored.map((row) => [row.key, row]));
  for (const { key } of rows) if (preview.has(key)) standing.set(key, preview.get(key)!);
  const work = classify(rows, [...standing.values()]);
  const lines = new Map(numbered.map(({ line, row }) => [row.key, line]));
  for (const { key, hash, claimKey, factKey, edge } of rows) preview.set(key, { key, hash, claimKey, factKey, edge });
  const changes: ImportEvent[] = [
    ...work.created.map(
      (row) => ({ type: "change", line: lines.get(row.key)!, action: "create", detail: describe(row) }) as const,
    ),
    ...work.updated.map(({ row, before }) => {
      const was = before.edge === row.edge ? "its texts or source differ" : `was ${before.edge}`;
      return {
        type: "change",
        line: lines.get(row.key)!,
        action: "update",
        detail: `${describe(row)}; ${was}`,
      } as const;
    }),
  ].sort((a, b) => a.line - b.line);
  return { counts: { created: work.created.length, updated: work.updated.length, skipped: work.skipped }, changes };
}

const describe = (row: ClaimRow): string => `"${row.claim.slice(0, 80)}" ${row.edge} "${row.snapshotTitle}"`;
