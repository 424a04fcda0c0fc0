import { Field, Float, InputType, Int, ObjectType } from "type-graphql";
import type { ConfigValues } from "./channel-config.js";

/* Parts of a channel's config, as they are told and as they are set. */

@ObjectType({ description: "What episodes are planned by." })
@InputType("ChannelPlannerInput", {
  description: "What episodes are planned by. What is left out is as the template says.",
})
export class ChannelPlanner implements Partial<ConfigValues["planner"]> {
  @Field(() => Float, {
    nullable: true,
    description: "How long an episode may get, 10 to 36,000 seconds; null as the template says.",
  })
  durationS?: number | null;

  @Field(() => [String], {
    nullable: true,
    description: "What the research must answer, 1 to 20 questions, each with {topic}; null as the template says.",
  })
  questions?: string[] | null;
}

@ObjectType({ description: "What a platform is told of episodes. Null is as the template says." })
@InputType("ChannelMetadataInput", {
  description: "What a platform is told of episodes. What is left out is as the template says.",
})
export class ChannelMetadata implements Partial<ConfigValues["metadata"]> {
  @Field(() => String, { nullable: true, description: "The title; fills in {topic} and {publishers}." })
  title?: string | null;

  @Field(() => String, { nullable: true, description: "The description; fills in {topic} and {publishers}." })
  description?: string | null;

  @Field(() => String, { nullable: true, description: "A chapter; fills in {scene} and {topic}." })
  chapter?: string | null;

  @Field(() => String, { nullable: true, description: "A source; fills in {source}, {publisher} and {url}." })
  source?: string | null;

  @Field(() => Int, { nullable: true, description: "Tags at most, 0 to 50." })
  mostTags?: number | null;
}

@ObjectType({ description: "What the channel's episodes are held to. Null is as the QA spec says." })
@InputType("ChannelQaInput", {
  description: "What the channel's episodes are held to. What is left out is as the QA spec says.",
})
export class ChannelQa implements Partial<ConfigValues["qa"]> {
  @Field(() => [String], {
    nullable: true,
    description: "Words and phrases that nobody may say, whatever their case; up to 200, each of 2 to 100 characters.",
  })
  banned?: string[] | null;

  @Field(() => Float, { nullable: true, description: "Longest scene, 5 to 3,600 seconds." })
  mostSceneSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: "Fewest scenes, 1 to 100." })
  leastScenes?: number | null;

  @Field(() => Int, { nullable: true, description: "Fewest sources that its claims stand on, 1 to 50." })
  leastSources?: number | null;

  @Field(() => Int, { nullable: true, description: "Longest script, 10 to 100,000 words." })
  mostWords?: number | null;
}

@ObjectType({ description: "What figures of the channel's episodes should reach. Null is no target." })
@InputType("ChannelKpiTargetsInput", {
  description: "What figures of the channel's episodes should reach. What is left out is no target.",
})
export class ChannelKpiTargets implements Partial<ConfigValues["kpiTargets"]> {
  @Field(() => Float, { nullable: true, description: "Views a measured day of an episode." })
  viewsPerDay?: number | null;

  @Field(() => Float, { nullable: true, description: "Clicks for each impression, 0 to 1." })
  ctr?: number | null;

  @Field(() => Float, { nullable: true, description: "Average view duration, in seconds." })
  avdSeconds?: number | null;

  @Field(() => Float, { nullable: true, description: "Revenue for a thousand views, in the channel's currency." })
  rpm?: number | null;
}

@ObjectType({ description: "What runs may spend on models. Null is no limit of the channel's own." })
@InputType("ChannelBudgetsInput", {
  description: "What runs may spend on models. What is left out is no limit of the channel's own.",
})
export class ChannelBudgets implements Partial<ConfigValues["budgets"]> {
  @Field(() => Float, { nullable: true, description: "One run, in US dollars." })
  runUsd?: number | null;

  @Field(() => Int, { nullable: true, description: "One run, in tokens." })
  runTokens?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "All runs of a calendar month in UTC, in US dollars; once it is spent, none is started.",
  })
  monthUsd?: number | null;
}

@ObjectType({ description: "What the channel is for. Null is no goal." })
@InputType("ChannelGoalsInput", { description: "What the channel is for. What is left out is no goal." })
export class ChannelGoals implements Partial<ConfigValues["goals"]> {
  @Field(() => Float, { nullable: true, description: "Revenue of a calendar month, in `currency`." })
  monthlyRevenue?: number | null;

  @Field(() => String, { nullable: true, description: "ISO 4217, such as EUR; needed beside `monthlyRevenue`." })
  currency?: string | null;

  @Field(() => Float, { nullable: true, description: "Episodes published a week, 0 to 100." })
  uploadsPerWeek?: number | null;
}

@ObjectType({ description: "When a channel publishes, every week." })
@InputType("PublishSlotInput", { description: "When a channel publishes, every week." })
export class PublishSlot {
  @Field(() => Int, { description: "1 (Monday) to 7 (Sunday)." })
  weekday!: number;

  @Field(() => String, { description: "The time of day in the calendar's zone, such as 18:30." })
  time!: string;
}

@ObjectType({ description: "When a channel publishes." })
@InputType("ChannelCalendarInput", { description: "When a channel publishes." })
export class ChannelCalendar implements Omit<ConfigValues["calendar"], "slots"> {
  @Field(() => String, { description: "The zone of its clocks, such as UTC or Europe/Berlin." })
  timeZone!: string;

  @Field(() => [PublishSlot], { description: "At most 50 slots of a week." })
  slots!: PublishSlot[];
}
