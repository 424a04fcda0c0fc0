import { z } from "zod";
import { TENANT_SLUG } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { regionName, text } from "../../commands/input.js";
import { refuse } from "../../commands/problem.js";
import { SYSTEM_TENANT, type Graph } from "../../graph/graph.js";
import { openEdge } from "../../graph/edge.js";
import { createNode, mergeNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { principalInput } from "../principal/principal.service.js";
import { readTenants, tenantExists } from "./tenant.repository.js";

/** The tenant of the platform's own people. */
export const PLATFORM = SYSTEM_TENANT;

/** The id that a tenant is made or restored under. */
export const tenantSlug = z
  .string()
  .regex(TENANT_SLUG, "must be 2 to 40 of a-z, 0-9 and hyphen, beginning with a letter")
  .refine((id) => id !== SYSTEM_TENANT, "is reserved");

/** Onboards a tenant: the tenant itself, its admin and its first channel. One that exists is a conflict, and nothing changes. */
export const createTenant = defineCommand({
  name: "createTenant",
  capability: "tenant.create",
  input: z.object({
    id: tenantSlug,
    name: text(200),
    region: regionName,
    allowedRegions: z.array(regionName).min(1).max(20).nullish(),
    admin: principalInput.pick({ key: true, name: true }).nullish(),
    channel: z.object({ title: text(300), platform: text(50) }).nullish(),
  }),
  allowedRegions: (input) => input.allowedRegions ?? [input.region],
  async run({ tx, operationId, newId, caller }, input) {
    // It is made in its own scope, which only the platform's people and this process enter before it is there.
    if (input.id !== caller.tenantId) throw refuse("FORBIDDEN", "id", "Only the platform's own people make tenants.");
    if (await tenantExists(tx)) throw refuse("CONFLICT", "id", `The tenant ${input.id} exists.`);
    const { at } = await lock(tx, []);
    const stamp = { at, operationId };
    await createNode(
      tx,
      { label: "Tenant", id: input.id },
      {
        title: input.name,
        region: input.region,
        allowedRegions: input.allowedRegions ?? [input.region],
        status: "ACTIVE",
      },
      stamp,
    );
    const admin = input.admin ?? { key: "admin", name: "Administrator" };
    const { id: adminId } = await mergeNode(
      tx,
      { label: "Principal", id: newId() },
      admin.key,
      { title: admin.name, kind: "HUMAN", roles: ["tenant-admin"], channels: null },
      stamp,
    );
    const channel = input.channel ?? { title: input.name, platform: "video" };
    const { id: channelId } = await mergeNode(
      tx,
      { label: "Channel", id: newId() },
      `${channel.platform.toLowerCase()} ${channel.title.toLowerCase()}`,
      { title: channel.title, platform: channel.platform, url: null },
      stamp,
    );
    await openEdge(
      tx,
      { type: "OWNED_BY", from: { label: "Channel", id: channelId }, to: { label: "Principal", id: adminId } },
      stamp,
    );
    const id = `Tenant:${input.id}`;
    return {
      result: { tenantId: id, adminId: `Principal:${adminId}`, channelId: `Channel:${channelId}` },
      at,
      events: [{ type: "tenant.created", subject: id, data: { region: input.region } }],
    };
  },
});

/** Every tenant of this database, in order of id. */
export const listTenants = (graph: Graph) => readTenants(graph);
