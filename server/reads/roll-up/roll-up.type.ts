import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { LabelCount } from "../impact/impact.type.js";
import { LineageStatusEnum } from "../lineage/lineage.type.js";
import type { LineageStatus } from "../lineage/standing.js";
import { ROLL_UPS } from "./roll-up.js";

export const RollUpByEnum = enumOf(ROLL_UPS);
registerEnumType(RollUpByEnum, {
  name: "RollUpBy",
  description:
    "EPISODE: by the episodes that stand on a node, an episode by itself. CHANNEL: by the channels of those. TOPIC: by the topics that those are about.",
});

@ObjectType({
  simpleResolvers: true,
  description: "The part of a lineage that belongs to one episode, channel or topic.",
})
export class RollUpGroup {
  @Field(() => GraphNode, { description: "The episode, channel or topic." })
  node!: unknown;

  @Field(() => Int, {
    description: "Distinct nodes of the lineage that belong to it; a node may belong to several groups.",
  })
  total!: number;

  @Field(() => [LabelCount], { description: "The same by kind." })
  totals!: readonly LabelCount[];

  @Field(() => LineageStatusEnum, {
    nullable: true,
    description:
      "The weakest status among them, from RETRACTED, WRONG, DEAD, NEEDS_RECHECK and STALE on; null when none of them has a status.",
  })
  weakest!: LineageStatus | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The link to them: the expression for which `select` answers with these nodes at this instant. Null where it has no words for them: the way may turn (BOTH, beyond one hop), or the filter names edge types or lets nothing through.",
  })
  expression!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A lineage, by the episodes, channels or topics that its nodes belong to.",
})
export class LineageRollUp {
  @Field(() => [RollUpGroup], { description: "This page's groups: those with the most nodes first, then by id." })
  groups!: readonly RollUpGroup[];

  @Field(() => Int, { description: "Groups on this page." })
  shown!: number;

  @Field(() => Int, { description: "Groups in all." })
  groupCount!: number;

  @Field(() => Int, {
    description: "Distinct nodes of the lineage, as `lineage` counts them. More than 50,000 are refused.",
  })
  total!: number;

  @Field(() => Boolean, { description: "True: what is too much to be counted exactly is refused, naming the bound." })
  totalIsExact!: boolean;

  @Field(() => [LabelCount], { description: "Distinct nodes of the lineage by kind." })
  totals!: readonly LabelCount[];

  @Field(() => Int, { description: "Distinct nodes of the lineage that belong to no group." })
  ungrouped!: number;

  @Field(() => [LabelCount], { description: "The same by kind." })
  ungroupedTotals!: readonly LabelCount[];

  @Field(() => String, { nullable: true, description: "`after` for the next page." })
  endCursor!: string | null;

  @Field(() => Boolean, { description: "True when there are more groups than shown by now." })
  hasNextPage!: boolean;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;
}
