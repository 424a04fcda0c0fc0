import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { EPISODE_STATUSES } from "../../../graph-schema/nodes/episode.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { OrderedPageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Channel } from "../channel/channel.type.js";
import { Principal } from "../principal/principal.type.js";
import { Scene } from "../scene/scene.type.js";
import { Topic } from "../topic/topic.type.js";
import { createEpisode } from "./episode.service.js";
import { Episode, EpisodeStatusEnum } from "./episode.type.js";

const { connection: EpisodeConnection } = connectionTypes("Episode", () => Episode);

@InputType({ description: "Episodes for which all that is given holds." })
class EpisodeFilter {
  @Field(() => [EpisodeStatusEnum], { nullable: true, description: "Any of these." })
  status?: (typeof EPISODE_STATUSES)[number][] | null;

  @Field(() => ID, { nullable: true, description: "On this channel." })
  channelId?: string | null;

  @Field(() => ID, { nullable: true, description: "About this topic." })
  topicId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Words that its title has, all of them and in any case; at most 20, 200 characters together.",
  })
  title?: string | null;
}

@InputType()
class CreateEpisodeInput extends MutationInput {
  @Field(() => String, { description: "What to call it, up to 500 characters." })
  title!: string;

  @Field(() => ID, { description: "The channel that it belongs to." })
  channelId!: string;

  @Field(() => ID, { nullable: true, description: "What it is about." })
  topicId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "The principal that answers for it; the channel's owner without one.",
  })
  ownerId?: string | null;
}

@ObjectType()
class CreateEpisodePayload extends MutationPayload {
  @Field(() => Episode, { nullable: true, description: "The episode, a DRAFT." })
  episode!: Episode | null;
}

@Resolver(() => Episode)
export class EpisodeResolver {
  @Query(() => EpisodeConnection, { description: "The episodes, oldest first unless said otherwise." })
  episodes(
    @Ctx() context: Context,
    @Args(() => OrderedPageArguments) page: OrderedPageArguments,
    @Arg("filter", () => EpisodeFilter, { nullable: true, description: "Which ones." }) filter?: EpisodeFilter | null,
  ) {
    return connect(context, "Episode", page, { ...filter });
  }

  @FieldResolver(() => Channel, { nullable: true, description: "The channel that it belongs to." })
  async channel(@Root() episode: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Episode", type: "ON", direction: "out" }, episode))[0]?.node ?? null;
  }

  @FieldResolver(() => Topic, { nullable: true, description: "What it is about." })
  async topic(@Root() episode: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Episode", type: "ABOUT", direction: "out" }, episode))[0]?.node ?? null;
  }

  @FieldResolver(() => Principal, {
    nullable: true,
    description: "Who answers for it: its own owner, else its channel's.",
  })
  async owner(@Root() episode: At, @Ctx() { loaders }: Context) {
    const [own] = await loaders.step({ from: "Episode", type: "OWNED_BY", direction: "out" }, episode);
    if (own !== undefined) return own.node;
    const [on] = await loaders.step({ from: "Episode", type: "ON", direction: "out" }, episode);
    if (on === undefined) return null;
    return (await loaders.step({ from: "Channel", type: "OWNED_BY", direction: "out" }, on.node))[0]?.node ?? null;
  }

  @FieldResolver(() => [Scene], { description: "Its scenes, in their order; at most 500, `lineage` has the rest." })
  async scenes(@Root() episode: At, @Ctx() { loaders }: Context) {
    const found = await loaders.step({ from: "Episode", type: "HAS_SCENE", direction: "out" }, episode);
    return found
      .map(({ node }) => node)
      .sort((a, b) => (a.label === "Scene" && b.label === "Scene" ? a.ordinal - b.ordinal : 0));
  }

  @Mutation(() => CreateEpisodePayload, { description: "Creates an episode on a channel, as a DRAFT." })
  createEpisode(@Ctx() context: Context, @Arg("input", () => CreateEpisodeInput) input: CreateEpisodeInput) {
    return mutate(context, createEpisode, input, { episode: "episodeId" });
  }
}
