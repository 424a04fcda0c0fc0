import { Arg, Args, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { createTopic } from "./topic.service.js";
import { Topic } from "./topic.type.js";

const { connection: TopicConnection } = connectionTypes("Topic", () => Topic);

@InputType()
class CreateTopicInput extends MutationInput {
  @Field(() => String, { description: "What to call it, up to 300 characters; unique but for case and white space." })
  title!: string;

  @Field(() => String, { nullable: true, description: "What belongs to it, up to 5,000 characters." })
  description?: string | null;
}

@ObjectType()
class CreateTopicPayload extends MutationPayload {
  @Field(() => Topic, { nullable: true, description: "The topic." })
  topic!: Topic | null;
}

@Resolver(() => Topic)
export class TopicResolver {
  @Query(() => TopicConnection, { description: "The topics, oldest first." })
  topics(@Ctx() context: Context, @Args(() => PageArguments) page: PageArguments) {
    return connect(context, "Topic", page);
  }

  @Mutation(() => CreateTopicPayload, {
    description: "Creates a topic. A title that a topic has already is a CONFLICT.",
  })
  createTopic(@Ctx() context: Context, @Arg("input", () => CreateTopicInput) input: CreateTopicInput) {
    return mutate(context, createTopic, input, { topic: "topicId" });
  }
}
