import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { FOREVER } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext } from "../../commands/command.js";
import { nodeId, version } from "../../commands/input.js";
import { lockAll, mustBeVersion } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { readConfigs } from "../../reads/channel-config/channel-config.query.js";
import { changedConfig, configChange, configFrom, configText, type ConfigChange } from "./channel-config.js";
import { pinsOf } from "./pins.service.js";

/** Sets parts of a channel's config; what isn't named stays as it is. Runs that begin from then on go by it. */
export const setChannelConfig = defineCommand({
  name: "setChannelConfig",
  capability: "channel.write",
  input: z.object({ channelId: nodeId("Channel"), version, ...configChange.shape }),
  channels: (_tx, { channelId }) => [formatNodeId(channelId.label, channelId.id)],
  run: (context, { channelId, version: went, ...change }) => write(context, channelId, went, async () => change),
});

/** Gives a channel the config of an earlier version again, as a new version. */
export const rollbackChannelConfig = defineCommand({
  name: "rollbackChannelConfig",
  capability: "channel.write",
  input: z.object({
    channelId: nodeId("Channel"),
    to: z.int("must be a version's number").min(1, "must be at least 1"),
    version,
  }),
  channels: (_tx, { channelId }) => [formatNodeId(channelId.label, channelId.id)],
  run: (context, { channelId, to, version: went }) =>
    write(context, channelId, went, async () => {
      const kept = await readConfigs(context.tx, channelId.id, FOREVER);
      const found = kept.find(({ config }) => config.version === to);
      if (found === undefined)
        throw refuse(
          "NOT_FOUND",
          "to",
          kept.length === 0
            ? "The channel has had no config of its own yet: there is nothing to go back to."
            : `The channel has had no version ${to}; it has had 1 to ${kept[0]!.config.version}.`,
        );
      const { version: _old, ...values } = found.config;
      return values;
    }),
});

async function write(
  context: CommandContext,
  channelId: { readonly label: "Channel"; readonly id: string },
  went: number | null | undefined,
  changeOf: () => Promise<ConfigChange>,
) {
  const { tx, operationId, newId } = context;
  const { at } = await lockAll(tx, [channelId], ["channelId"]);
  const channel = (await presentNode(tx, "Channel", channelId.id))!;
  mustBeVersion(channel, went);
  const present = configFrom(channel.config);
  const next = changedConfig(present, await changeOf());
  if (next !== null) {
    // What it names must be there, and go together: else no run could begin.
    await pinsOf(tx, channel.id, next, null);
    await reviseNode(tx, channel, { config: configText(next) }, newId(), { at, operationId });
  }
  const data = { version: (next ?? present).version };
  return {
    result: { channelId: channel.id },
    at,
    events: next === null ? [] : [{ type: "channel.configured", subject: channel.id, data }],
  };
}
