import { Field, ID, Int, ObjectType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { DateTime } from "../../graphql/scalars.js";
import { LineageChange } from "../../reads/lineage-changed/lineage-changed.type.js";

@ObjectType({ description: "That somebody wants to be told when the lineage of a node changes." })
export class Watch {
  @Field(() => ID, { description: "Its id: `Watch:key`." })
  id!: string;

  @Field(() => ID, { description: "The node that is watched." })
  nodeId!: string;

  @Field(() => Int, { description: "Hops upstream that count." })
  depth!: number;

  @Field(() => DateTime, { description: "Since when." })
  since!: Instant;
}

@ObjectType({ description: "That an operation changed the lineage of a watched node." })
export class Alert {
  @Field(() => ID, { description: "Its id: `Alert:key`." })
  id!: string;

  @Field(() => ID, { description: "The node that is watched." })
  nodeId!: string;

  @Field(() => DateTime, { description: "When the change was recorded." })
  at!: Instant;

  @Field(() => String, { description: "Id of the operation that changed it." })
  operationId!: string;

  @Field(() => Int, { description: "How many nodes and edges of the lineage the operation changed." })
  changed!: number;

  @Field(() => [LineageChange], { description: "What it changed; at most 20 of them." })
  changes!: readonly LineageChange[];

  @Field(() => DateTime, { nullable: true, description: "When the caller marked it as seen; null until they do." })
  seenAt!: Instant | null;
}
