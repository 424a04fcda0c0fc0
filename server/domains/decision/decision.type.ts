import { Field, ObjectType } from "type-graphql";
import type { DecisionProperties } from "../../../graph-schema/nodes/decision.js";
import type { Instant } from "../../../graph-schema/time.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "A choice that somebody made, with the reason.",
})
export class Decision extends GraphNode implements DecisionProperties {
  @Field(() => String, { description: "What was decided." })
  outcome!: string;

  @Field(() => String, { description: "Why." })
  rationale!: string;

  @Field(() => DateTime, { description: "When." })
  decidedAt!: Instant;
}
