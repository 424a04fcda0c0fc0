import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { CORRECTION_STATES, type CorrectionTaskProperties } from "../../../graph-schema/nodes/correction-task.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { FallCauseEnum } from "../incident/incident.type.js";

export const CorrectionStateEnum = enumOf(CORRECTION_STATES);
registerEnumType(CorrectionStateEnum, {
  name: "CorrectionState",
  description:
    "How far a correction task is: OPEN nobody has it, IN_PROGRESS somebody does, DONE what fell stands again or the episode was corrected or retracted, DROPPED it needn't be done.",
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "What somebody has to do about one live episode after a source that it stands on fell.",
})
export class CorrectionTask extends GraphNode implements CorrectionTaskProperties {
  @Field(() => CorrectionStateEnum, { description: "How far it is." })
  state!: CorrectionTaskProperties["state"];

  @Field(() => FallCauseEnum, { description: "How the source had fallen when it was opened." })
  cause!: CorrectionTaskProperties["cause"];

  @Field(() => String, {
    description: "Why, a line for each thing that happened to the source since, the newest last.",
  })
  why!: string;

  @Field(() => ID, { description: "The source that fell." })
  sourceId!: string;

  @Field(() => ID, { description: "The incident that it is of." })
  incidentId!: string;

  @Field(() => ID, { description: "The live episode that stands on the source." })
  episodeId!: string;

  @Field(() => DateTime, { description: "When it was opened: the instant at which the source fell." })
  openedAt!: Instant;

  @Field(() => String, { nullable: true, description: "The key of whoever has taken it; null until somebody has." })
  takenBy!: string | null;

  @Field(() => String, { nullable: true, description: "Their name." })
  takenByName!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When they took it." })
  takenAt!: Instant | null;

  @Field(() => String, { nullable: true, description: "The key of whoever closed it; null while it goes on." })
  closedBy!: string | null;

  @Field(() => DateTime, { nullable: true, description: "When they closed it." })
  closedAt!: Instant | null;

  @Field(() => String, { nullable: true, description: "Why they closed it, in their words." })
  closedWhy!: string | null;
}
