import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { DateTime } from "../../graphql/scalars.js";

@ObjectType({ description: "How often the output of a stage was there already." })
export class StageCacheUse {
  @Field(() => String, { description: "The flow." })
  flow!: string;

  @Field(() => String, { description: "The stage, such as `research`." })
  stage!: string;

  @Field(() => Int, { description: "Tries whose output could have come from the cache." })
  lookups!: number;

  @Field(() => Int, { description: "Those of them whose output did." })
  hits!: number;

  @Field(() => Float, { description: "Hits in lookups, from 0 to 1." })
  rate!: number;
}

@ObjectType({ description: "How often a channel's runs found in the studio's cache what they would have computed." })
export class CacheUse {
  @Field(() => ID, { description: "The channel." })
  channelId!: string;

  @Field(() => DateTime, { nullable: true, description: "Counted from then on; null for all that is recorded." })
  from!: Instant | null;

  @Field(() => DateTime, { description: "The instant that this answers for: counted up to then." })
  asOf!: Instant;

  @Field(() => Int, { description: "Tries whose output could have come from the cache." })
  lookups!: number;

  @Field(() => Int, { description: "Those of them whose output did." })
  hits!: number;

  @Field(() => Float, { nullable: true, description: "Hits in lookups, from 0 to 1; null where there was no lookup." })
  rate!: number | null;

  @Field(() => [StageCacheUse], { description: "The same by flow and stage." })
  stages!: readonly StageCacheUse[];
}
