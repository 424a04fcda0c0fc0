import { Field, Float, Int, ObjectType, registerEnumType } from "type-graphql";
import type { ChannelProperties } from "../../../graph-schema/nodes/channel.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { SCORE_INPUTS, type ScoreInput } from "./topic-weights.js";

export const ScoreInputEnum = enumOf(SCORE_INPUTS);
registerEnumType(ScoreInputEnum, {
  name: "ScoreInput",
  description: "A part of a topic's score.",
  valuesConfig: {
    FACTS_HELD: { description: "Facts that are held on the topic, as log2 of one more." },
    SOURCES_HELD: { description: "Sources that are held on it, as log2 of one more." },
    WORDS_FOUND: { description: "Share of the topic's words that those speak of, 0 to 1." },
    VIEWS: { description: "Views a day of the channel's alike episodes, in doublings of its median." },
    CTR: { description: "Their click-through rate, in doublings of the channel's median." },
    AVD: { description: "Their average view duration, in doublings of the channel's median." },
    RPM: { description: "Their revenue for a thousand views, in doublings of the channel's median." },
  },
});

@ObjectType({ description: "How much a part of a topic's score counts." })
export class ScoreWeight {
  @Field(() => ScoreInputEnum, { description: "The part." })
  input!: ScoreInput;

  @Field(() => Float, { description: "Its weight, 0 to 10." })
  weight!: number;
}

@ObjectType({ description: "How much the parts of a topic's score count for a channel." })
export class TopicWeights {
  @Field(() => Int, { description: "Counts the changes of the weights; 0 while they are those that come along." })
  version!: number;

  @Field(() => [ScoreWeight], { description: "Each part with its weight." })
  weights!: ScoreWeight[];
}

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "A place where episodes are published." })
export class Channel
  extends GraphNode
  implements Omit<ChannelProperties, "topicWeights" | "topicWeightsVersion" | "config">
{
  @Field(() => String, { description: "Where it is, such as `video`." })
  platform!: string;

  @Field(() => String, { nullable: true, description: "Its address." })
  url!: string | null;
}
