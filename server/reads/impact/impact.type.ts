import { Field, ID, Int, ObjectType } from "type-graphql";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { Claim } from "../../domains/claim/claim.type.js";
import { Episode } from "../../domains/episode/episode.type.js";
import { Principal } from "../../domains/principal/principal.type.js";
import { NodeLabelEnum } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

@ObjectType({ description: "How many nodes of one kind." })
export class LabelCount {
  @Field(() => NodeLabelEnum, { description: "The kind." })
  label!: NodeLabel;

  @Field(() => Int, { description: "How many." })
  count!: number;
}

@ObjectType({
  description:
    "What stands on a node: what it supports, directly or through others, never what it speaks against or was merely considered for.",
})
export class Impact {
  @Field(() => ID, { description: "The node asked about." })
  id!: string;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;

  @Field(() => [LabelCount], { description: "Distinct nodes that stand on it, by kind, itself not counted." })
  totals!: readonly LabelCount[];

  @Field(() => Boolean, {
    description: "False when more than 10,000 nodes stand on it: all counts are lower bounds then.",
  })
  totalIsExact!: boolean;

  @Field(() => [Episode], {
    description: "Episodes among them that are live (PUBLISHED or CORRECTED) at the instant; at most 500.",
  })
  liveEpisodes!: readonly unknown[];

  @Field(() => Int, { description: "How many live episodes." })
  liveEpisodeCount!: number;

  @Field(() => [Principal], { description: "Who answers for the live episodes: their owners, else their channels'." })
  owners!: readonly unknown[];

  @Field(() => [Claim], {
    description:
      "Claims that would lose their last independent support without the node: no fact is left from a source of another independence group; at most 500.",
  })
  claimsLosingSupport!: readonly unknown[];

  @Field(() => Int, { description: "How many claims would lose their last independent support." })
  claimsLosingSupportCount!: number;

  @Field(() => [Claim], {
    description:
      "Claims that a fact standing on the node speaks against: they would lose that contradiction; at most 500.",
  })
  claimsLosingContradiction!: readonly unknown[];

  @Field(() => Int, { description: "How many claims would lose a contradiction." })
  claimsLosingContradictionCount!: number;
}
