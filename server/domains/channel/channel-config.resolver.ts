import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { rollbackChannelConfig, setChannelConfig } from "./channel-config.service.js";
import {
  ChannelBudgets,
  ChannelCalendar,
  ChannelGoals,
  ChannelKpiTargets,
  ChannelMetadata,
  ChannelPlanner,
  ChannelQa,
} from "./channel-config.type.js";
import { Channel } from "./channel.type.js";

const SEEN = "The version of the channel that this was decided on; CONFLICT when another stands by now.";

@InputType()
class SetChannelConfigInput extends MutationInput {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => Int, { nullable: true, description: SEEN })
  version?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "How episodes are told: a template of the library, by its name (whatever version that means as a run begins) or as name@1.2.0; null for this installation's own.",
  })
  template?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What they are held to: a QA spec, named the same way; null for none.",
  })
  qaSpec?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "What models are asked: prompts, named the same way, one for a stage at most.",
  })
  prompts?: string[];

  @Field(() => ChannelPlanner, { nullable: true, description: "What episodes are planned by." })
  planner?: ChannelPlanner;

  @Field(() => ChannelMetadata, { nullable: true, description: "What a platform is told." })
  metadata?: ChannelMetadata;

  @Field(() => ChannelQa, { nullable: true, description: "What episodes are held to." })
  qa?: ChannelQa;

  @Field(() => ChannelKpiTargets, { nullable: true, description: "What figures should reach." })
  kpiTargets?: ChannelKpiTargets;

  @Field(() => ChannelBudgets, { nullable: true, description: "What runs may spend." })
  budgets?: ChannelBudgets;

  @Field(() => ChannelGoals, { nullable: true, description: "What the channel is for." })
  goals?: ChannelGoals;

  @Field(() => ChannelCalendar, { nullable: true, description: "When it publishes." })
  calendar?: ChannelCalendar;

  @Field(() => Int, { nullable: true, description: "How far the channel is, 0 to 3." })
  phase?: number;
}

@InputType()
class RollbackChannelConfigInput extends MutationInput {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => Int, { description: "The version of its config to go back to, from 1 on." })
  to!: number;

  @Field(() => Int, { nullable: true, description: SEEN })
  version?: number | null;
}

@ObjectType()
class SetChannelConfigPayload extends MutationPayload {
  @Field(() => Channel, { nullable: true, description: "The channel." })
  channel!: Channel | null;
}

@ObjectType()
class RollbackChannelConfigPayload extends SetChannelConfigPayload {}

const NOUNS = { channel: "channelId" } as const;

@Resolver(() => Channel)
export class ChannelConfigResolver {
  @Mutation(() => SetChannelConfigPayload, {
    description:
      "Sets parts of a channel's config, as a new version; what is left out stays as it is, and a part that is named is taken whole. Runs that begin from then on go by it.",
  })
  setChannelConfig(@Ctx() context: Context, @Arg("input", () => SetChannelConfigInput) input: SetChannelConfigInput) {
    return mutate(context, setChannelConfig, input, NOUNS);
  }

  @Mutation(() => RollbackChannelConfigPayload, {
    description: "Gives a channel the config of an earlier version again, as a new version.",
  })
  rollbackChannelConfig(
    @Ctx() context: Context,
    @Arg("input", () => RollbackChannelConfigInput) input: RollbackChannelConfigInput,
  ) {
    return mutate(context, rollbackChannelConfig, input, NOUNS);
  }
}
