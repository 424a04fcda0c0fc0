import { Field, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import type { Direction } from "../lineage/lineage.query.js";
import { LineageDirectionEnum, LineageEdge } from "../lineage/lineage.type.js";

@ObjectType({ simpleResolvers: true, description: "One way from a node to another, on which no node comes twice." })
export class LineagePath {
  @Field(() => Int, { description: "Hops: the number of its relations; 0 when both ends are one node." })
  length!: number;

  @Field(() => LineageDirectionEnum, {
    description:
      "UPSTREAM: `from` stands on `to`. DOWNSTREAM: `to` stands on `from`. BOTH: the way turns, so that neither stands on the other by it.",
  })
  direction!: Direction;

  @Field(() => [GraphNode], { description: "Its nodes, in order, from `from` to `to`, both included." })
  nodes!: readonly unknown[];

  @Field(() => [LineageEdge], {
    description:
      "Its relations, in order from node to node; all of them, where more than one joins the same two. Arrows point as they are stored.",
  })
  edges!: readonly LineageEdge[];
}

@ObjectType({ simpleResolvers: true, description: "The ways between two nodes, for one instant." })
export class LineagePaths {
  @Field(() => [LineagePath], {
    description: "The shortest first; of equal length those by which one end stands on the other first, then by ids.",
  })
  paths!: readonly LineagePath[];

  @Field(() => Int, { description: "How many are in `paths`." })
  shown!: number;

  @Field(() => Int, { description: "How many there are; a lower bound when `totalIsExact` is false." })
  total!: number;

  @Field(() => Boolean, { description: "False when there are more than were counted, or may be." })
  totalIsExact!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Why there is none, and what else to ask; null when there is one.",
  })
  reason!: string | null;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;
}
