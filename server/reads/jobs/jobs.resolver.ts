import { Arg, Ctx, Int, Query, Resolver } from "type-graphql";
import { JobRun } from "../../domains/job/job.type.js";
import type { Context } from "../../graphql/context.js";
import { formatCursor, parseCursor } from "../../graphql/cursor.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { permitted } from "../../graphql/permitted.js";
import { countRuns, placeOf, readJobs, readRuns, type JobFace } from "./jobs.query.js";
import { Job } from "./jobs.type.js";

const { connection: JobRunConnection } = connectionTypes("JobRun", () => JobRun);

@Resolver()
export class JobsResolver {
  @Query(() => [Job], { description: "The studio's jobs, by name, for whoever may run them." })
  async jobs(@Ctx() context: Context): Promise<JobFace[]> {
    await permitted(context, "job.run");
    return readJobs(context.services.graph, context.scope);
  }

  @Query(() => JobRunConnection, {
    description: "What a job did, the newest runs first. It answers for now, whatever its cursor's `asOf`.",
  })
  async jobRuns(
    @Ctx() context: Context,
    @Arg("job", () => String, { description: "The job, as `jobs` names it." }) job: string,
    @Arg("first", () => Int, {
      defaultValue: LIMITS.first.default,
      description: `Rows of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
    })
    wanted: number,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
  ): Promise<Connection<JobRun>> {
    await permitted(context, "job.run");
    const first = within("first", wanted, LIMITS.first);
    const question = ["jobRuns", job];
    const cursor = after ? parseCursor(context, after, question, undefined) : null;
    const asOf = cursor?.asOf ?? context.now;
    const { graph } = context.services;
    const before = cursor === null ? null : String(cursor.position);
    const { runs, more } = await readRuns(graph, context.scope, { job, before, first });
    const edges = runs.map((run) => ({
      cursor: formatCursor({ asOf, position: placeOf(context.scope, run) }, question),
      node: run,
    }));
    let counted: ReturnType<typeof countRuns> | undefined;
    return {
      edges,
      pageInfo: pageInfo(edges, more, after),
      asOf,
      count: () => (counted ??= countRuns(graph, context.scope, job)),
    };
  }
}
