import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { configFrom } from "../../domains/channel/channel-config.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { readScorecard, readScorecardChannel } from "./channel-scorecard.query.js";
import { ChannelScorecard } from "./channel-scorecard.type.js";
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
