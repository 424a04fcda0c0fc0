import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { RUN_STATES, type PipelineRunProperties } from "../../../graph-schema/nodes/pipeline-run.js";
import { STAGE_STATES, WAITS, type StageRunProperties } from "../../../graph-schema/nodes/stage-run.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const RunStateEnum = enumOf(RUN_STATES);
registerEnumType(RunStateEnum, {
  name: "RunState",
  description: "How far a run is.",
  valuesConfig: {
    WAITING: { description: "For an approval, a callback, or the time of its next try." },
    BLOCKED: {
      description: "A stage found that it must not go on; `problem` says why, and `resumeRun` has it look again.",
    },
  },
});

export const StageStateEnum = enumOf(STAGE_STATES);
registerEnumType(StageStateEnum, {
  name: "StageState",
  description: "How far a try of a stage is.",
  valuesConfig: {
    WAITING: { description: "For an approval before it begins, or for a callback that says it is done." },
    READY: { description: "It was approved, and not begun yet." },
    SKIPPED: { description: "Its condition didn't hold, so it was left out." },
  },
});

export const StageWaitEnum = enumOf(WAITS);
registerEnumType(StageWaitEnum, { name: "StageWait", description: "What a stage waits for." });

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "One run of a flow: what was started, how far it is, and how it ended.",
})
export class PipelineRun extends GraphNode implements Omit<PipelineRunProperties, "startedByRoles"> {
  @Field(() => String, { description: "The flow." })
  flow!: string;

  @Field(() => String, { description: "The flow's version when the run was started; the run keeps to it." })
  flowVersion!: string;

  @Field(() => String, { description: "SHA-256 of the flow as it was then, in hex." })
  flowHash!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "SHA-256 of what the run took from its channel's config as it began, in hex; `pins` has it. Null for a run without a channel.",
  })
  pinsHash!: string | null;

  @Field(() => RunStateEnum, { description: "How far it is." })
  status!: PipelineRunProperties["status"];

  @Field(() => DateTime, {
    nullable: true,
    description: "While it waits: when something is due by itself; null when only a signal brings it on.",
  })
  wakeAt!: Instant | null;

  @Field(() => String, { description: "What it was given beside topic and channel, as JSON." })
  input!: string;

  @Field(() => String, { description: "Login of who started it; its stages act in their name." })
  startedBy!: string;

  @Field(() => String, { description: "Their name." })
  startedByName!: string;

  @Field(() => String, { nullable: true, description: "Login of the person whom an agent started it for." })
  onBehalfOf!: string | null;

  @Field(() => DateTime, { description: "When it was started." })
  startedAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  finishedAt!: Instant | null;

  @Field(() => Int, { description: "1, and one more with each repair." })
  round!: number;

  @Field(() => String, { nullable: true, description: "Why it ended other than DONE, as a code such as TIMEOUT." })
  outcome!: string | null;

  @Field(() => String, { nullable: true, description: "The same for people." })
  problem!: string | null;
}

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "One try of a stage in a run." })
export class StageRun extends GraphNode implements StageRunProperties {
  @Field(() => ID, { description: "The run." })
  runId!: string;

  @Field(() => String, { description: "The stage, as its flow names it." })
  stage!: string;

  @Field(() => Int, { description: "Counts the tries of the stage in its run from 1, over repairs too." })
  attempt!: number;

  @Field(() => Int, { description: "The run's round: 1, and one more with each repair." })
  round!: number;

  @Field(() => String, { description: "The executor that does the work." })
  executor!: string;

  @Field(() => StageStateEnum, { description: "How far it is." })
  status!: StageRunProperties["status"];

  @Field(() => StageWaitEnum, { nullable: true, description: "What it waits for." })
  waitingFor!: StageRunProperties["waitingFor"];

  @Field(() => DateTime, { nullable: true, description: "When a callback that doesn't come is given up." })
  deadline!: Instant | null;

  @Field(() => Int, { description: "How often it was begun: more than once when its process ended before it did." })
  starts!: number;

  @Field(() => DateTime, { description: "When it was begun last, or began to wait." })
  startedAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  finishedAt!: Instant | null;

  @Field(() => Float, { nullable: true, description: "Milliseconds of its executor's work; null where that did none." })
  latencyMs!: number | null;

  @Field(() => String, { nullable: true, description: "SHA-256 of what it was given, as canonical JSON, in hex." })
  inputHash!: string | null;

  @Field(() => String, { nullable: true, description: "SHA-256 of its output, as canonical JSON, in hex." })
  outputHash!: string | null;

  @Field(() => Boolean, { description: "True when its output was taken from the cache." })
  cacheHit!: boolean;

  @Field(() => String, { nullable: true, description: "What its output is cached by: SHA-256 in hex." })
  cacheKey!: string | null;

  @Field(() => ID, { nullable: true, description: "The try that computed the cached output." })
  cachedFrom!: string | null;

  @Field(() => String, { nullable: true, description: "Who did the work, such as a model's name." })
  provider!: string | null;

  @Field(() => Int, { description: "Tokens that it used." })
  tokens!: number;

  @Field(() => Float, { description: "What it cost, in US dollars." })
  costUsd!: number;

  @Field(() => Int, {
    nullable: true,
    description: "Calls that it made to providers of models, those that were repeated too; null where it asked none.",
  })
  providerCalls!: number | null;

  @Field(() => Int, { nullable: true, description: "Those of them that were answered with 429, too many requests." })
  rateLimited!: number | null;

  @Field(() => String, { nullable: true, description: "How it ended, as a code such as OK, CACHED or TIMEOUT." })
  outcome!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What went wrong, what an approver is asked, or why it was left out, for people.",
  })
  problem!: string | null;

  @Field(() => Boolean, { description: "Whether another try may mend a failure." })
  retryable!: boolean;

  @Field(() => DateTime, { nullable: true, description: "When the next try is due." })
  retryAt!: Instant | null;

  @Field(() => String, { nullable: true, description: "Login of who approved or rejected it." })
  approvedBy!: string | null;

  @Field(() => Boolean, { description: "True when a repair or a resumption had it done anew: it counts no more." })
  superseded!: boolean;
}
