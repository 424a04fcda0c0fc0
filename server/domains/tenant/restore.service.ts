import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId, regionName } from "../../commands/input.js";
import { notFound, refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { tenantProperties } from "../../tenancy/export-file.js";
import {
  beginRestore,
  DROPPING,
  giveUpRestored,
  noteRestored,
  openRestored,
  restoreState,
  statusBefore,
} from "../../tenancy/restore.query.js";
import { tenantSlug } from "./tenant.service.js";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");
const count = z.int().min(0);

const restoring = z.object({
  id: tenantSlug,
  sha256,
  tenant: tenantProperties,
  /** The known key that signed the export, base64; null when it was said to be all right that none did. */
  signedBy: z.string().max(100).nullish(),
  /** Of a move: the region that it comes from. */
  from: regionName.nullish(),
  /** Takes the place of what another restore left. */
  anew: z.boolean().default(false),
  /** Says that the tenant is gone for good in the region that the export has as its home, or that it moved to. */
  takeOver: z.boolean().default(false),
  /** Entries that are sealed in the export, and that the checkpoint kept in this home tells of. */
  sealed: count.default(0),
  kept: count.nullish(),
  /** Gives the kept checkpoint up, when it tells of another log than the export's. */
  checkpointAside: z.boolean().default(false),
  /** Once what was here before is dropped: how many nodes that was. */
  dropped: count.nullish(),
});
type Restore = z.infer<typeof restoring>;

/**
 * Puts a tenant there as its export has it, shut: nobody can use it before `openTenant`. One that is here is a conflict, and so is
 * one that is half restored from another export, or at home elsewhere. What was here before is only marked to be dropped: it is
 * dropped once this was judged and stands in the audit, and giving this again with `dropped` says so, after which content may be
 * written. Run again for the same export, it goes on where that stopped.
 */
export const restoreTenant = defineCommand({
  name: "restoreTenant",
  capability: "tenant.create",
  input: restoring,
  allowedRegions: ({ tenant }) => tenant.allowedRegions,
  summarize: ({ sha256: of, signedBy, from, anew, takeOver, checkpointAside, dropped }) => ({
    ...{ sha256: of, signedBy: signedBy ?? null, from: from ?? null },
    ...{ anew, takeOver, checkpointAside, dropped: dropped ?? null },
  }),
  async run({ tx, caller, region }, input) {
    const { id, sha256: of, tenant, anew, dropped } = input;
    // It is made in its own scope, which only the platform's people and this process enter before it is there.
    if (id !== caller.tenantId || tenant.id !== id)
      throw refuse("FORBIDDEN", "id", "Only the platform's own people restore tenants.");
    const unfit = misfit(input, region);
    if (unfit !== null) throw refuse("CONFLICT", ...unfit);
    const { at } = await lock(tx, []);
    const [found] = await tx.run(restoreState, {});
    const goesOn = found?.status === "RESTORING" && found.sha256 === of && !anew;
    const taken = found === undefined || goesOn ? null : whyNot(input, found);
    if (taken !== null) throw refuse("CONFLICT", "id", taken);
    if (isBehind(input)) throw refuse("CONFLICT", "sealed", whatIsKept(input));
    if (dropped != null && !goesOn) throw refuse("CONFLICT", "id", "Another restore has taken the place of this one.");
    if (!goesOn) {
      const { tenantId: _, movesTo, ...properties } = tenant;
      const begun = { properties: present(properties), status: tenant.status, movesTo, sha256: of };
      await tx.run(beginRestore, { ...begun, done: found === undefined ? 0 : DROPPING });
    } else if (dropped != null && found.done === DROPPING) await tx.run(noteRestored, { done: 0 });
    const dropping = dropped == null && found !== undefined && (!goesOn || found.done === DROPPING);
    const tenantId = formatNodeId("Tenant", id);
    const events = [{ type: "tenant.restoring", subject: tenantId, data: { region } }];
    return { result: { tenantId, dropping }, at, events };
  },
});

/** What the database keeps: no nulls. */
const present = (properties: object) =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));

const onItsWay = (status: string | null): boolean => status === "MOVING" || status === "MOVED";

/** What keeps the export itself from being restored in this region, field and words; null for nothing. */
function misfit({ id, tenant, from, takeOver }: Restore, region: string): [string, string] | null {
  const { status, movesTo, region: home } = tenant;
  if (from == null && status !== "ACTIVE" && status !== "SUSPENDED")
    return [
      "tenant.status",
      `It was ${status.toLowerCase()} when it was exported. Restore an export from before that${onItsWay(status) ? ", or finish the move with `tenant move` where it left" : ""}.`,
    ];
  if (from != null && (!onItsWay(status) || movesTo !== region))
    return ["tenant.status", `It isn't on its way to the region ${region} as it was exported.`];
  if (from == null && home !== region && !takeOver)
    return [
      "tenant.region",
      `The tenant ${id} is at home in the region ${home}, and this is ${region}: if it is still there, both would take changes. Restore it in ${home}, or move it here with \`tenant move\`. Where it is gone there for good, --take-over makes ${region} its home.`,
    ];
  return null;
}

