import { createWriteStream } from "node:fs";
import { mkdir, rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ulid } from "ulid";
import { SETTLED_MS } from "../../../graph-schema/time.js";
import { keysOf, sealTenant, type AuditOffice } from "../../audit/sealer.js";
import { AuditTampered } from "../../audit/tampered.js";
import { verifyTenant } from "../../audit/verify.js";
import { systemCaller } from "../../commands/caller.js";
import { Refusal, refuse } from "../../commands/problem.js";
import { DomainError } from "../../errors.js";
import { SYSTEM_TENANT } from "../../graph/graph.js";
import { checkExport } from "../../tenancy/export-file.js";
import { exportTenantLines } from "../../tenancy/export.js";
import { clearBehind, leave, readMove, type MoveState } from "../../tenancy/move.js";
import type { Progress } from "../../tenancy/restore.js";
import { dropArrival, restoreExport, type Place } from "./restoring.service.js";
import { moveTenant, notePlatformAct } from "./tenant-state.service.js";

export interface Move {
  readonly tenantId: string;
  readonly from: Place & { readonly audit: AuditOffice };
  /** The region that it goes to; null when there is no such region, or the tenant doesn't allow it: then policy says so. */
  readonly to: Place | null;
  readonly region: string;
  /** Where the export lies on its way, in the region that it leaves: a file of this go alone, which doesn't outlive it. */
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
 * here, `resumeTenant` calls it off. What is open there counts as moved only when it came as what left here.
 */
export async function carryOver(move: Move): Promise<Moved> {
  const { tenantId, from, to, region, told } = move;
  const there = to === null ? undefined : await readMove(to.graph, tenantId);
  const here = await readMove(from.graph, tenantId);
  const hasArrived = here !== undefined && there !== undefined && isArrival(here, there, region);
  if (!hasArrived && there !== undefined && OPEN.includes(there.status))
    throw refuse("CONFLICT", "region", whatIsThere(move, here));
  if (!isUnderWay(here, region)) await begin(move);
  if (to === null)
    throw refuse(
      "CONFLICT",
      "region",
      `The move to ${region} is under way, and ${region} isn't both allowed and in regions.yaml any more: mend that, or call the move off with \`tenant resume\`.`,
    );
  const moved = hasArrived ? null : await carry({ ...move, to });
  const deleted = await clearBehind(from.graph, tenantId);
  told(`${deleted} nodes deleted in ${from.region}`);
  const { since } = (await readMove(from.graph, tenantId))!;
  await from.execute(notePlatformAct, systemCaller(SYSTEM_TENANT), {
    operationId: `platform/moved/${tenantId}/${since}`,
    reason: `It is in the region ${region} now. ${move.reason}`,
    ...{ command: "moveTenant", tenantId, outcome: "DONE", region: from.region },
  });
  return moved;
}

const OPEN: readonly MoveState["status"][] = ["ACTIVE", "SUSPENDED", "MOVING"];

const isUnderWay = (here: MoveState | undefined, region: string): here is MoveState =>
  (here?.status === "MOVING" || here?.status === "MOVED") && here.movesTo === region;

/** Whether what is there is what left here: it came as that export, and has its home there. */
const isArrival = (here: MoveState, there: MoveState, region: string): boolean =>
  isUnderWay(here, region) &&
  here.status === "MOVED" &&
  here.leftAs !== null &&
  there.cameAs === here.leftAs &&
  there.region === region;

function whatIsThere({ tenantId, region, from }: Move, here: MoveState | undefined): string {
  if (!isUnderWay(here, region)) return `A tenant ${tenantId} is in the region ${region} already.`;
  const another = `The tenant ${tenantId} that is open in the region ${region} isn't what this move took there: it was restored or moved there from elsewhere.`;
  return here.status === "MOVING"
    ? `${another} Nothing has left ${from.region} yet: \`tenant resume\` calls the move off.`
    : `${another} What left ${from.region} is kept there, shut, and nothing of it is deleted: compare the two before you do anything.`;
}

async function begin({ tenantId, from, region, reason }: Move): Promise<void> {
  const input = { tenantId: `Tenant:${tenantId}`, region, operationId: `move/${ulid()}`, reason };
  const executed = await from.execute(moveTenant, systemCaller(tenantId), input);
  if (!executed.ok) throw new Refusal(executed.problems);
}

async function carry({ tenantId, from, to, path, told, settleMs = SETTLED_MS, ...move }: Move & { to: Place }) {
  const begun = await readMove(from.graph, tenantId);
  if (!isUnderWay(begun, to.region)) throw overtaken(tenantId, to.region);
  const { since, now } = begun;
  const wait = since + settleMs - now;
  if (wait > 0) {
    told(`it can only be read now; waiting ${Math.ceil(wait / 1_000)} s until every write that had begun has ended`);
    await sleep(wait);
  }
  await checkLog(from, tenantId);
  try {
    await writeExport(from, tenantId, path);
    const checked = await checkExport(path, keysOf(from.audit));
    const { nodes, edges, sha256 } = checked;
    await restoreExport(to, path, checked, {
      reason: move.reason,
      progress: move.progress,
      operationId: (part) => `${part}/${ulid()}`,
      move: {
        from: from.region,
        async leave() {
          if (await leave(from.graph, tenantId, to.region, begun, sha256)) return;
          // What this go brought there opens no more, so it needn't stay; where it does, the next go takes its place.
          const told = { from: from.region, reason: move.reason, operationId: `move/overtaken/${ulid()}`, sha256 };
          await dropArrival(to, tenantId, told).catch(() => null);
          throw overtaken(tenantId, to.region);
        },
      },
    });
    return { nodes, edges, sha256 };
  } finally {
    await rm(path, { force: true });
    // Unless another go has its file there.
    await rmdir(dirname(path)).catch(() => undefined);
  }
}

/** The move as it was when this go of it began is no more. */
const overtaken = (tenantId: string, region: string): Refusal =>
  refuse(
    "CONFLICT",
    "tenantId",
    `The move was called off meanwhile, or another go of it got further; this go opened nothing in ${region}. \`tenant list\` says how ${tenantId} stands; where it is still to go, run the move again.`,
  );

/** Seals it to the last entry, so that it goes whole; a log that isn't what was sealed stays where its attacker left it. */
async function checkLog({ graph, audit }: Move["from"], tenantId: string): Promise<void> {
  const broken = (problem: string | null) =>
    new DomainError(
      "UNAVAILABLE",
      `The audit log doesn't hold: ${problem}. Nothing was moved; \`audit verify\` says where, and \`tenant resume\` lets the tenant change again.`,
    );
  await sealTenant(audit, tenantId).catch((error: unknown) => {
    throw error instanceof AuditTampered ? broken(error.message) : error;
  });
  const note = (await audit.checkpoints.read(tenantId))?.note ?? null;
  const outside = { publicKey: audit.signer.publicKey, trusted: audit.trusted, note };
  const { ok, problem } = await verifyTenant(graph, tenantId, outside);
  if (!ok) throw broken(problem);
}

async function writeExport({ graph, audit }: Move["from"], tenantId: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  async function* texts() {
    for await (const { text } of exportTenantLines(graph, tenantId, audit.signer)) yield text;
  }
  await pipeline(Readable.from(texts()), createWriteStream(path, { mode: 0o600 }));
}
