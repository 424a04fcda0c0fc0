import { Field, Int, ObjectType } from "type-graphql";
import type { SceneProperties } from "../../../graph-schema/nodes/scene.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "A part of an episode." })
export class Scene extends GraphNode implements SceneProperties {
  @Field(() => Int, { description: "Its place in the episode, from 1." })
  ordinal!: number;

  @Field(() => String, { nullable: true, description: "What is said in it." })
  narration!: string | null;
}
