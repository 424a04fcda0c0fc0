import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { RUN_STATES } from "../../../graph-schema/nodes/pipeline-run.js";
import type { Instant } from "../../../graph-schema/time.js";
import { Channel } from "../../domains/channel/channel.type.js";
import { Episode } from "../../domains/episode/episode.type.js";
import { PipelineRun, RunStateEnum, StageRun } from "../../domains/run/run.type.js";
import { Topic } from "../../domains/topic/topic.type.js";
import { connect, idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import type { At } from "../../graphql/loaders.js";
import { OrderedPageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { DateTime } from "../../graphql/scalars.js";
import { pinsFrom, RunPins } from "./pins.type.js";

const { connection: PipelineRunConnection } = connectionTypes("PipelineRun", () => PipelineRun);

@InputType({ description: "Runs for which all that is given holds." })
class RunFilter {
  @Field(() => [RunStateEnum], { nullable: true, description: "Any of these." })
  status?: (typeof RUN_STATES)[number][] | null;

  @Field(() => [String], { nullable: true, description: "Of any of these flows." })
  flow?: string[] | null;

  @Field(() => ID, { nullable: true, description: "For this channel." })
  channelId?: string | null;

  @Field(() => ID, { nullable: true, description: "About this topic." })
  topicId?: string | null;
}

@ObjectType({ description: "A stage of a flow." })
class FlowStage {
  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "The executor that does its work." })
  run!: string;

  @Field(() => [String], { description: "The stages that must be done, or left out, before." })
  needs!: readonly string[];

  @Field(() => String, { description: "The document that it answers with." })
  output!: string;
}

@ObjectType({ description: "A task graph that runs can be started of." })
class OfferedFlow {
  @Field(() => String, { description: "Its name, for `startRun`." })
  flow!: string;

  @Field(() => String, { description: "Its semantic version." })
  version!: string;

  @Field(() => String, { description: "What it does." })
  title!: string;

  @Field(() => [String], { description: "What a run of it must be started for: `topic`, `channel`, both or nothing." })
  requires!: readonly string[];

  @Field(() => [String], {
    description: "Executors that it needs and that aren't installed; it can't be started before.",
  })
  missing!: readonly string[];

  @Field(() => [FlowStage], { description: "Its stages." })
  stages!: readonly FlowStage[];
}

type Run = Extract<At, { label: "PipelineRun" }>;

const stagesOf = async (run: Run, { loaders }: Context): Promise<Extract<At, { label: "StageRun" }>[]> => {
  const found = await loaders.step({ from: "PipelineRun", type: "PART_OF", direction: "in" }, run);
  return found
    .flatMap(({ node }) => (node.label === "StageRun" ? [node] : []))
    .sort((a, b) => a.startedAt - b.startedAt || (a.ulid < b.ulid ? -1 : 1));
};

@Resolver(() => PipelineRun)
export class RunsResolver {
  @Query(() => PipelineRun, { description: "A run of the pipeline. NOT_FOUND for what isn't there at the instant." })
  async run(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "The run." }) id: string,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description: "The recorded instant to answer for; now without it.",
    })
    asOf?: Instant | null,
  ) {
    callerOf(context);
    const key = idArgument("id", id, ["PipelineRun"]);
    const at = instantOf(context, asOf);
    const found = await context.loaders.node.load({ key, asOf: at });
    if (found === null) throw await absentAt(context, at);
    return found;
  }

  @Query(() => PipelineRunConnection, { description: "The runs of the pipeline, oldest first unless said otherwise." })
  runs(
    @Ctx() context: Context,
    @Args(() => OrderedPageArguments) page: OrderedPageArguments,
    @Arg("filter", () => RunFilter, { nullable: true, description: "Which ones." }) filter?: RunFilter | null,
  ) {
    return connect(context, "PipelineRun", page, { ...filter });
  }

  @Query(() => [OfferedFlow], { description: "The flows that this installation offers, by name." })
  flows(@Ctx() context: Context): OfferedFlow[] {
    callerOf(context);
    return context.services.pipeline.flows().map(({ flow, missing }) => ({ ...flow, missing }));
  }

  @FieldResolver(() => Channel, { nullable: true, description: "The channel that it is for." })
  async channel(@Root() run: Run, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "PipelineRun", type: "ON", direction: "out" }, run))[0]?.node ?? null;
  }

  @FieldResolver(() => Topic, { nullable: true, description: "The topic that it is about." })
  async topic(@Root() run: Run, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "PipelineRun", type: "ABOUT", direction: "out" }, run))[0]?.node ?? null;
  }

  @FieldResolver(() => RunPins, {
    nullable: true,
    description:
      "What the run took from its channel's config as it began, and goes by to its end; null for a run without a channel. At most 50 in one document.",
  })
  async pins(@Root() { pinsHash }: Run, @Ctx() { loaders }: Context): Promise<RunPins | null> {
    const text = pinsHash === null ? null : await loaders.stageOutput(pinsHash);
    return text === null ? null : pinsFrom(text);
  }

  @FieldResolver(() => [Episode], {
    description: "Episodes that it made, or made what they are, in order of id; at most 500.",
  })
  async episodes(@Root() run: Run, @Ctx() { loaders }: Context) {
    const step = { from: "PipelineRun", type: "PRODUCED_BY", direction: "in", to: "Episode" } as const;
    return (await loaders.step(step, run)).map(({ node }) => node);
  }

  @FieldResolver(() => [StageRun], {
    description: "Every try of its stages, in the order of their beginning; at most 500.",
  })
  stages(@Root() run: Run, @Ctx() context: Context) {
    return stagesOf(run, context);
  }

  @FieldResolver(() => Float, { description: "What its stages cost so far, in US dollars." })
  async costUsd(@Root() run: Run, @Ctx() context: Context) {
    return (await stagesOf(run, context)).reduce((sum, { costUsd }) => sum + costUsd, 0);
  }

  @FieldResolver(() => Int, { description: "Tokens that its stages used so far." })
  async tokens(@Root() run: Run, @Ctx() context: Context) {
    return (await stagesOf(run, context)).reduce((sum, { tokens }) => sum + tokens, 0);
  }

  @FieldResolver(() => Int, { description: "Stages whose output could have come from the cache." })
  async cacheLookups(@Root() run: Run, @Ctx() context: Context) {
    return (await stagesOf(run, context)).filter(({ cacheKey }) => cacheKey !== null).length;
  }

  @FieldResolver(() => Int, { description: "Stages whose output did." })
  async cacheHits(@Root() run: Run, @Ctx() context: Context) {
    return (await stagesOf(run, context)).filter(({ cacheHit }) => cacheHit).length;
  }
}

@Resolver(() => Episode)
export class EpisodeRunsResolver {
  @FieldResolver(() => [PipelineRun], {
    description: "Runs of the pipeline that made it, or made it what it is, oldest first; at most 500.",
  })
  async runs(@Root() episode: At, @Ctx() { loaders }: Context) {
    const step = { from: "Episode", type: "PRODUCED_BY", direction: "out" } as const;
    return (await loaders.step(step, episode)).map(({ node }) => node);
  }
}

@Resolver(() => StageRun)
export class StageOutputResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "What it answered with, as canonical JSON of at most 2,000,000 characters: what an approver of a later stage decides on. At most 50 in one document.",
  })
  output(@Root() { outputHash }: Extract<At, { label: "StageRun" }>, @Ctx() { loaders }: Context) {
    return outputHash === null ? null : loaders.stageOutput(outputHash);
  }
}
