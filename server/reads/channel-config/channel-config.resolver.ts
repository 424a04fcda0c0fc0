import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { nextSlots } from "../../domains/channel/calendar.js";
import { NO_CONFIG, type ChannelConfigState } from "../../domains/channel/channel-config.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { tell } from "../../graphql/told.js";
import { ChannelConfig } from "./channel-config.type.js";
import { readConfigs, type KeptConfig } from "./channel-config.query.js";

const SLOTS = 5;

@Resolver(() => ChannelConfig)
export class ChannelConfigsResolver {
  @Query(() => ChannelConfig, {
    description: "A channel's config at an instant. NOT_FOUND for a channel that isn't there then.",
  })
  async channelConfig(
    @Ctx() context: Context,
    @Arg("channelId", () => ID, { description: "The channel." }) channelId: string,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for; now without it.",
    })
    asOf?: Instant | null,
  ): Promise<ChannelConfig> {
    const { id, at, kept } = await readAll(context, channelId, asOf);
    return kept[0] === undefined ? face(id, NO_CONFIG, at, null) : told(context, id, kept[0], at);
  }

  @Query(() => [ChannelConfig], {
    description:
      "Every version of a channel's config up to an instant, newest first, with who set it, when and why; at most 500, and none of a channel that has set nothing.",
  })
  async channelConfigs(
    @Ctx() context: Context,
    @Arg("channelId", () => ID, { description: "The channel." }) channelId: string,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for; now without it.",
    })
    asOf?: Instant | null,
  ): Promise<ChannelConfig[]> {
    const { id, at, kept } = await readAll(context, channelId, asOf);
    return Promise.all(kept.map((one) => told(context, id, one, at)));
  }
}

async function readAll(context: Context, channelId: string, asOf: Instant | null | undefined) {
  callerOf(context);
  const key = idArgument("channelId", channelId, ["Channel"]);
  const at = instantOf(context, asOf);
  if ((await context.loaders.node.load({ key, asOf: at })) === null) throw await absentAt(context, at);
  return { id: formatNodeId(key.label, key.id), at, kept: await readConfigs(readerOf(context), key.id, at) };
}

const told = async (context: Context, id: string, { config, at, operationId }: KeptConfig, asOf: Instant) =>
  face(id, config, asOf, { ...(await tell(context, operationId ?? "")), at });

const face = (channelId: string, config: ChannelConfigState, asOf: Instant, by: ChannelConfig["told"]): ChannelConfig =>
  ({ ...config, channelId, asOf, told: by, nextSlots: nextSlots(config.calendar, asOf, SLOTS) }) as ChannelConfig;
