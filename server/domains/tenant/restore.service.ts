import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { AuditOffice } from "../../audit/sealer.js";
import { verifyTenant } from "../../audit/verify.js";
import { systemCaller, type Caller } from "../../commands/caller.js";
import { defineCommand, type Command } from "../../commands/command.js";
import type { Executed } from "../../commands/execute.js";
import { nodeId, regionName } from "../../commands/input.js";
import { notFound, Refusal, refuse } from "../../commands/problem.js";
import { DomainError } from "../../errors.js";
import type { Graph } from "../../graph/graph.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { clearOut } from "../../tenancy/erase.js";
import { tenantProperties, type Checked } from "../../tenancy/export-file.js";
import { compareWith, loadContent, restoreId, type Progress } from "../../tenancy/restore.js";
import { beginRestore, openRestored, restoreState, statusBefore } from "../../tenancy/restore.query.js";
import { tenantSlug } from "./tenant.service.js";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");

/**
 * Puts a tenant there as its export has it, shut: nobody can use it before `openTenant`. One that is here is a conflict, and so is
 * one that is half restored from another export. Run again for the same export, it goes on where that stopped.
 */
export const restoreTenant = defineCommand({
  name: "restoreTenant",
  capability: "tenant.create",
  input: z.object({
    id: tenantSlug,
    sha256,
    tenant: tenantProperties,
    /** Of a move: the region that it comes from. */
    from: regionName.nullish(),
    /** Takes the place of what another restore left, which was cleared out before. */
    anew: z.boolean().default(false),
  }),
  allowedRegions: ({ tenant }) => tenant.allowedRegions,
  summarize: ({ sha256: of, from, anew }) => ({ sha256: of, from: from ?? null, anew }),
  async run({ tx, caller, region }, { id, sha256: of, tenant, from, anew }) {
    // It is made in its own scope, which only the platform's people and this process enter before it is there.
    if (id !== caller.tenantId || tenant.id !== id)
      throw refuse("FORBIDDEN", "id", "Only the platform's own people restore tenants.");
    const wanted = from == null ? ["ACTIVE", "SUSPENDED"] : ["MOVING", "MOVED"];
    if (!wanted.includes(tenant.status))
      throw refuse("CONFLICT", "tenant", `It was ${tenant.status.toLowerCase()} when it was exported.`);
    const { at } = await lock(tx, []);
    const [found] = await tx.run(restoreState, {});
    const goesOn = found?.status === "RESTORING" && found.sha256 === of;
    const comesBack = found?.status === "MOVED" && from != null && found.movesTo === from;
    if (found !== undefined && !goesOn && !comesBack && !(found.status === "RESTORING" && anew))
      throw refuse("CONFLICT", "id", whyNot(id, found));
    if (!goesOn || anew) {
      const { tenantId: _, movesTo, ...properties } = tenant;
      await tx.run(beginRestore, { properties: present(properties), status: tenant.status, movesTo, sha256: of });
    }
    const tenantId = formatNodeId("Tenant", id);
    return { result: { tenantId }, at, events: [{ type: "tenant.restoring", subject: tenantId, data: { region } }] };
  },
});

/** What the database keeps: no nulls. */
const present = (properties: object) =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));

function whyNot(id: string, { status, movesTo }: { status: string; movesTo: string | null }): string {
  if (status === "RESTORING")
    return `The tenant ${id} is half restored from another export; --anew begins with this one.`;
  if (status === "MOVED") return `The tenant ${id} moved to the region ${movesTo}; move it back from there.`;
  if (status === "ERASED") return `The tenant ${id} was erased for good, and its id stays taken.`;
  return `The tenant ${id} is here.`;
}

/**
 * Opens a restored tenant, once all of it is there: as it was when it was exported, or, at the end of a move, with this region as its
 * home and as it was before that.
 */
