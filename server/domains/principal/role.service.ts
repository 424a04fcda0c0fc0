import { z } from "zod";
import { formatNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { ROLES } from "../../../graph-schema/nodes/principal.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { nodeId } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { lock } from "../../graph/lock.js";
import { checkReach, checkRoles, keepAnAdmin } from "./roles.js";

const publicId = ({ label, id }: NodeId): string => formatNodeId(label, id);

/** Locks the tenant before the principal, as everything does that changes who governs it. */
async function held({ tx }: CommandContext, principal: NodeId & { label: "Principal" }, channels: readonly NodeId[]) {
  const before = await lock(tx, [{ label: "Tenant", id: tx.tenantId }]);
  const paths = ["principalId", ...channels.map((_, i) => `channelIds.${i}`)];
  const { at } = await lockAll(tx, [principal, ...channels], paths);
  return { at: Math.max(before.at, at), present: (await presentNode(tx, "Principal", principal.id))! };
}

/** Gives a principal one more role, and holds them to channels where it says some. */
export const grantRole = defineCommand({
  name: "grantRole",
  capability: "principal.write",
  input: z
    .object({
      principalId: nodeId("Principal"),
      role: z.enum(ROLES),
      channelIds: z.array(nodeId("Channel")).min(1).max(100).nullish(),
      allChannels: z.boolean().nullish(),
    })
    .refine(({ channelIds, allChannels }) => !(channelIds && allChannels), {
      path: ["allChannels"],
      message: "must not be said together with channelIds",
    }),
  channels: (_tx, { channelIds }) => (channelIds ?? []).map(publicId),
  async run(context, { principalId, role, channelIds, allChannels }) {
    const { tx, caller, operationId, newId } = context;
    const { at, present } = await held(context, principalId, channelIds ?? []);
    checkRoles(caller, present.kind, [role], "role");
    const channels = channelIds ? channelIds.map(publicId) : allChannels ? null : present.channels;
    await checkReach(tx, caller, present.channels, "principalId");
    await checkReach(tx, caller, channels, "channelIds");
    const roles = ROLES.filter((one) => one === role || present.roles.includes(one));
    if (!(await reviseNode(tx, present, { roles, channels }, newId(), { at, operationId })))
      throw refuse("CONFLICT", "role", `They have the role ${role} already.`);
    return {
      result: { principalId: present.id },
      at,
      events: [{ type: "principal.role-granted", subject: present.id, data: { role, channels } }],
      detail: { role, channels },
    };
  },
});

/** Takes a role back: from the next change on, and from reads within seconds, whatever their tokens say. */
export const revokeRole = defineCommand({
  name: "revokeRole",
  capability: "principal.write",
  input: z.object({ principalId: nodeId("Principal"), role: z.enum(ROLES) }),
  async run(context, { principalId, role }) {
    const { tx, caller, operationId, newId } = context;
    const { at, present } = await held(context, principalId, []);
    await checkReach(tx, caller, present.channels, "principalId");
    const roles = present.roles.filter((one) => one !== role);
    if (roles.length === present.roles.length) throw refuse("CONFLICT", "role", `They don't have the role ${role}.`);
    await keepAnAdmin(tx, present, { roles }, "role");
    await reviseNode(tx, present, { roles }, newId(), { at, operationId });
    return {
      result: { principalId: present.id },
      at,
      events: [{ type: "principal.role-revoked", subject: present.id, data: { role } }],
      detail: { role },
    };
  },
});
