import { Field, ObjectType } from "type-graphql";
import type { TopicProperties } from "../../../graph-schema/nodes/topic.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "Something that episodes are about." })
export class Topic extends GraphNode implements TopicProperties {
  @Field(() => String, { nullable: true, description: "What belongs to it." })
  description!: string | null;
}
