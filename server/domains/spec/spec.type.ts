import { Field, ObjectType, registerEnumType } from "type-graphql";
import { SPEC_KINDS, type SpecVersionProperties } from "../../../graph-schema/nodes/spec-version.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

export const SpecKindEnum = enumOf(SPEC_KINDS);
registerEnumType(SpecKindEnum, {
  name: "SpecKind",
  description: "What a spec of the studio's library says.",
  valuesConfig: {
    TEMPLATE: { description: "How an episode is told: tone, format, call to action, pacing, visuals, and its lines." },
    PROMPT: { description: "What a model is asked in a stage." },
    QA: { description: "What a channel's episodes are held to, beyond what every episode is." },
  },
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "One published version of a spec of the studio's library. What it says never changes.",
})
export class SpecVersion extends GraphNode implements Omit<SpecVersionProperties, never> {
  @Field(() => SpecKindEnum, { description: "What it is." })
  kind!: SpecVersionProperties["kind"];

  @Field(() => String, { description: "The spec's name." })
  name!: string;

  @Field(() => String, { description: "Its semantic version, such as 1.2.0." })
  semver!: string;

  @Field(() => String, { description: "SHA-256 of what it says, as canonical JSON, in hex." })
  contentHash!: string;

  @Field(() => String, { description: "What is new in it." })
  notes!: string;

  @Field(() => Boolean, {
    description: "Whether it is what the bare name means: the newest one, or the one that was gone back to.",
  })
  current!: boolean;
}
