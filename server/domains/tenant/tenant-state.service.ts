import { z } from "zod";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import type { TenantProperties } from "../../../graph-schema/nodes/tenant.js";
import { Denial } from "../../commands/judge.js";
import { defineCommand, type CommandContext, type DomainEvent, type Outcome } from "../../commands/command.js";
import { nodeId, regionName, text } from "../../commands/input.js";
import { notFound, refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import type { Capability } from "../../policy/capabilities.js";
import { statusBefore } from "../../tenancy/restore.query.js";

const onTenant = z.object({ tenantId: nodeId("Tenant") });
interface Told {
  readonly tenantId: string;
}

/** The command's own tenant; another's id isn't there, whoever asks. */
async function become(
  { tx, operationId, newId }: CommandContext,
  { tenantId }: { tenantId: NodeId },
  status: TenantProperties["status"],
  from: readonly TenantProperties["status"][],
  event: (subject: string) => DomainEvent,
  more: { readonly title?: string; readonly movesTo?: string | null } = {},
): Promise<Outcome<Told>> {
  if (tenantId.id !== tx.tenantId) throw notFound("tenantId");
  const { at } = await lock(tx, [{ label: "Tenant", id: tx.tenantId }]);
  const tenant = (await presentNode(tx, "Tenant", tx.tenantId))!;
  if (!from.includes(tenant.status))
    throw refuse("CONFLICT", "tenantId", `The tenant is ${tenant.status.toLowerCase()} already.`);
  await reviseNode(tx, tenant, { status, ...more }, newId(), { at, operationId });
  const id = formatNodeId("Tenant", tx.tenantId);
  return { result: { tenantId: id }, at, events: [event(id)] };
}

/** Stops all changes of a tenant; it can be read, exported and erased. */
export const suspendTenant = defineCommand({
  name: "suspendTenant",
  capability: "tenant.suspend",
  input: onTenant,
  run: (context, input) =>
    become(context, input, "SUSPENDED", ["ACTIVE"], (id) => ({ type: "tenant.suspended", subject: id, data: {} })),
});

/** Lets a suspended tenant change again, and calls off the move of one that is still on its way. */
export const resumeTenant = defineCommand({
  name: "resumeTenant",
  capability: "tenant.suspend",
  input: onTenant,
  async run(context, input) {
    const { tx } = context;
    await lock(tx, [{ label: "Tenant", id: tx.tenantId }]);
    const status = (await presentNode(tx, "Tenant", tx.tenantId))?.status;
    // Whoever was suspended before the move is so again.
    const [before] = status === "MOVING" ? await tx.run(statusBefore, {}) : [];
    const event = (id: string) => ({ type: "tenant.resumed", subject: id, data: {} });
    return become(context, input, before?.status ?? "ACTIVE", ["SUSPENDED", "MOVING"], event, { movesTo: null });
  },
});

/** Policy's word on data that would go to another region; the denial stands in the decision log as if it were asked there. */
async function mayGoTo({ judge, caller }: CommandContext, capability: Capability, region: string): Promise<void> {
  const there = await judge(caller, { capability, channels: [], irreversible: null, region });
  if (!there.decision.allow) throw new Denial(there, "region");
}

/**
 * Sends a tenant on its way to another region: from here on it can only be read, and `move.ts` carries it over. The region must be
 * one that the tenant allows and that there is.
 */
export const moveTenant = defineCommand({
  name: "moveTenant",
  capability: "tenant.move",
  input: onTenant.extend({ region: regionName }),
  async run(context, { tenantId, region }) {
    if (tenantId.id !== context.tx.tenantId) throw notFound("tenantId");
    if (region === context.region) throw refuse("BAD_INPUT", "region", "is where the tenant is already");
    await mayGoTo(context, "tenant.move", region);
    const event = (id: string) => ({ type: "tenant.moving", subject: id, data: { to: region } });
    return become(context, { tenantId }, "MOVING", ["ACTIVE", "SUSPENDED"], event, { movesTo: region });
  },
});

/**
 * Takes a tenant's name and lets nobody in any more; its id stays taken. Policy lets it run only as an approved proposal, and
 * what the tenant had is deleted after it (server/tenancy/erase.ts).
 */
export const eraseTenant = defineCommand({
  name: "eraseTenant",
  capability: "tenant.erase",
  input: onTenant,
  run: (context, input) =>
    become(
      context,
      input,
      "ERASED",
      ["ACTIVE", "SUSPENDED"],
      (id) => ({ type: "tenant.erased", subject: id, data: {} }),
      { title: input.tenantId.id },
    ),
});

const unchanged = async ({ tx }: CommandContext, events: readonly DomainEvent[] = []): Promise<Outcome<Told>> => ({
  result: { tenantId: formatNodeId("Tenant", tx.tenantId) },
  at: (await lock(tx, [])).at,
  events,
});

/**
 * Changes nothing: that everything of a tenant was read stands in its audit before a byte of it leaves. `region` is where it is
 * written to, when that is the storage of another one.
 */
export const exportTenant = defineCommand({
  name: "exportTenant",
  capability: "tenant.export",
  input: onTenant.extend({ region: regionName.nullish() }),
  async run(context, { tenantId, region }) {
    if (tenantId.id !== context.tx.tenantId) throw notFound("tenantId");
    if (region != null && region !== context.region) await mayGoTo(context, "tenant.export", region);
    const id = formatNodeId("Tenant", tenantId.id);
    return unchanged(context, [{ type: "tenant.exported", subject: id, data: { region: region ?? context.region } }]);
  },
});

/** Changes nothing: run where a region may not serve the tenant, it leaves the denial in the tenant's decision log. */
export const serveTenant = defineCommand({
  name: "serveTenant",
  capability: "tenant.export",
  input: z.object({}),
  run: (context) => unchanged(context),
});

/** What the platform's own people did to a tenant, in the platform's own audit. */
export const notePlatformAct = defineCommand({
  name: "notePlatformAct",
  capability: "audit.read",
  input: z.object({
    command: text(100),
    tenantId: text(100),
    outcome: z.enum(["DONE", "REFUSED"]),
    region: text(40),
  }),
  // The platform's tenant has no node, so no region is allowed or denied by it.
  allowedRegions: ({ region }) => [region],
  summarize: ({ command, tenantId, outcome }) => ({ command, tenantId, outcome }),
  run: (context) => unchanged(context),
});
