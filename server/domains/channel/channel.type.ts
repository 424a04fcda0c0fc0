import { Field, ObjectType } from "type-graphql";
import type { ChannelProperties } from "../../../graph-schema/nodes/channel.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "A place where episodes are published." })
export class Channel extends GraphNode implements ChannelProperties {
  @Field(() => String, { description: "Where it is, such as `video`." })
  platform!: string;

  @Field(() => String, { nullable: true, description: "Its address." })
  url!: string | null;
}
