import { Field, ID, Int, ObjectType } from "type-graphql";
import type { RunState } from "../../../graph-schema/nodes/pipeline-run.js";
import type { StageState } from "../../../graph-schema/nodes/stage-run.js";
import type { Instant } from "../../../graph-schema/time.js";
import { RunStateEnum, StageStateEnum } from "../../domains/run/run.type.js";
import { DateTime } from "../../graphql/scalars.js";

@ObjectType({ description: "A try of a stage that moved." })
export class StageMoved {
  @Field(() => String, { description: "The stage, as its flow names it." })
  stage!: string;

  @Field(() => Int, { description: "Which try of it, from 1." })
  attempt!: number;

  @Field(() => StageStateEnum, { description: "How far it is." })
  status!: StageState;

  @Field(() => String, { nullable: true, description: "How it ended, as a code." })
  outcome!: string | null;
}

@ObjectType({
  description:
    "That a run moved. The first one says how far it was when listening began: everything from there on is told.",
})
export class RunChanged {
  @Field(() => ID, { description: "The run that is listened to." })
  id!: string;

  @Field(() => Boolean, { description: "True of the first one, and after every reconnection." })
  ready!: boolean;

  @Field(() => DateTime, { description: "The recorded instant of the newest move." })
  at!: Instant;

  @Field(() => RunStateEnum, { description: "How far the run is." })
  status!: RunState;

  @Field(() => Int, { description: "1, and one more with each repair." })
  round!: number;

  @Field(() => [StageMoved], { description: "The tries that moved since the last message; of the first, all of them." })
  stages!: readonly StageMoved[];
}
