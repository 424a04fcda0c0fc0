import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Principal } from "../principal/principal.type.js";
import { createChannel } from "./channel.service.js";
import { Channel, ScoreInputEnum, TopicWeights } from "./channel.type.js";
import { setTopicWeights } from "./topic-weights.service.js";
import { SCORE_INPUTS, weightsOf, type ScoreInput } from "./topic-weights.js";

const { connection: ChannelConnection } = connectionTypes("Channel", () => Channel);

@InputType()
class CreateChannelInput extends MutationInput {
  @Field(() => String, { description: "Its name, up to 300 characters." })
  title!: string;

  @Field(() => String, { description: "Where it is, such as `video`." })
  platform!: string;

  @Field(() => String, { nullable: true, description: "Its address." })
  url?: string | null;

  @Field(() => ID, { nullable: true, description: "The principal that answers for it." })
  ownerId?: string | null;
}

@ObjectType()
class CreateChannelPayload extends MutationPayload {
  @Field(() => Channel, { nullable: true, description: "The channel." })
  channel!: Channel | null;
}

@InputType({ description: "How much a part of a topic's score is to count." })
class ScoreWeightInput {
  @Field(() => ScoreInputEnum, { description: "The part." })
  input!: ScoreInput;

  @Field(() => Float, { description: "Its weight, 0 to 10; 0 leaves it out." })
  weight!: number;
}

@InputType()
class SetTopicWeightsInput extends MutationInput {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => [ScoreWeightInput], { description: "The parts whose weight changes; others keep theirs." })
  weights!: ScoreWeightInput[];

  @Field(() => Int, {
    nullable: true,
    description: "The version of the channel that this was decided on; CONFLICT when another stands by now.",
  })
  version?: number | null;
}

@ObjectType()
class SetTopicWeightsPayload extends MutationPayload {
  @Field(() => Channel, { nullable: true, description: "The channel." })
  channel!: Channel | null;
}

@Resolver(() => Channel)
export class ChannelResolver {
  @Query(() => ChannelConnection, { description: "The channels, oldest first." })
  channels(@Ctx() context: Context, @Args(() => PageArguments) page: PageArguments) {
    return connect(context, "Channel", page);
  }

  @FieldResolver(() => Principal, { nullable: true, description: "Who answers for it." })
  async owner(@Root() channel: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Channel", type: "OWNED_BY", direction: "out" }, channel))[0]?.node ?? null;
  }

  @FieldResolver(() => TopicWeights, { description: "How much the parts of a topic's score count for it." })
  topicWeights(@Root() channel: Extract<At, { label: "Channel" }>): TopicWeights {
    const weights = weightsOf(channel.topicWeights);
    return {
      version: channel.topicWeightsVersion ?? 0,
      weights: SCORE_INPUTS.map((input) => ({ input, weight: weights[input] })),
    };
  }

  @Mutation(() => SetTopicWeightsPayload, {
    description:
      "Says how much the parts of a topic's score count for a channel; runs that score from then on go by it.",
  })
  setTopicWeights(@Ctx() context: Context, @Arg("input", () => SetTopicWeightsInput) input: SetTopicWeightsInput) {
    return mutate(context, setTopicWeights, input, { channel: "channelId" });
  }

  @Mutation(() => CreateChannelPayload, {
    description: "Creates a channel. A title that the platform has already is a CONFLICT.",
  })
  createChannel(@Ctx() context: Context, @Arg("input", () => CreateChannelInput) input: CreateChannelInput) {
    return mutate(context, createChannel, input, { channel: "channelId" });
  }
}
