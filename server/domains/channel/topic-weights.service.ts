import { z } from "zod";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import { defineCommand } from "../../commands/command.js";
import { nodeId, version } from "../../commands/input.js";
import { lockAll, mustBeVersion } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { presentNode, reviseNode } from "../../graph/life.js";
import { listOf, MOST_WEIGHT, SCORE_INPUTS, weightsOf, type Weights } from "./topic-weights.js";

const bound = `must be a number from 0 to ${MOST_WEIGHT}`;

/** Says how much each part of a topic's score counts for a channel; what isn't named keeps its weight. */
export const setTopicWeights = defineCommand({
  name: "setTopicWeights",
  capability: "channel.write",
  input: z.object({
    channelId: nodeId("Channel"),
    weights: z
      .array(z.object({ input: z.enum(SCORE_INPUTS), weight: z.number(bound).min(0, bound).max(MOST_WEIGHT, bound) }))
      .min(1, "must name at least one weight")
      .refine((given) => new Set(given.map(({ input }) => input)).size === given.length, "must name each input once"),
    version,
  }),
  channels: (_tx, { channelId }) => [formatNodeId(channelId.label, channelId.id)],
  async run({ tx, operationId, newId }, { channelId, weights, version: seen }) {
    const { at } = await lockAll(tx, [channelId], ["channelId"]);
    const channel = (await presentNode(tx, "Channel", channelId.id))!;
    mustBeVersion(channel, seen);
    const before = weightsOf(channel.topicWeights);
    const after: Weights = { ...before, ...Object.fromEntries(weights.map(({ input, weight }) => [input, weight])) };
    if (SCORE_INPUTS.every((name) => after[name] === 0))
      throw refuse("BAD_INPUT", "weights", "Nothing would count: give at least one input a weight above 0.");
    const changed = SCORE_INPUTS.some((name) => after[name] !== before[name]);
    if (changed) {
      const wanted = { topicWeights: listOf(after), topicWeightsVersion: (channel.topicWeightsVersion ?? 0) + 1 };
      await reviseNode(tx, channel, wanted, newId(), { at, operationId });
    }
    return {
      result: { channelId: channel.id },
      at,
      events: changed ? [{ type: "channel.weighted", subject: channel.id, data: {} }] : [],
    };
  },
});
