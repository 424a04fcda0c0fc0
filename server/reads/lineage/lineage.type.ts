import { Field, ID, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import type { EdgeType } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { EdgeTypeEnum, GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { DIRECTIONS } from "./lineage.query.js";

export const LineageDirectionEnum = enumOf(DIRECTIONS);
registerEnumType(LineageDirectionEnum, {
  name: "LineageDirection",
  description: "UPSTREAM: what it stands on. DOWNSTREAM: what stands on it. BOTH: either, at every hop.",
});

@InputType({ description: "What lineage follows." })
export class LineageFilter {
  @Field(() => [EdgeTypeEnum], {
    nullable: true,
    description:
      "Edge types to follow; without it the evidence: HAS_SCENE, STATES, SUPPORTED_BY, CONTRADICTED_BY, CONSIDERED, QUOTED_FROM, CAPTURED_FROM, CITES, DERIVED_FROM.",
  })
  edgeTypes?: EdgeType[] | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "A relation between two nodes, arrow from the one that stands on the other.",
})
export class LineageEdge {
  @Field(() => EdgeTypeEnum, { description: "What kind of relation." })
  type!: EdgeType;

  @Field(() => ID, { description: "Id of the node that stands on the other." })
  from!: string;

  @Field(() => ID, { description: "Id of the node that is stood on." })
  to!: string;

  @Field(() => DateTime, { description: "Since when it holds, in recorded time." })
  validFrom!: Instant;

  @Field(() => DateTime, { description: "Until when it held; 9999-12-31T23:59:59.999Z while it does." })
  validTo!: Instant;

  @Field(() => String, { description: "Id of the operation that opened it." })
  openedBy!: string;

  @Field(() => String, { description: "Who made it." })
  by?: string;

  @Field(() => String, { description: "Why, in their words." })
  why?: string;
}

@ObjectType({ simpleResolvers: true, description: "How many neighbours of a node aren't shown." })
export class HiddenCount {
  @Field(() => ID, { description: "The node." })
  id!: string;

  @Field(() => Int, {
    description: "Its distinct neighbours in the asked direction that aren't on this page or an earlier one; exact.",
  })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: "A part of the graph around one node, for one instant." })
export class Lineage {
  @Field(() => [GraphNode], {
    description: "This page's nodes, by level and then id; the first page begins with the node asked for.",
  })
  nodes!: readonly unknown[];

  @Field(() => [LineageEdge], {
    description: "Relations whose ends are both shown by now, one of them at least on this page.",
  })
  edges!: readonly LineageEdge[];

  @Field(() => Int, { description: "Nodes on this page, the one asked for included." })
  shown!: number;

  @Field(() => Int, {
    description:
      "Distinct nodes within depth and filter, the one asked for included; exact up to 10,000, then a lower bound.",
  })
  total!: number;

  @Field(() => Boolean, { description: "False when `total` is a lower bound." })
  totalIsExact!: boolean;

  @Field(() => [HiddenCount], {
    description: "For each node of this page, and for earlier ones that gained a neighbour on it: what stays hidden.",
  })
  hiddenByNode!: readonly HiddenCount[];

  @Field(() => String, { nullable: true, description: "`after` for the next page." })
  endCursor!: string | null;

  @Field(() => Boolean, { description: "True when there are more nodes than shown by now." })
  hasNextPage!: boolean;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;
}