export const openTenant = defineCommand({
  name: "openTenant",
  capability: "tenant.create",
  input: z.object({
    tenantId: nodeId("Tenant"),
    sha256,
    nodes: z.int().min(1),
    edges: z.int().min(0),
    movedFrom: regionName.nullish(),
  }),
  summarize: ({ sha256: of, nodes, edges, movedFrom }) => ({ sha256: of, nodes, edges, movedFrom: movedFrom ?? null }),
  async run({ tx, region, operationId, newId }, { tenantId, sha256: of, nodes, edges, movedFrom }) {
    if (tenantId.id !== tx.tenantId) throw notFound("tenantId");
    const [found] = await tx.run(restoreState, {});
    if (found?.status !== "RESTORING" || found.sha256 !== of || found.done !== 2 * (nodes - 1))
      throw refuse("CONFLICT", "tenantId", "The tenant isn't restored from this export.");
    await tx.run(openRestored, {});
    const { at } = await lock(tx, [{ label: "Tenant", id: tx.tenantId }]);
    const id = formatNodeId("Tenant", tx.tenantId);
    if (movedFrom == null)
      return {
        result: { tenantId: id },
        at,
        events: [{ type: "tenant.restored", subject: id, data: { nodes, edges } }],
      };
    const tenant = (await presentNode(tx, "Tenant", tx.tenantId))!;
    const [before] = await tx.run(statusBefore, {});
    const arrived = { region, status: before?.status ?? "SUSPENDED", movesTo: null };
    await reviseNode(tx, tenant, arrived, newId(), { at, operationId });
    const event = { type: "tenant.moved", subject: id, data: { from: movedFrom, to: region } };
    return { result: { tenantId: id }, at, events: [event] };
  },
});

/** Where a tenant is restored: a process's services, or those of another region. */
export interface Place {
  readonly graph: Graph;
  readonly region: string;
  readonly audit: Pick<AuditOffice, "signer" | "trusted"> | undefined;
  execute<I, R>(command: Command<I, R>, caller: Caller, input: unknown): Promise<Executed<R>>;
}

export interface Restoring {
  readonly reason: string;
  /** Of a move: the region that it comes from, and what must be done before it opens here. */
  readonly move?: { readonly from: string; leave(): Promise<void> };
  /** Drops what another restore left of the tenant. */
  readonly anew?: boolean;
  readonly progress: (told: Progress) => void;
  /** Names an operation of this go. */
  operationId(part: string): string;
}

/**
 * Restores a checked export: shut, batch by batch, compared with the export and its audit log verified, and only then opened. Safe to
 * run again after any stop. Throws a Refusal of policy or for a tenant that is here before anything is written.
 */
export async function restoreExport(place: Place, path: string, checked: Checked, how: Restoring): Promise<void> {
  const { graph, execute } = place;
  const { tenantId, tenant, sha256: of, nodes, edges } = checked;
  const caller = systemCaller(tenantId);
  const give = async <I, R>(command: Command<I, R>, part: string, input: object): Promise<void> => {
    const operationId = `${restoreId(of)}/${how.operationId(part)}`;
    const executed = await execute(command, caller, { operationId, reason: how.reason, ...input });
    if (!executed.ok) throw new Refusal(executed.problems);
  };
  const from = how.move?.from;
  const begin = (anew: boolean) =>
    give(restoreTenant, anew ? "anew" : "begin", { id: tenantId, sha256: of, tenant, from, anew });
  // What stands here shut is no use to anybody; of any other tenant nothing is cleared out, and it stays the conflict that it is.
  const beginAnew = async (): Promise<void> => {
    await clearOut(graph, tenantId, "RESTORING");
    await begin(true);
  };
  if (from !== undefined) await clearOut(graph, tenantId, "MOVED");
  if (how.anew === true) await beginAnew();
  else
    await begin(false).catch((error: unknown) => {
      // A move that was called off and begun again finds its earlier go.
      if (from === undefined || !(error instanceof Refusal) || error.problems.some(({ code }) => code !== "CONFLICT"))
        throw error;
      return beginAnew();
    });
  await loadContent(graph, path, checked, how.progress);
  const different = await compareWith(graph, path, checked);
  if (different !== null)
    throw new DomainError("UNAVAILABLE", `The restored tenant isn't the exported one: ${different}. It stays shut.`);
  await checkLog(place, tenantId);
  await how.move?.leave();
  await give(openTenant, "open", { tenantId: `Tenant:${tenantId}`, sha256: of, nodes, edges, movedFrom: from });
}

/** The log must be what was sealed, by whoever of those that we trust: else the sealer would stop at it. */
async function checkLog({ graph, audit }: Place, tenantId: string): Promise<void> {
  if (audit === undefined) return;
  const outside = { publicKey: audit.signer.publicKey, trusted: audit.trusted, note: null };
  const { firstBad, problem } = await verifyTenant(graph, tenantId, outside);
  if (firstBad !== null)
    throw new DomainError("UNAVAILABLE", `The audit log isn't what was sealed: ${problem}. The tenant stays shut.`);
}
