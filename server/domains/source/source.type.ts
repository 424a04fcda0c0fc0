import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { RELIABILITIES, SOURCE_STATUSES, type SourceProperties } from "../../../graph-schema/nodes/source.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const ReliabilityEnum = enumOf(RELIABILITIES);
registerEnumType(ReliabilityEnum, {
  name: "Reliability",
  description:
    "NATO Admiralty scale: A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged.",
});
export const SourceStatusEnum = enumOf(SOURCE_STATUSES);
registerEnumType(SourceStatusEnum, {
  name: "SourceStatus",
  description:
    "ACTIVE; STALE when it wants reading again; DEAD when its address answers no more; RETRACTED when its publisher took it back.",
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "Somewhere that says something: what claims stand on in the end.",
})
export class Source extends GraphNode implements SourceProperties {
  @Field(() => String, { description: "Its address, normalised." })
  url!: string;

  @Field(() => String, { nullable: true, description: "Who publishes it." })
  publisher!: string | null;

  @Field(() => String, { nullable: true, description: "Who wrote it, in its own words, up to 300 characters." })
  byline!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What it is about, in its own words: its description or its beginning, up to 500 characters.",
  })
  excerpt!: string | null;

  @Field(() => Int, { description: "1 primary or official, 2 edited secondary, 3 anything else or unknown." })
  tier!: number;

  @Field(() => ReliabilityEnum, { description: "How reliable it is, on the Admiralty scale." })
  reliability!: SourceProperties["reliability"];

  @Field(() => DateTime, { nullable: true, description: "When it says that it was published." })
  publishedAt!: Instant | null;

  @Field(() => DateTime, { description: "When it was read last." })
  retrievedAt!: Instant;

  @Field(() => String, {
    description:
      "Sources of one group count as one when independent support is counted: one owner, one wire copy. By default the registrable domain.",
  })
  independenceGroup!: string;

  @Field(() => SourceStatusEnum, { description: "Whether it can be relied on today." })
  status!: SourceProperties["status"];
}
