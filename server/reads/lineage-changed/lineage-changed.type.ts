import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { EdgeType } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { EdgeTypeEnum } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { CHANGE_KINDS, type LineageChange as Change } from "./lineage-changed.query.js";

export const LineageChangeKindEnum = enumOf(CHANGE_KINDS);
registerEnumType(LineageChangeKindEnum, {
  name: "LineageChangeKind",
  description: "What was done: a node was CREATED or REVISED, an edge was OPENED or CLOSED.",
});

@ObjectType({ description: "One thing that an operation did to the lineage of a node." })
export class LineageChange implements Change {
  @Field(() => LineageChangeKindEnum, { description: "What was done." })
  kind!: Change["kind"];

  @Field(() => ID, { nullable: true, description: "The node that came or has a new version; null of edges." })
  nodeId!: string | null;

  @Field(() => EdgeTypeEnum, { nullable: true, description: "What kind of edge opened or closed; null of nodes." })
  type!: EdgeType | null;

  @Field(() => ID, { nullable: true, description: "The node that the edge starts from; null of nodes." })
  from!: string | null;

  @Field(() => ID, { nullable: true, description: "The node that the edge leads to; null of nodes." })
  to!: string | null;

  @Field(() => String, { description: "Id of the operation that did it." })
  operationId!: string;
}

@ObjectType({
  description:
    "That the lineage of a node changed: ask again for what is shown of it. The first one only says that everything from here on is told.",
})
export class LineageChanged {
  @Field(() => ID, { description: "The node that is listened to." })
  id!: string;

  @Field(() => Boolean, {
    description: "True of the first one, and after every reconnection: what was asked before may be out of date.",
  })
  ready!: boolean;

  @Field(() => DateTime, { description: "The recorded instant of the newest change; of the first one, now." })
  at!: Instant;

  @Field(() => [LineageChange], {
    description: "What changed: in the evidence that the node stands on, and one step around it; at most 200.",
  })
  changes!: readonly LineageChange[];

  @Field(() => Int, { description: "How much changed, whether it is listed or not." })
  total!: number;
}
