import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { SWITCH_SCOPES } from "../../../graph-schema/nodes/kill-switch.js";
import { identityOf } from "../../commands/caller.js";
import { defineCommand } from "../../commands/command.js";
import { instant, nodeId, text } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { createNode, presentNode, reviseNode } from "../../graph/life.js";
import { CAPABILITIES } from "../../policy/capabilities.js";

/** What a switch can't stop: setting and lifting switches. */
const NEVER_STOPPED = "switch.write";
const STOPPABLE = CAPABILITIES.filter((capability) => capability !== NEVER_STOPPED);

const target = z.discriminatedUnion("scope", [
  z.object({ scope: z.literal("TENANT"), target: z.null().optional() }),
  z.object({ scope: z.literal("CHANNEL"), target: nodeId("Channel") }),
  z.object({ scope: z.literal("CAPABILITY"), target: z.enum(STOPPABLE as [string, ...string[]]) }),
]);

/**
 * Stops all changes of the tenant, those of a channel or those of a kind. Everybody's next change finds it, on every
 * replica; what can't be taken back locks the tenant before it looks, so that either it or the switch came first.
 */
export const setKillSwitch = defineCommand({
  name: "setKillSwitch",
  capability: "switch.write",
  urgent: true,
  input: z
    .object({
      scope: z.enum(SWITCH_SCOPES),
      target: text(100).nullish(),
      expiresAt: instant.nullish(),
    })
    .transform((input, context) => {
      const found = target.safeParse(input);
      if (found.success) return { ...found.data, expiresAt: input.expiresAt ?? null };
      for (const { path, message } of found.error.issues)
        context.issues.push({ code: "custom", path, message, input: input.target });
      return z.NEVER;
    }),
  async run({ tx, operationId, newId, reason, caller }, { scope, target: stopped, expiresAt }) {
    const channels = typeof stopped === "object" && stopped !== null ? [stopped] : [];
    const { at } = await lockAll(
      tx,
      [...channels, { label: "Tenant", id: tx.tenantId }],
      [...channels.map(() => "target"), ""],
    );
    if (expiresAt !== null && expiresAt <= at) throw refuse("BAD_INPUT", "expiresAt", "must be to come");
    const name = channels[0] === undefined ? (stopped ?? null) : formatNodeId(channels[0].label, channels[0].id);
    const killSwitch = { label: "KillSwitch", id: newId() } as const;
    await createNode(
      tx,
      killSwitch,
      {
        title: name === null ? "Everything is stopped" : `Stopped: ${String(name)}`,
        scope,
        target: name as string | null,
        status: "ON",
        reason,
        setBy: identityOf(caller),
        setAt: at,
        expiresAt,
      },
      { at, operationId },
    );
    const id = `KillSwitch:${killSwitch.id}`;
    return { result: { killSwitchId: id }, at, events: [{ type: "kill-switch.set", subject: id, data: { scope } }] };
  },
});

/** Lifts a switch before its time. */
export const liftKillSwitch = defineCommand({
  name: "liftKillSwitch",
  capability: "switch.write",
  input: z.object({ killSwitchId: nodeId("KillSwitch") }),
  async run({ tx, operationId, newId }, { killSwitchId }) {
    const { at } = await lockAll(tx, [killSwitchId, { label: "Tenant", id: tx.tenantId }], ["killSwitchId", ""]);
    const killSwitch = (await presentNode(tx, "KillSwitch", killSwitchId.id))!;
    if (killSwitch.status === "LIFTED") throw refuse("CONFLICT", "killSwitchId", "The switch was lifted already.");
    await reviseNode(tx, killSwitch, { status: "LIFTED" }, newId(), { at, operationId });
    const { id } = killSwitch;
    return { result: { killSwitchId: id }, at, events: [{ type: "kill-switch.lifted", subject: id, data: {} }] };
  },
});
