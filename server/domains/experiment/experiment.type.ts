import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import {
  EXPERIMENT_KINDS,
  EXPERIMENT_STATES,
  type ExperimentProperties,
} from "../../../graph-schema/nodes/experiment.js";
import type { VariantProperties } from "../../../graph-schema/nodes/variant.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { VERDICTS, type Verdict } from "./verdict.js";

export const ExperimentKindEnum = enumOf(EXPERIMENT_KINDS);
registerEnumType(ExperimentKindEnum, {
  name: "ExperimentKind",
  description: "What is tried.",
  valuesConfig: {
    HOOK: { description: "The first words of the episode." },
    THUMBNAIL: { description: "The picture that it is chosen by." },
  },
});

export const ExperimentStateEnum = enumOf(EXPERIMENT_STATES);
registerEnumType(ExperimentStateEnum, {
  name: "ExperimentState",
  description: "How far an experiment is.",
  valuesConfig: {
    CONCLUDED: { description: "Every variant had its planned sample; it ended by that." },
    STOPPED: { description: "Somebody ended it before, so nobody has won." },
  },
});

const VerdictEnum = enumOf(VERDICTS);
registerEnumType(VerdictEnum, {
  name: "ExperimentVerdict",
  description: "What an experiment says.",
  valuesConfig: {
    TOO_EARLY: { description: "A variant lacks its planned sample: nothing is said, however far one is ahead." },
    STOPPED: { description: "It was ended before its sample was whole: nothing is said." },
    NO_WINNER: { description: "No variant is above every other beyond what chance explains." },
    WINNER: { description: "One variant is." },
  },
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "One of the hooks or thumbnails that an experiment shows.",
})
export class Variant extends GraphNode implements VariantProperties {
  @Field(() => Int, { description: "Its place in the experiment, from 1." })
  ordinal!: number;

  @Field(() => String, { description: "The hook's words, or the thumbnail's address or file." })
  content!: string;

  @Field(() => Float, { description: "How often it was shown since the experiment began; a whole number." })
  impressions!: number;

  @Field(() => Float, { description: "How often it was taken since then; a whole number." })
  clicks!: number;
}

@ObjectType({ description: "What a variant had." })
export class VariantResult {
  @Field(() => ID, { description: "The variant." })
  variantId!: string;

  @Field(() => Float, { description: "How often it was shown; a whole number." })
  impressions!: number;

  @Field(() => Float, { description: "How often it was taken; a whole number." })
  clicks!: number;

  @Field(() => Float, { nullable: true, description: "Clicks for each impression, 0 to 1; null before the first one." })
  ctr!: number | null;

  @Field(() => Float, { nullable: true, description: "Lower end of its interval (Wilson)." })
  low!: number | null;

  @Field(() => Float, { nullable: true, description: "Upper end of its interval." })
  high!: number | null;
}

@ObjectType({ description: "Two variants held against each other." })
export class VariantComparison {
  @Field(() => ID, { description: "A variant." })
  firstId!: string;

  @Field(() => ID, { description: "The other one." })
  secondId!: string;

  @Field(() => Float, { description: "Share of clicks of the first minus that of the second, -1 to 1." })
  difference!: number;

  @Field(() => Float, { description: "Lower end of the difference's interval (Newcombe 1998, method 10)." })
  low!: number;

  @Field(() => Float, { description: "Upper end of it." })
  high!: number;

  @Field(() => Boolean, { description: "Whether the interval leaves 0 out." })
  apart!: boolean;
}

@ObjectType({ description: "What an experiment says so far; the arithmetic is in docs/experiments.md." })
export class ExperimentResult {
  @Field(() => VerdictEnum, { description: "What it says." })
  verdict!: Verdict;

  @Field(() => ID, { nullable: true, description: "The variant that won; null without a winner." })
  winnerId!: string | null;

  @Field(() => String, { description: "Why, for people." })
  why!: string;

  @Field(() => Float, {
    description:
      "Alpha of each comparison: the experiment's divided by their number (Bonferroni), so that all hold together.",
  })
  alphaEach!: number;

  @Field(() => [VariantResult], { description: "Each variant, in its order." })
  variants!: VariantResult[];

  @Field(() => [VariantComparison], { description: "Each pair of variants that were both shown." })
  comparisons!: VariantComparison[];
}

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "Variants of an episode's hook or thumbnail held against each other, with a sample fixed beforehand.",
})
export class Experiment extends GraphNode implements ExperimentProperties {
  @Field(() => ExperimentKindEnum, { description: "What is tried." })
  kind!: ExperimentProperties["kind"];

  @Field(() => ExperimentStateEnum, { description: "How far it is." })
  status!: ExperimentProperties["status"];

  @Field(() => Float, { description: "The share of clicks that was expected without a change, 0 to 1." })
  baseCtr!: number;

  @Field(() => Float, { description: "The smallest difference that was worth finding, absolute." })
  effect!: number;

  @Field(() => Float, { description: "The probability of naming a winner where there is none." })
  alpha!: number;

  @Field(() => Float, { description: "The probability of telling two variants apart that differ by `effect`." })
  power!: number;

  @Field(() => Float, { description: "Impressions that each variant must have before anything is said." })
  planned!: number;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  endedAt!: Instant | null;

  @Field(() => ID, { nullable: true, description: "The variant that won; null without a winner." })
  winnerId!: string | null;
}
