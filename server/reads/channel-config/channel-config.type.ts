import { Field, ID, Int, ObjectType } from "type-graphql";
import {
  ChannelBudgets,
  ChannelCalendar,
  ChannelGoals,
  ChannelKpiTargets,
  ChannelMetadata,
  ChannelPlanner,
  ChannelQa,
} from "../../domains/channel/channel-config.type.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DateTime } from "../../graphql/scalars.js";
import { ToldAt } from "../../graphql/told.js";

@ObjectType({ simpleResolvers: true, description: "Who set a version of a channel's config, when and why." })
export class ConfigTold extends ToldAt {}

@ObjectType({ description: "How a channel's episodes are made and what the channel aims at." })
export class ChannelConfig {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => DateTime, { description: "The instant that this answers for." })
  asOf!: Instant;

  @Field(() => Int, { description: "Counts its changes; 0 while nothing was set." })
  version!: number;

  @Field(() => ConfigTold, { nullable: true, description: "Who set this version, when and why; null of version 0." })
  told!: ConfigTold | null;

  @Field(() => String, {
    nullable: true,
    description: "How episodes are told: a template by its name, or name@1.2.0; null for this installation's own.",
  })
  template!: string | null;

  @Field(() => String, { nullable: true, description: "What they are held to: a QA spec, named the same way." })
  qaSpec!: string | null;

  @Field(() => [String], { description: "What models are asked: prompts, named the same way." })
  prompts!: readonly string[];

  @Field(() => ChannelPlanner, { description: "What episodes are planned by." })
  planner!: ChannelPlanner;

  @Field(() => ChannelMetadata, { description: "What a platform is told." })
  metadata!: ChannelMetadata;

  @Field(() => ChannelQa, { description: "What episodes are held to." })
  qa!: ChannelQa;

  @Field(() => ChannelKpiTargets, { description: "What figures should reach." })
  kpiTargets!: ChannelKpiTargets;

  @Field(() => ChannelBudgets, { description: "What runs may spend." })
  budgets!: ChannelBudgets;

  @Field(() => ChannelGoals, { description: "What the channel is for." })
  goals!: ChannelGoals;

  @Field(() => ChannelCalendar, { description: "When it publishes." })
  calendar!: ChannelCalendar;

  @Field(() => [DateTime], { description: "The next five slots of the calendar behind the instant answered for." })
  nextSlots!: Instant[];

  @Field(() => Int, { description: "How far the channel is, 0 to 3." })
  phase!: number;
}
