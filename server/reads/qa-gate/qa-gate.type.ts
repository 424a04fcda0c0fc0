import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { DIRECTIONS, type Direction, type RewriteWeek, type Trend, type Trigger } from "./rewrites.js";

export const TrendDirectionEnum = enumOf(DIRECTIONS);
registerEnumType(TrendDirectionEnum, {
  name: "TrendDirection",
  description: "Where a share goes from the earlier half of the time to the later one.",
  valuesConfig: { UNKNOWN: { description: "One of the halves has nothing to count." } },
});

@ObjectType({ description: "How a share changed from the earlier half of the weeks to the later one." })
export class RewriteTrend implements Trend {
  @Field(() => TrendDirectionEnum, { description: "Where it goes." })
  direction!: Direction;

  @Field(() => Float, { nullable: true, description: "Later share minus earlier share, -1 to 1; null where unknown." })
  change!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "Lower end of the change's interval (Newcombe): at 95 %, and of n triggers at 100 - 5/n % each, so that all hold together at 95 %.",
  })
  low!: number | null;

  @Field(() => Float, { nullable: true, description: "Upper end of it." })
  high!: number | null;

  @Field(() => Boolean, { description: "Whether the interval leaves 0 out; without that it may be chance." })
  certain!: boolean;
}

@ObjectType({ description: "Runs that began in one week." })
export class RewrittenWeek implements RewriteWeek {
  @Field(() => DateTime, { description: "Its beginning." })
  from!: Instant;

  @Field(() => Int, { description: "Runs that began in it." })
  runs!: number;

  @Field(() => Int, { description: "Those of them that were sent back at least once." })
  runsSentBack!: number;

  @Field(() => Int, { description: "How often they were sent back." })
  rewrites!: number;
}

@ObjectType({ description: "What asked for rewrites." })
export class RewriteTrigger implements Omit<Trigger, keyof Trend> {
  @Field(() => String, { description: "The finding's code, such as CLAIM_NOT_SAID." })
  code!: string;

  @Field(() => Int, { description: "Rewrites that it asked for, alone or with others." })
  count!: number;

  @Field(() => [Int], { description: "The same, week by week." })
  weeks!: readonly number[];

  @Field(() => RewriteTrend, { description: "How the share of runs that it sent back changed." })
  trend!: RewriteTrend;
}

@ObjectType({ description: "How often a channel's scenes and scripts were sent back, by the record of its runs." })
export class Rewrites {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => DateTime, { description: "The instant that the weeks end at." })
  asOf!: Instant;

  @Field(() => Int, { description: "Runs that began in these weeks, the newest 2,000." })
  runs!: number;

  @Field(() => Int, { description: "How often they were sent back." })
  rewrites!: number;

  @Field(() => RewriteTrend, { description: "How the share of runs that were sent back changed." })
  trend!: RewriteTrend;

  @Field(() => [RewrittenWeek], { description: "Week by week, oldest first." })
  weeks!: readonly RewrittenWeek[];

  @Field(() => [RewriteTrigger], { description: "What asked for them, most frequent first; at most 100." })
  triggers!: readonly RewriteTrigger[];
}

@ObjectType({ description: "One thing that was looked at in a scene." })
export class SceneCheck {
  @Field(() => String, { description: "Which, as a code such as CLAIMS_TRACED." })
  item!: string;

  @Field(() => Boolean, { description: "Whether it passed." })
  passed!: boolean;

  @Field(() => String, { description: "What was looked for, or what was wrong." })
  why!: string;

  @Field(() => String, { nullable: true, description: "What mends it; null for what passed." })
  remedy!: string | null;
}

@ObjectType({ description: "What was looked at in one scene." })
export class SceneChecklist {
  @Field(() => Int, { description: "Its ordinal." })
  scene!: number;

  @Field(() => String, { description: "Its title." })
  title!: string;

  @Field(() => [SceneCheck], { description: "Each thing." })
  items!: readonly SceneCheck[];
}

@ObjectType({ description: "What a channel wants of its episodes, beside what they had." })
export class KpiTarget {
  @Field(() => String, {
    description: "`views_per_day`, `ctr` (0 to 1), `avd_s` (seconds) or `rpm` (for a thousand views).",
  })
  metric!: string;

  @Field(() => Float, { description: "What it wants, at least." })
  target!: number;

  @Field(() => Float, { nullable: true, description: "What its episodes had lately; null without figures." })
  value!: number | null;

  @Field(() => Float, { description: "Impressions or views that the value was taken from." })
  sample!: number;

  @Field(() => String, { description: "MET, MISSED or NO_FIGURES." })
  verdict!: string;
}

@ObjectType({ description: "A finding of QA." })
export class QaFinding {
  @Field(() => String, { description: "Its code." })
  code!: string;

  @Field(() => String, { description: "What it is about, such as `scene 2, claim 1: f7`." })
  at!: string;

  @Field(() => String, { description: "What is wrong." })
  message!: string;

  @Field(() => String, { description: "What mends it." })
  remedy!: string;
}

@ObjectType({ description: "QA's last word on a run." })
export class QaGate {
  @Field(() => ID, { description: "The run." })
  runId!: string;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;

  @Field(() => ID, { description: "The try of QA that said it." })
  stageRunId!: string;

  @Field(() => Int, { description: "The run's round then: 1, and one more with each repair." })
  round!: number;

  @Field(() => String, { description: "PASS, REPAIR or BLOCK." })
  verdict!: string;

  @Field(() => [QaFinding], { description: "What it found; the first 500." })
  findings!: readonly QaFinding[];

  @Field(() => [SceneChecklist], { description: "What it looked at, scene by scene." })
  scenes!: readonly SceneChecklist[];

  @Field(() => [KpiTarget], { description: "The channel's targets; empty where it has none." })
  kpiTargets!: readonly KpiTarget[];
}
