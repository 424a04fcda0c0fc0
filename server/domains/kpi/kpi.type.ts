import { Field, Float, ID, ObjectType } from "type-graphql";
import type { KpiRecordProperties } from "../../../graph-schema/nodes/kpi-record.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "What was measured of one episode or channel on one day; null is what wasn't measured, never 0.",
})
export class KpiRecord extends GraphNode implements KpiRecordProperties {
  @Field(() => ID, { description: "The episode or channel." })
  subjectId!: string;

  @Field(() => String, { description: "The day, `YYYY-MM-DD`, as the platform counts days." })
  day!: string;

  @Field(() => Float, { nullable: true, description: "How often it was shown to somebody to choose; a whole number." })
  impressions!: number | null;

  @Field(() => Float, { nullable: true, description: "How often it was watched; a whole number." })
  views!: number | null;

  @Field(() => Float, { nullable: true, description: "Clicks for each impression, 0 to 1." })
  ctr!: number | null;

  @Field(() => Float, { nullable: true, description: "Average view duration, in seconds." })
  avdSeconds!: number | null;

  @Field(() => Float, { nullable: true, description: "Revenue for a thousand views, in `currency`." })
  rpm!: number | null;

  @Field(() => Float, { nullable: true, description: "Revenue, in `currency`." })
  revenue!: number | null;

  @Field(() => String, { nullable: true, description: "ISO 4217, such as EUR; one channel has one." })
  currency!: string | null;
}
