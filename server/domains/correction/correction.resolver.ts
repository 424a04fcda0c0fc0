import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { CorrectionState } from "../../../graph-schema/nodes/correction-task.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { enumOf } from "../../graphql/enum.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Episode } from "../episode/episode.type.js";
import { Incident } from "../incident/incident.type.js";
import { Principal } from "../principal/principal.type.js";
import { Source } from "../source/source.type.js";
import { closeCorrectionTask, takeCorrectionTask } from "./correction.service.js";
import { CorrectionStateEnum, CorrectionTask } from "./correction.type.js";

const { connection: CorrectionTaskConnection } = connectionTypes("CorrectionTask", () => CorrectionTask);

const CLOSING = ["DONE", "DROPPED"] as const;
const CorrectionClosingEnum = enumOf(CLOSING);
registerEnumType(CorrectionClosingEnum, {
  name: "CorrectionClosing",
  description:
    "How a correction task is closed. DONE: the episode was corrected or retracted since, or every claim that stood on the source stands again. DROPPED: it needn't be done, for the reason given.",
});

@InputType({ description: "Correction tasks for which all that is given holds." })
class CorrectionTaskFilter {
  @Field(() => [CorrectionStateEnum], { nullable: true, description: "Any of these." })
  state?: CorrectionState[] | null;

  @Field(() => ID, { nullable: true, description: "Owned by this principal: the episode's owner, else its channel's." })
  ownerId?: string | null;

  @Field(() => ID, { nullable: true, description: "About this episode." })
  episodeId?: string | null;

  @Field(() => ID, { nullable: true, description: "Of this incident." })
  incidentId?: string | null;
}

@InputType()
class TakeCorrectionTaskInput extends MutationInput {
  @Field(() => ID, { description: "The task." })
  taskId!: string;
}

@InputType()
class CloseCorrectionTaskInput extends TakeCorrectionTaskInput {
  @Field(() => CorrectionClosingEnum, { description: "How it ends." })
  state!: (typeof CLOSING)[number];
}

@ObjectType()
class TakeCorrectionTaskPayload extends MutationPayload {
  @Field(() => CorrectionTask, { nullable: true, description: "The task, IN_PROGRESS." })
  task!: CorrectionTask | null;
}

@ObjectType()
class CloseCorrectionTaskPayload extends MutationPayload {
  @Field(() => CorrectionTask, { nullable: true, description: "The task, closed." })
  task!: CorrectionTask | null;
}

@Resolver(() => CorrectionTask)
export class CorrectionResolver {
  @Query(() => CorrectionTaskConnection, {
    description: "What has to be done about live episodes after sources fell, oldest first.",
  })
  correctionTasks(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => CorrectionTaskFilter, { nullable: true, description: "Which ones." })
    filter?: CorrectionTaskFilter | null,
  ) {
    return connect(context, "CorrectionTask", page, { ...filter });
  }

  @FieldResolver(() => Episode, { nullable: true, description: "The live episode that it is about." })
  async episode(@Root() task: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "CorrectionTask", type: "CORRECTS", direction: "out" }, task))[0]?.node ?? null;
  }

  @FieldResolver(() => Incident, { nullable: true, description: "The incident that it is of." })
  async incident(@Root() task: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "CorrectionTask", type: "PART_OF", direction: "out" }, task))[0]?.node ?? null;
  }

  @FieldResolver(() => Source, { nullable: true, description: "The source that fell." })
  async source(@Root() task: At<Extract<At, { label: "CorrectionTask" }>>, @Ctx() { loaders }: Context) {
    const key = parseNodeId(task.sourceId);
    return key === null ? null : loaders.node.load({ key, asOf: task.asOf });
  }

  @FieldResolver(() => [Principal], {
    description: "Who answered for the episode when the source fell: its owners, else its channel's.",
  })
  async owners(@Root() task: At, @Ctx() { loaders }: Context) {
    const found = await loaders.step({ from: "CorrectionTask", type: "OWNED_BY", direction: "out" }, task);
    return found.map(({ node }) => node);
  }

  @Mutation(() => TakeCorrectionTaskPayload, {
    description: "Says that you work on a correction task. CONFLICT when it is closed.",
  })
  takeCorrectionTask(
    @Ctx() context: Context,
    @Arg("input", () => TakeCorrectionTaskInput) input: TakeCorrectionTaskInput,
  ) {
    return mutate(context, takeCorrectionTask, input, { task: "taskId" });
  }

  @Mutation(() => CloseCorrectionTaskPayload, {
    description:
      "Closes a correction task. DONE is refused with CONFLICT while a claim that stood on the source doesn't stand again and the episode wasn't corrected or retracted since.",
  })
  closeCorrectionTask(
    @Ctx() context: Context,
    @Arg("input", () => CloseCorrectionTaskInput) input: CloseCorrectionTaskInput,
  ) {
    return mutate(context, closeCorrectionTask, input, { task: "taskId" });
  }
}
