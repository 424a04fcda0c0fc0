import { Arg, Args, Ctx, Field, Float, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { MutationInput, MutationPayload, perform } from "../../graphql/payload.js";
import { recordKpis, type KpiCounts } from "./kpi.service.js";
import { KpiRecord } from "./kpi.type.js";

const { connection: KpiRecordConnection } = connectionTypes("KpiRecord", () => KpiRecord);

@InputType({ description: "Figures for which all that is given holds." })
class KpiFilter {
  @Field(() => ID, { nullable: true, description: "Of this episode, or of this channel as a whole." })
  subjectId?: string | null;
}

@InputType({ description: "What was measured of one episode or channel on one day. What is left out stays as it was." })
class KpiRowInput {
  @Field(() => ID, { nullable: true, description: "The episode or channel; may be left out beside `videoId`." })
  subjectId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The platform's id of the episode's video, up to 200 characters; known once it was given beside `subjectId`.",
  })
  videoId?: string | null;

  @Field(() => String, { description: "The day, `YYYY-MM-DD`; not one that is still to come in UTC." })
  day!: string;

  @Field(() => Float, { nullable: true, description: "How often it was shown to somebody to choose; a whole number." })
  impressions?: number | null;

  @Field(() => Float, { nullable: true, description: "How often it was watched; a whole number." })
  views?: number | null;

  @Field(() => Float, { nullable: true, description: "Clicks for each impression, 0 to 1: never a percentage." })
  ctr?: number | null;

  @Field(() => Float, { nullable: true, description: "Average view duration, in seconds." })
  avdSeconds?: number | null;

  @Field(() => Float, { nullable: true, description: "Revenue for a thousand views, in `currency`." })
  rpm?: number | null;

  @Field(() => Float, { nullable: true, description: "Revenue, in `currency`." })
  revenue?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "ISO 4217, such as EUR; needed beside an amount. One channel has one: another is refused.",
  })
  currency?: string | null;
}

@InputType()
class RecordKpisInput extends MutationInput {
  @Field(() => [KpiRowInput], { description: "1 to 1,000 rows, each of another subject or day." })
  rows!: KpiRowInput[];
}

@ObjectType()
class RecordKpisPayload extends MutationPayload {
  @Field(() => Int, { nullable: true, description: "Rows that made a record." })
  created!: number | null;

  @Field(() => Int, { nullable: true, description: "Rows that gave a record a new version." })
  updated!: number | null;

  @Field(() => Int, { nullable: true, description: "Rows that said what was known." })
  skipped!: number | null;
}

type Told = Record<keyof KpiCounts, number | null>;
const NONE: Told = { created: null, updated: null, skipped: null };

@Resolver(() => KpiRecord)
export class KpiResolver {
  @Query(() => KpiRecordConnection, {
    description: "What was measured, a record for each subject and day, oldest first.",
  })
  kpiRecords(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => KpiFilter, { nullable: true, description: "Which ones." }) filter?: KpiFilter | null,
  ) {
    return connect(context, "KpiRecord", page, { ...filter });
  }

  @Mutation(() => RecordKpisPayload, {
    description:
      "Records what was measured, all rows or none. A percentage, another currency than the channel's and a day that is to come are refused, each by its row and field.",
  })
  recordKpis(@Ctx() context: Context, @Arg("input", () => RecordKpisInput) input: RecordKpisInput) {
    const counts = async (result: KpiCounts): Promise<Told> => ({ ...result });
    return perform(context, recordKpis, input, counts, NONE);
  }
}
