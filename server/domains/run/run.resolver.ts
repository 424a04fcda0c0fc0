import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { cancelRun, resumeRun, startRun } from "./run.service.js";
import { PipelineRun, StageRun } from "./run.type.js";
import { decideStage } from "./signal.service.js";

@InputType()
class StartRunInput extends MutationInput {
  @Field(() => String, { description: "The flow, as `flows` names it." })
  flow!: string;

  @Field(() => ID, { nullable: true, description: "The topic that it is about; flows say whether they need one." })
  topicId?: string | null;

  @Field(() => ID, { nullable: true, description: "The channel that it is for; flows say whether they need one." })
  channelId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What else the flow is given, as a JSON object of at most 20,000 characters.",
  })
  input?: string | null;
}

@InputType()
class CancelRunInput extends MutationInput {
  @Field(() => ID, { description: "The run." })
  runId!: string;
}

@InputType()
class ResumeRunInput extends MutationInput {
  @Field(() => ID, { description: "The run." })
  runId!: string;
}

@InputType()
class DecideStageInput extends MutationInput {
  @Field(() => ID, { description: "The run." })
  runId!: string;

  @Field(() => String, { description: "Its stage that waits for approval." })
  stage!: string;

  @Field(() => Boolean, { description: "True to have it begin, false to end the run there." })
  approve!: boolean;
}

@ObjectType()
class StartRunPayload extends MutationPayload {
  @Field(() => PipelineRun, { nullable: true, description: "The run." })
  run!: PipelineRun | null;
}

@ObjectType()
class CancelRunPayload extends StartRunPayload {}

@ObjectType()
class ResumeRunPayload extends StartRunPayload {}

@ObjectType()
class DecideStagePayload extends StartRunPayload {
  @Field(() => StageRun, { nullable: true, description: "The try that was decided on." })
  stageRun!: StageRun | null;
}

const NOUNS = { run: "runId" } as const;

@Resolver(() => PipelineRun)
export class RunResolver {
  @Mutation(() => StartRunPayload, {
    description:
      "Starts a run of a flow. NOT_FOUND for a flow that isn't there; CONFLICT, naming them, while executors that it needs aren't installed.",
  })
  startRun(@Ctx() context: Context, @Arg("input", () => StartRunInput) input: StartRunInput) {
    return mutate(
      context,
      startRun,
      { ...input, ...context.services.pipeline.resolve(input.flow, input.channelId) },
      NOUNS,
    );
  }

  @Mutation(() => CancelRunPayload, {
    description: "Ends a run where it stands. What its stages have written stays; CONFLICT when it has ended already.",
  })
  cancelRun(@Ctx() context: Context, @Arg("input", () => CancelRunInput) input: CancelRunInput) {
    return mutate(context, cancelRun, input, NOUNS);
  }

  @Mutation(() => ResumeRunPayload, {
    description:
      "Goes on with a run that failed, was blocked or was cancelled, from the last stages that were done; what blocked it looks again.",
  })
  resumeRun(@Ctx() context: Context, @Arg("input", () => ResumeRunInput) input: ResumeRunInput) {
    return mutate(context, resumeRun, input, NOUNS);
  }

  @Mutation(() => DecideStagePayload, {
    description:
      "Approves a stage that waits for it, or rejects it, which ends the run. FORBIDDEN for who started the run.",
  })
  decideStage(@Ctx() context: Context, @Arg("input", () => DecideStageInput) input: DecideStageInput) {
    return mutate(context, decideStage, input, { ...NOUNS, stageRun: "stageRunId" });
  }
}
