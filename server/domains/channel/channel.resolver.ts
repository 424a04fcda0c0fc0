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
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Principal } from "../principal/principal.type.js";
import { createChannel } from "./channel.service.js";
import { Channel } from "./channel.type.js";

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

  @Mutation(() => CreateChannelPayload, {
    description: "Creates a channel. A title that the platform has already is a CONFLICT.",
  })
  createChannel(@Ctx() context: Context, @Arg("input", () => CreateChannelInput) input: CreateChannelInput) {
    return mutate(context, createChannel, input, { channel: "channelId" });
  }
}
