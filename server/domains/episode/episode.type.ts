import { Field, ObjectType, registerEnumType } from "type-graphql";
import { EPISODE_STATUSES, type EpisodeProperties } from "../../../graph-schema/nodes/episode.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const EpisodeStatusEnum = enumOf(EPISODE_STATUSES);
registerEnumType(EpisodeStatusEnum, {
  name: "EpisodeStatus",
  description: "Where the episode stands. PUBLISHED and CORRECTED ones are live.",
});

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "What a channel publishes." })
export class Episode extends GraphNode implements EpisodeProperties {
  @Field(() => EpisodeStatusEnum, { description: "Where it stands." })
  status!: EpisodeProperties["status"];

  @Field(() => DateTime, { nullable: true, description: "When it was published first." })
  publishedAt!: Instant | null;
}
