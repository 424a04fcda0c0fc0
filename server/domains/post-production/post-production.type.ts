import { Field, ObjectType } from "type-graphql";
import type { PostProductionProperties } from "../../../graph-schema/nodes/post-production.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

@ObjectType({ description: "A setting that is shown otherwise than it was given or saved." })
export class SettingMend {
  @Field(() => String, { description: "Which one, such as `audio.loudness_lufs`; empty for all of them." })
  path!: string;

  @Field(() => String, { description: "What it was, as JSON; `null` for nothing." })
  was!: string;

  @Field(() => String, { description: "What it is shown as, as JSON; `null` for a setting that is left out." })
  now!: string;

  @Field(() => String, { description: "Why." })
  why!: string;
}

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "How one episode is finished, as somebody saved it. `postProduction` also answers where nobody has.",
})
export class PostProduction extends GraphNode implements Omit<PostProductionProperties, "settings"> {
  @Field(() => String, {
    nullable: true,
    description: "The cut plan, as JSON by graph-schema/documents/cut-plan.schema.json; null while nobody has cut.",
  })
  cutPlan!: string | null;
}
