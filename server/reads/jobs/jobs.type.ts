import { Field, Float, ObjectType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { JobRun } from "../../domains/job/job.type.js";
import { DateTime } from "../../graphql/scalars.js";
import type { JobFace } from "./jobs.query.js";

@ObjectType({ description: "Work that is done again and again, by a schedule." })
export class Job implements Omit<JobFace, "lastRun"> {
  @Field(() => String, { description: "Its name." })
  name!: string;

  @Field(() => String, { description: "What it does." })
  description!: string;

  @Field(() => String, {
    description:
      "When, as a cron expression: minute, hour, day, month, day of week; with a sixth field, seconds come first.",
  })
  schedule!: string;

  @Field(() => String, { description: "The time zone of the schedule, such as Europe/Berlin." })
  timeZone!: string;

  @Field(() => JobRun, { nullable: true, description: "The run that ended last." })
  lastRun!: JobRun | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "The next instant of the schedule; null where it beats within the minute, and is always at it.",
  })
  nextRun!: Instant | null;

  @Field(() => Float, { description: "Milliseconds that the oldest run which is due has waited; 0 when none waits." })
  lagMs!: number;

  @Field(() => String, { nullable: true, description: "The process that has it just now: machine and process id." })
  holder!: string | null;
}
