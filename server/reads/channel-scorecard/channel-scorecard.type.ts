import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { CRITERIA, UNITS, VERDICTS, type Criterion, type CriterionName, type Unit, type Verdict } from "./scorecard.js";

const CriterionEnum = enumOf(CRITERIA);
registerEnumType(CriterionEnum, {
  name: "ScorecardCriterion",
  description: "What a channel is judged by; docs/channels.md has each formula.",
  valuesConfig: {
    PUBLISHED_VIDEOS: { description: "Episodes that are live." },
    CADENCE: { description: "Episodes published a week, over 28 days." },
    CACHE_HIT_RATE: { description: "Share of the stages of its runs whose output the cache had, over 28 days." },
    RATE_LIMITED: { description: "Share of calls to providers of models that were answered with 429, over 28 days." },
    REWRITE_TREND: { description: "Rewrites a run in 28 days, against the 28 days before." },
    REVENUE_TWO_MONTHS: { description: "The lower revenue of the last two whole calendar months." },
    VIEWS_PER_DAY: { description: "Views a measured day of an episode, over 28 days." },
    CTR: { description: "Clicks for each impression, over 28 days." },
    AVD: { description: "Average view duration, over 28 days." },
    RPM: { description: "Revenue for a thousand views, over 28 days." },
  },
});
const UnitEnum = enumOf(UNITS);
registerEnumType(UnitEnum, {
  name: "ScorecardUnit",
  description: "What a figure counts.",
  valuesConfig: {
    SHARE: { description: "0 to 1." },
    MONEY: { description: "An amount in the criterion's `currency`." },
  },
});
const VerdictEnum = enumOf(VERDICTS);
registerEnumType(VerdictEnum, {
  name: "ScorecardVerdict",
  description: "Whether a criterion is met.",
  valuesConfig: { NOT_ENOUGH_DATA: { description: "Too little is known to say; `why` says what is missing." } },
});

@ObjectType({ description: "A number that a figure is made of." })
export class ScorecardPart {
  @Field(() => String, { description: "What it counts." })
  name!: string;

  @Field(() => Float, { description: "The number, in the unit that its name says." })
  value!: number;
}

@ObjectType({ description: "One thing that a channel is judged by." })
export class ScorecardRow implements Criterion {
  @Field(() => CriterionEnum, { description: "Which." })
  criterion!: CriterionName;

  @Field(() => Boolean, {
    description: "Whether a channel must meet it to leave its phase; others are targets of its own.",
  })
  isExit!: boolean;

  @Field(() => Float, { nullable: true, description: "The figure, in `unit`; null where nothing was there to count." })
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "What it is held against, in `unit`; null where the channel has set none, or nothing was there to count.",
  })
  target!: number | null;

  @Field(() => UnitEnum, { description: "What both count." })
  unit!: Unit;

  @Field(() => String, { nullable: true, description: "ISO 4217, of money." })
  currency!: string | null;

  @Field(() => DateTime, { description: "Counted from then on." })
  from!: Instant;

  @Field(() => DateTime, { description: "Counted up to then." })
  to!: Instant;

  @Field(() => Int, { description: "How many things the figure was counted from." })
  sampleSize!: number;

  @Field(() => VerdictEnum, { description: "Whether it is met." })
  verdict!: Verdict;

  @Field(() => String, { description: "How it was counted, or what is missing, for people." })
  why!: string;

  @Field(() => [ScorecardPart], { description: "The numbers that the figure is made of." })
  parts!: readonly ScorecardPart[];

  @Field(() => String, { description: "The path of the page that shows what was counted." })
  link!: string;

  @Field(() => [ID], { description: "What was counted, the newest 20; empty where those are tries of many runs." })
  nodeIds!: readonly string[];

  @Field(() => DateTime, { description: "The instant that this answers for." })
  asOf!: Instant;
}

@ObjectType({ description: "How far a channel is with what it must reach." })
export class ChannelScorecard {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => String, { description: "Its name." })
  title!: string;

  @Field(() => DateTime, { description: "The instant that this answers for." })
  asOf!: Instant;

  @Field(() => Int, { description: "How far the channel is, 0 to 3, as its config says." })
  phase!: number;

  @Field(() => Int, { description: "The version of its config; 0 while nothing was set." })
  configVersion!: number;

  @Field(() => Int, { description: "Exit criteria that are met." })
  met!: number;

  @Field(() => Int, { description: "Exit criteria in all." })
  of!: number;

  @Field(() => [ScorecardRow], { description: "The exit criteria, and behind them the channel's own KPI targets." })
  rows!: readonly ScorecardRow[];
}
