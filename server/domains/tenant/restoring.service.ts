import { openCheckpoint } from "../../audit/note.js";
import { keysOf, type AuditOffice } from "../../audit/sealer.js";
import { verifyTenant } from "../../audit/verify.js";
import { systemCaller, type Caller } from "../../commands/caller.js";
import type { Command } from "../../commands/command.js";
import type { Executed } from "../../commands/execute.js";
import { Refusal } from "../../commands/problem.js";
import { DomainError } from "../../errors.js";
import type { Graph } from "../../graph/graph.js";
import { clearOut } from "../../tenancy/erase.js";
import type { Checked } from "../../tenancy/export-file.js";
import { clearBehind, readMove } from "../../tenancy/move.js";
import { compareWith, loadContent, restoreId, type Progress } from "../../tenancy/restore.js";
import { giveUpArrival, openTenant, restoreTenant } from "./restore.service.js";

/** Where a tenant is restored: a process's services, or those of another region. */
export interface Place {
  readonly graph: Graph;
  readonly region: string;
  readonly audit: Pick<AuditOffice, "signer" | "trusted" | "checkpoints"> | undefined;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
}

export interface Restoring {
  readonly reason: string;
  /** Of a move: the region that it comes from, and what must be done before it opens here. */
  readonly move?: { readonly from: string; leave(): Promise<void> };
  /** Drops what another restore left of the tenant. */
  readonly anew?: boolean;
  /** The tenant is gone for good where the export has its home; this region becomes that. */
  readonly takeOver?: boolean;
  /** Goes on where this home's checkpoint tells of another log than the export's. */
  readonly checkpointAside?: boolean;
  readonly progress: (told: Progress) => void;
  /** Names an operation of this go. */
  operationId(part: string): string;
}

/**
 * Restores a checked export: shut, batch by batch, compared with the export and its audit log verified, and only then opened. Safe to
 * run again after any stop. Throws a Refusal of policy or for a tenant that is here before anything is written or dropped.
 */
export async function restoreExport(place: Place, path: string, checked: Checked, how: Restoring): Promise<void> {
  const { graph, execute } = place;
  const { tenantId, tenant, sha256, nodes, edges, sealed, signedBy } = checked;
  const caller = systemCaller(tenantId);
  const give = async <I, R>(command: Command<I, R>, part: string, input: object): Promise<R> => {
    const operationId = `${restoreId(sha256)}/${how.operationId(part)}`;
    const executed = await execute(command, caller, { operationId, reason: how.reason, ...input });
    if (!executed.ok) throw new Refusal(executed.problems);
    return executed.result;
  };
  const from = how.move?.from;
  const takeOver = how.takeOver === true;
  const kept = await keptCheckpoint(place, tenantId, how);
  const about = { id: tenantId, sha256, tenant, signedBy, from, takeOver, sealed };
  const begun = { ...about, kept: kept?.size, checkpointAside: how.checkpointAside === true };
  const { dropping } = await give(restoreTenant, "begin", { ...begun, anew: how.anew === true });
  if (dropping) {
    const dropped = (await clearOut(graph, tenantId, "RESTORING")) ?? 0;
    await give(restoreTenant, "dropped", { ...begun, dropped });
  }
  await loadContent(graph, path, checked, how.progress);
  const different = await compareWith(graph, path, checked);
  if (different !== null)
    throw new DomainError("UNAVAILABLE", `The restored tenant isn't the exported one: ${different}. It stays shut.`);
  const aside = await checkLog(place, tenantId, kept?.note ?? null, how);
  await how.move?.leave();
  const opened = { tenantId: `Tenant:${tenantId}`, sha256, nodes, edges, movedFrom: from, takeOver };
  await give(openTenant, "open", { ...opened, checkpointAside: aside });
}

/** What this home knows of the tenant's log, if anything: of a move, it is the home that the log comes from which checks that. */
async function keptCheckpoint({ audit }: Place, tenantId: string, { move }: Restoring) {
  if (audit === undefined || move !== undefined) return null;
  const kept = await audit.checkpoints.read(tenantId);
  return kept && { note: kept.note, size: openCheckpoint(kept.note, tenantId, ...keysOf(audit))?.size };
}

/**
 * The log must be what was sealed, by whoever of those that we trust, and go on from what is kept outside the database here: else
 * the sealer would stop at it. Answers where the kept checkpoint lies now, when it had to give way.
 */
async function checkLog(
  { graph, audit }: Place,
  tenantId: string,
  note: string | null,
  { checkpointAside }: Restoring,
): Promise<string | null> {
  if (audit === undefined) return null;
  const verified = (kept: string | null) =>
    verifyTenant(graph, tenantId, { publicKey: audit.signer.publicKey, trusted: audit.trusted, note: kept });
  const { firstBad, problem } = await verified(note);
  if (firstBad === null) return null;
  const alone = note === null ? { firstBad, problem } : await verified(null);
  if (alone.firstBad !== null)
    throw new DomainError(
      "UNAVAILABLE",
      `The audit log isn't what was sealed: ${alone.problem}. The tenant stays shut; --anew begins with another export.`,
    );
  if (checkpointAside === true) return audit.checkpoints.setAside(tenantId);
  throw new DomainError(
    "UNAVAILABLE",
    `The audit log isn't the one that checkpoints/${tenantId} of this home tells of: ${problem}. The tenant stays shut. Restore an export of that log with --anew; where there is none, --checkpoint-aside keeps that checkpoint in another file and goes on without it.`,
  );
}

/**
 * Drops what a move that was called off brought to a place, all but a stone; with `sha256` only what that export was restored from.
 * Answers how many nodes, or null when no move has brought it there.
 */
export async function dropArrival(
  { graph, execute }: Place,
  tenantId: string,
  told: { readonly from: string; readonly reason: string; readonly operationId: string; readonly sha256?: string },
): Promise<number | null> {
  if ((await readMove(graph, tenantId))?.status !== "RESTORING") return null;
  const executed = await execute(giveUpArrival, systemCaller(tenantId), { tenantId: `Tenant:${tenantId}`, ...told });
  if (executed.ok) return clearBehind(graph, tenantId);
  if (executed.problems.every(({ code }) => code === "CONFLICT")) return null;
  throw new Refusal(executed.problems);
}
