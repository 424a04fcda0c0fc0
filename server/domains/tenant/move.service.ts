import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ulid } from "ulid";
import { SETTLED_MS } from "../../../graph-schema/time.js";
import { keysOf, sealTenant, type AuditOffice } from "../../audit/sealer.js";
import { verifyTenant } from "../../audit/verify.js";
import { systemCaller } from "../../commands/caller.js";
import { Refusal, refuse } from "../../commands/problem.js";
import { DomainError } from "../../errors.js";
import { SYSTEM_TENANT, type Graph } from "../../graph/graph.js";
import { checkExport } from "../../tenancy/export-file.js";
import { exportTenantLines } from "../../tenancy/export.js";
import { clearBehind, leave, readMove } from "../../tenancy/move.js";
import type { Progress } from "../../tenancy/restore.js";
import { restoreExport, type Place } from "./restore.service.js";
import { moveTenant, notePlatformAct } from "./tenant-state.service.js";

export interface Move {
  readonly tenantId: string;
  readonly from: Place & { readonly audit: AuditOffice };
  /** The region that it goes to; null when there is no such region, or the tenant doesn't allow it: then policy says so. */
  readonly to: Place | null;
  readonly region: string;
  /** Where the export lies on its way: in the region that it leaves. */
  readonly path: string;
  readonly reason: string;
  /** After this time every write that had begun before the move has ended. */
  readonly settleMs?: number;
  readonly told: (text: string) => void;
  readonly progress: (told: Progress) => void;
}

/** What one was moved with; null when an earlier go had done all but the clearing up. */
export type Moved = { readonly nodes: number; readonly edges: number; readonly sha256: string } | null;

/**
 * Carries a tenant over to another region. From `moveTenant` on it only can be read where it was; it is exported once every write
 * that had begun has ended, restored there, shut, and compared. Then it is shut here for good, opened there, and what is left here is
 * deleted. So at no moment two regions take changes, and a go that was stopped anywhere is finished by the next one. Until it is shut
 * here, `resumeTenant` calls it off.
 */
export async function carryOver(move: Move): Promise<Moved> {
  const { tenantId, from, to, region, told } = move;
  const there = to === null ? undefined : await readMove(to.graph, tenantId);
  const here = await readMove(from.graph, tenantId);
  const isOpenThere = there?.status === "ACTIVE" || there?.status === "SUSPENDED";
  const isUnderWay = (here?.status === "MOVING" || here?.status === "MOVED") && here.movesTo === region;
  if (!isUnderWay) {
    if (isOpenThere)
      throw new Refusal([
        { code: "CONFLICT", path: "region", message: `A tenant ${tenantId} is in the region ${region} already.` },
      ]);
    await begin(move);
  }
  if (to === null) throw new Error("policy lets nobody move to a region that there isn't");
  const moved = here?.status === "MOVED" && isOpenThere ? null : await carry({ ...move, to });
  const deleted = await clearBehind(from.graph, tenantId);
  await rm(move.path, { force: true });
  told(`${deleted} nodes deleted in ${from.region}`);
  const { since } = (await readMove(from.graph, tenantId))!;
  await from.execute(notePlatformAct, systemCaller(SYSTEM_TENANT), {
    operationId: `platform/moved/${tenantId}/${since}`,
    reason: `It is in the region ${region} now. ${move.reason}`,
    ...{ command: "moveTenant", tenantId, outcome: "DONE", region: from.region },
  });
  return moved;
}

async function begin({ tenantId, from, region, reason }: Move): Promise<void> {
  const input = { tenantId: `Tenant:${tenantId}`, region, operationId: `move/${ulid()}`, reason };
  const executed = await from.execute(moveTenant, systemCaller(tenantId), input);
  if (!executed.ok) throw new Refusal(executed.problems);
}

async function carry({ tenantId, from, to, path, told, settleMs = SETTLED_MS, ...move }: Move & { to: Place }) {
  const { since, now } = (await readMove(from.graph, tenantId))!;
  const wait = since + settleMs - now;
  if (wait > 0) {
    told(`it can only be read now; waiting ${Math.ceil(wait / 1_000)} s until every write that had begun has ended`);
    await sleep(wait);
  }
  await checkLog(from, tenantId);
  await writeExport(from.graph, tenantId, path);
  const checked = await checkExport(path, keysOf(from.audit));
  await restoreExport(to, path, checked, {
    reason: move.reason,
    progress: move.progress,
    operationId: (part) => `${part}/${ulid()}`,
    move: {
      from: from.region,
      async leave() {
        if (!(await leave(from.graph, tenantId, to.region)))
          throw refuse("CONFLICT", "tenantId", "The move was called off meanwhile; the tenant is where it was.");
      },
    },
  });
  const { nodes, edges, sha256 } = checked;
  return { nodes, edges, sha256 };
}

/** Seals it to the last entry, so that it goes whole; a log that isn't what was sealed stays where its attacker left it. */
async function checkLog({ graph, audit }: Move["from"], tenantId: string): Promise<void> {
  await sealTenant(audit, tenantId);
  const note = (await audit.checkpoints.read(tenantId))?.note ?? null;
  const outside = { publicKey: audit.signer.publicKey, trusted: audit.trusted, note };
  const { ok, problem } = await verifyTenant(graph, tenantId, outside);
  if (!ok)
    throw new DomainError(
      "UNAVAILABLE",
      `The audit log doesn't hold: ${problem}. Nothing was moved; \`audit verify\` says where, and \`tenant resume\` lets the tenant change again.`,
    );
}

async function writeExport(graph: Graph, tenantId: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  async function* texts() {
    for await (const { text } of exportTenantLines(graph, tenantId)) yield text;
  }
  await pipeline(Readable.from(texts()), createWriteStream(path, { mode: 0o600 }));
}
