import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { RUN_STATUSES, type RunStatus } from "../../jobs/lease.query.js";
import type { RunRow } from "../../jobs/run.query.js";

export const JobRunStatusEnum = enumOf(RUN_STATUSES);
registerEnumType(JobRunStatusEnum, {
  name: "JobRunStatus",
  description: "How far a run is.",
  valuesConfig: {
    WAITING: { description: "It is due and waits for its turn." },
    RUNNING: { description: "A process is at it, or was until it ended without a word." },
    RETRYING: { description: "It failed and will be tried again after a pause." },
    DONE: { description: "It was done." },
    FAILED: { description: "It failed as often as it may." },
    SKIPPED: { description: "So many others waited that it was left out." },
  },
});

@ObjectType({ description: "One run of a job." })
export class JobRun implements Omit<RunRow, "taking"> {
  @Field(() => String, {
    description: "Its name, by job, tenant and instant; the operation ids of its effects begin with it.",
  })
  name!: string;

  @Field(() => String, { description: "The job." })
  job!: string;

  @Field(() => DateTime, { description: "The instant that it was scheduled or asked for." })
  scheduledAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When its newest go began." })
  startedAt!: Instant | null;

  @Field(() => DateTime, { nullable: true, description: "When it was done or had failed." })
  finishedAt!: Instant | null;

  @Field(() => JobRunStatusEnum, { description: "How far it is." })
  status!: RunStatus;

  @Field(() => Int, { description: "Goes so far, the present one included." })
  attempt!: number;

  @Field(() => Int, { description: "Effects that it had; of a dry run, those that it would have had." })
  effects!: number;

  @Field(() => String, { nullable: true, description: "Why its newest go failed." })
  error!: string | null;

  @Field(() => String, { nullable: true, description: "The process that ran it: machine and process id." })
  holder!: string | null;

  @Field(() => Boolean, { description: "True when it only counted." })
  dryRun!: boolean;
}