const isBehind = ({ kept, sealed, checkpointAside }: Restore): boolean =>
  kept != null && kept > sealed && !checkpointAside;

const whatIsKept = ({ id, kept, sealed }: Restore): string =>
  `checkpoints/${id} of this home tells of ${kept} sealed audit entries, and the export has ${sealed}: the log would never be sealed again. Restore a newer backup. Where the newer entries are lost for good, --checkpoint-aside keeps that checkpoint in another file and goes on without it.`;

/** Why what is here can't be replaced; null when it can. */
function whyNot(
  { id, from, anew, takeOver }: Restore,
  { status, movesTo, opensAs }: { status: string; movesTo: string | null; opensAs: string | null },
): string | null {
  if (status === "RESTORING") {
    // What stands here shut is no use to anybody but the move that brings it.
    if (from != null) return null;
    if (onItsWay(opensAs) && !takeOver)
      return `A move to this region carries the tenant ${id} here: finish it with \`tenant move\` where it comes from, or call it off there with \`tenant resume\`. Where that region is gone for good, --anew --take-over begins with this export.`;
    return anew ? null : `The tenant ${id} is half restored from another export; --anew begins with this one.`;
  }
  if (status === "MOVED") {
    if (takeOver || (from != null && movesTo === from)) return null;
    return `The tenant ${id} moved to the region ${movesTo}; move it back from there. Where that is gone for good, --take-over restores it here.`;
  }
  if (status === "ERASED") return `The tenant ${id} was erased for good, and its id stays taken.`;
  return `The tenant ${id} is here.`;
}

/**
 * Opens a restored tenant, once all of it is there, with this region as its home: as it was when it was exported, or, at the end of
 * a move, as it was before that.
 */
export const openTenant = defineCommand({
  name: "openTenant",
  capability: "tenant.create",
  input: z.object({
    tenantId: nodeId("Tenant"),
    sha256,
    nodes: z.int().min(1),
    edges: count,
    movedFrom: regionName.nullish(),
    takeOver: z.boolean().default(false),
    /** The file that the kept checkpoint lies in now, when it told of another log. */
    checkpointAside: z.string().max(500).nullish(),
  }),
  summarize: ({ sha256: of, nodes, edges, movedFrom, takeOver, checkpointAside }) => ({
    ...{ sha256: of, nodes, edges, movedFrom: movedFrom ?? null, takeOver, checkpointAside: checkpointAside ?? null },
  }),
  async run({ tx, region, operationId, newId }, { tenantId, sha256: of, nodes, edges, movedFrom, takeOver }) {
    if (tenantId.id !== tx.tenantId) throw notFound("tenantId");
    const [found] = await tx.run(restoreState, {});
    if (found?.status !== "RESTORING" || found.sha256 !== of || found.done !== 2 * (nodes - 1))
      throw refuse("CONFLICT", "tenantId", "The tenant isn't restored from this export.");
    await tx.run(openRestored, {});
    const { at } = await lock(tx, [{ label: "Tenant", id: tx.tenantId }]);
    const id = formatNodeId("Tenant", tx.tenantId);
    const tenant = (await presentNode(tx, "Tenant", tx.tenantId))!;
    const restored = { type: "tenant.restored", subject: id, data: { nodes, edges } };
    if (movedFrom == null && tenant.region === region) return { result: { tenantId: id }, at, events: [restored] };
    if (movedFrom == null && !takeOver)
      throw refuse("CONFLICT", "tenantId", `The tenant is at home in the region ${tenant.region}.`);
    const [before] = movedFrom == null ? [tenant] : await tx.run(statusBefore, {});
    const arrived = { region, status: before?.status ?? "SUSPENDED", movesTo: null };
    await reviseNode(tx, tenant, arrived, newId(), { at, operationId });
    const moved = { type: "tenant.moved", subject: id, data: { from: movedFrom ?? tenant.region, to: region } };
    return { result: { tenantId: id }, at, events: movedFrom == null ? [restored, moved] : [moved] };
  },
});

/**
 * Gives up what a move brought here that was called off: from here on it is a stone which says where the tenant is, and all but
 * that may be deleted. Of anything else it is a conflict.
 */
export const giveUpArrival = defineCommand({
  name: "giveUpArrival",
  capability: "tenant.create",
  input: z.object({
    tenantId: nodeId("Tenant"),
    /** The region that it was to come from. */
    from: regionName,
    /** Only what this export was restored from; without it whatever a move brought. */
    sha256: sha256.nullish(),
  }),
  summarize: ({ from, sha256: of }) => ({ from, sha256: of ?? null }),
  async run({ tx }, { tenantId, from, sha256: of }) {
    if (tenantId.id !== tx.tenantId) throw notFound("tenantId");
    const [found] = await tx.run(restoreState, {});
    if (found?.status !== "RESTORING" || !onItsWay(found.opensAs) || (of != null && found.sha256 !== of))
      throw refuse("CONFLICT", "tenantId", "No move has brought it here.");
    await tx.run(giveUpRestored, { movesTo: from });
    const { at } = await lock(tx, [{ label: "Tenant", id: tx.tenantId }]);
    return { result: { tenantId: formatNodeId("Tenant", tx.tenantId) }, at, events: [] };
  },
});
