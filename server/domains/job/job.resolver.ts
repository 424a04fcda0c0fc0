import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { afterWrite, callerOf, type Context } from "../../graphql/context.js";
import { MutationInput, MutationPayload } from "../../graphql/payload.js";
import { readRun } from "../../reads/jobs/jobs.query.js";
import { runJob } from "./job.service.js";
import { JobRun } from "./job.type.js";

@InputType()
class RunJobInput extends MutationInput {
  @Field(() => String, { description: "The job, as `jobs` names it." })
  name!: string;

  @Field(() => Boolean, { nullable: true, description: "True to have counted what would be done, and nothing done." })
  dryRun?: boolean | null;
}

@ObjectType()
class RunJobPayload extends MutationPayload {
  @Field(() => JobRun, { nullable: true, description: "The run, which waits or is under way already." })
  run!: JobRun | null;
}

@Resolver()
export class JobResolver {
  @Mutation(() => RunJobPayload, { description: "Runs a job now, beside its schedule." })
  async runJob(@Ctx() context: Context, @Arg("input", () => RunJobInput) input: RunJobInput): Promise<RunJobPayload> {
    const executed = await context.services.execute(runJob, callerOf(context), input);
    const { operationId } = executed;
    if (!executed.ok) return { operationId, replayed: false, problems: [...executed.problems], run: null };
    afterWrite(context, executed.bookmarks, executed.at);
    const run = await readRun(context.services.graph, context.scope, executed.result.run);
    return { operationId, replayed: executed.replayed, problems: [], run };
  }
}
