import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import type { ExperimentKind, ExperimentState } from "../../../graph-schema/nodes/experiment.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Episode } from "../episode/episode.type.js";
import { createExperiment, recordVariantFigures, stopExperiment } from "./experiment.service.js";
import { Experiment, ExperimentKindEnum, ExperimentResult, ExperimentStateEnum, Variant } from "./experiment.type.js";
import { judgeExperiment } from "./verdict.js";

const { connection: ExperimentConnection } = connectionTypes("Experiment", () => Experiment);

@InputType({ description: "Experiments for which all that is given holds." })
class ExperimentFilter {
  @Field(() => [ExperimentStateEnum], { nullable: true, description: "Any of these." })
  status?: ExperimentState[] | null;

  @Field(() => [ExperimentKindEnum], { nullable: true, description: "Of any of these." })
  kind?: ExperimentKind[] | null;

  @Field(() => ID, { nullable: true, description: "About this episode." })
  episodeId?: string | null;
}

@InputType({ description: "One of the things that are tried." })
class VariantInput {
  @Field(() => String, { description: "What to call it, up to 100 characters; another one than the others'." })
  title!: string;

  @Field(() => String, { description: "The hook's words, or the thumbnail's address or file, up to 2,000 characters." })
  content!: string;
}

@InputType()
class CreateExperimentInput extends MutationInput {
  @Field(() => ID, { description: "The episode." })
  episodeId!: string;

  @Field(() => ExperimentKindEnum, { description: "What is tried. One of a kind runs on an episode at a time." })
  kind!: ExperimentKind;

  @Field(() => String, { description: "What to call it, up to 300 characters." })
  title!: string;

  @Field(() => [VariantInput], { description: "2 to 6 variants." })
  variants!: VariantInput[];

  @Field(() => Float, { description: "The share of clicks that is expected without a change, 0.0001 to 0.9999." })
  baseCtr!: number;

  @Field(() => Float, { description: "The smallest difference that is worth finding, absolute, from 0.0005." })
  effect!: number;

  @Field(() => Float, {
    nullable: true,
    description: "The probability of naming a winner where there is none, 0.0001 to 0.2; 0.05 without it.",
  })
  alpha?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "The probability of telling two variants apart that differ by `effect`, 0.5 to 0.999; 0.8 without it.",
  })
  power?: number | null;
}

@InputType({ description: "What a variant had since the experiment began." })
class VariantFiguresInput {
  @Field(() => ID, { description: "The variant." })
  variantId!: string;

  @Field(() => Float, { description: "How often it was shown; a whole number, no less than was recorded." })
  impressions!: number;

  @Field(() => Float, { description: "How often it was taken; a whole number, at most `impressions`." })
  clicks!: number;
}

@InputType()
class RecordVariantFiguresInput extends MutationInput {
  @Field(() => ID, { description: "The experiment." })
  experimentId!: string;

  @Field(() => [VariantFiguresInput], { description: "1 to 6 variants, each once; others stay as they were." })
  figures!: VariantFiguresInput[];
}

@InputType()
class StopExperimentInput extends MutationInput {
  @Field(() => ID, { description: "The experiment." })
  experimentId!: string;
}

@ObjectType()
class CreateExperimentPayload extends MutationPayload {
  @Field(() => Experiment, { nullable: true, description: "The experiment." })
  experiment!: Experiment | null;
}

@ObjectType()
class RecordVariantFiguresPayload extends CreateExperimentPayload {}

@ObjectType()
class StopExperimentPayload extends CreateExperimentPayload {}

const NOUNS = { experiment: "experimentId" } as const;
type Stored = Extract<At, { label: "Experiment" }>;

async function variantsOf(experiment: Stored, { loaders }: Context) {
  const found = await loaders.step({ from: "Experiment", type: "ARM_OF", direction: "in" }, experiment);
  return found
    .flatMap(({ node }) => (node.label === "Variant" ? [node] : []))
    .sort((a, b) => a.ordinal - b.ordinal || (a.ulid < b.ulid ? -1 : 1));
}

@Resolver(() => Experiment)
export class ExperimentResolver {
  @Query(() => ExperimentConnection, { description: "The experiments, oldest first." })
  experiments(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => ExperimentFilter, { nullable: true, description: "Which ones." })
    filter?: ExperimentFilter | null,
  ) {
    return connect(context, "Experiment", page, { ...filter });
  }

  @FieldResolver(() => Episode, { nullable: true, description: "The episode that it is about." })
  async episode(@Root() experiment: Stored, @Ctx() { loaders }: Context) {
    return (
      (await loaders.step({ from: "Experiment", type: "TESTED_ON", direction: "out" }, experiment))[0]?.node ?? null
    );
  }

  @FieldResolver(() => [Variant], { description: "Its variants, in their order." })
  variants(@Root() experiment: Stored, @Ctx() context: Context) {
    return variantsOf(experiment, context);
  }

  @FieldResolver(() => ExperimentResult, { description: "What it says." })
  async result(@Root() experiment: Stored, @Ctx() context: Context): Promise<ExperimentResult> {
    const variants = await variantsOf(experiment, context);
    const { alpha, planned, status } = experiment;
    const judged = judgeExperiment(
      variants.map(({ id, impressions, clicks }) => ({ id, shown: impressions, taken: clicks })),
      { alpha, planned, stopped: status === "STOPPED" },
    );
    return {
      ...{ verdict: judged.verdict, winnerId: judged.winner, why: judged.why, alphaEach: judged.alphaEach },
      variants: judged.arms.map(({ id, shown, taken, rate, interval }) => ({
        ...{ variantId: id, impressions: shown, clicks: taken, ctr: rate },
        ...{ low: interval?.low ?? null, high: interval?.high ?? null },
      })),
      comparisons: judged.comparisons.map(({ first, second, ...rest }) => ({
        ...rest,
        firstId: first,
        secondId: second,
      })),
    };
  }

  @Mutation(() => CreateExperimentPayload, {
    description:
      "Sets up variants of an episode's hook or thumbnail, and fixes how often each must be shown. CONFLICT while one of the kind runs on the episode.",
  })
  createExperiment(@Ctx() context: Context, @Arg("input", () => CreateExperimentInput) input: CreateExperimentInput) {
    return mutate(context, createExperiment, input, NOUNS);
  }

  @Mutation(() => RecordVariantFiguresPayload, {
    description:
      "Records how often variants were shown and taken since the experiment began, as totals. It ends with the figures that fill its sample; later ones are a CONFLICT.",
  })
  recordVariantFigures(
    @Ctx() context: Context,
    @Arg("input", () => RecordVariantFiguresInput) input: RecordVariantFiguresInput,
  ) {
    return mutate(context, recordVariantFigures, input, NOUNS);
  }

  @Mutation(() => StopExperimentPayload, {
    description: "Ends an experiment before its sample is whole; nobody has won it then. CONFLICT when it has ended.",
  })
  stopExperiment(@Ctx() context: Context, @Arg("input", () => StopExperimentInput) input: StopExperimentInput) {
    return mutate(context, stopExperiment, input, NOUNS);
  }
}
