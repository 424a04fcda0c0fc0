import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { formatNodeId, parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { configFrom } from "../../domains/channel/channel-config.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { readScorecard, readScorecardChannel } from "./channel-scorecard.query.js";
import { ChannelScorecard, ScorecardRow } from "./channel-scorecard.type.js";
import { EXIT_CRITERIA, scorecardOf, windowsOf } from "./scorecard.js";

@Resolver(() => ChannelScorecard)
export class ChannelScorecardResolver {
  @Query(() => ChannelScorecard, {
    description:
      "What a channel has reached of what it must: each exit criterion with its figure, target, window and what it was counted from. NOT_FOUND for a channel that isn't there at the instant.",
  })
  async channelScorecard(
    @Ctx() context: Context,
    @Arg("channelId", () => ID, { description: "The channel." }) channelId: string,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for; now without it.",
    })
    asOf?: Instant | null,
  ): Promise<ChannelScorecard> {
    callerOf(context);
    const key = idArgument("channelId", channelId, ["Channel"]);
    const at = instantOf(context, asOf);
    const reader = readerOf(context);
    const channel = await readScorecardChannel(reader, key.id, at);
    if (channel === undefined) throw await absentAt(context, at);
    const id = formatNodeId(key.label, key.id);
    const config = configFrom(channel.config);
    const facts = await readScorecard(reader, key.id, at, windowsOf(at));
    const exits: readonly string[] = EXIT_CRITERIA;
    const rows = scorecardOf({ id, config }, facts, at).map((row) => ({
      ...row,
      isExit: exits.includes(row.criterion),
      asOf: at,
    }));
    return {
      channelId: id,
      title: channel.title,
      asOf: at,
      phase: config.phase,
      configVersion: config.version,
      met: rows.filter(({ isExit, verdict }) => isExit && verdict === "MET").length,
      of: exits.length,
      rows,
    };
  }
}

@Resolver(() => ScorecardRow)
export class ScorecardRowResolver {
  @FieldResolver(() => [GraphNode], { description: "What was counted, the newest 20, as it was at the instant." })
  async nodes(@Root() { nodeIds, asOf }: ScorecardRow, @Ctx() { loaders }: Context) {
    const found = await Promise.all(nodeIds.map((id) => loaders.node.load({ key: parseNodeId(id)!, asOf })));
    return found.filter((node) => node !== null);
  }
}
