import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { FALL_CAUSES, INCIDENT_STATUSES, type IncidentProperties } from "../../../graph-schema/nodes/incident.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const IncidentStatusEnum = enumOf(INCIDENT_STATUSES);
registerEnumType(IncidentStatusEnum, { name: "IncidentStatus", description: "Whether it goes on." });

export const FallCauseEnum = enumOf(FALL_CAUSES);
registerEnumType(FallCauseEnum, {
  name: "FallCause",
  description:
    "How a source fell, from the least grave on. QUOTE_GONE: it was read again, and words that claims quote don't stand there any more.",
});

@ObjectType({ implements: GraphNode, simpleResolvers: true, description: "Something that went wrong." })
export class Incident extends GraphNode implements IncidentProperties {
  @Field(() => Int, { description: "1 is the gravest, 4 the least." })
  severity!: number;

  @Field(() => IncidentStatusEnum, { description: "Whether it goes on." })
  status!: IncidentProperties["status"];

  @Field(() => String, { nullable: true, description: "What happened." })
  description!: string | null;

  @Field(() => DateTime, { description: "When it began." })
  openedAt!: Instant;

  @Field(() => DateTime, { nullable: true, description: "When it was over." })
  resolvedAt!: Instant | null;

  @Field(() => ID, { nullable: true, description: "The source that fell; null of what people report." })
  sourceId!: string | null;

  @Field(() => FallCauseEnum, {
    nullable: true,
    description: "The gravest way in which the source fell so far; null of what people report.",
  })
  cause!: IncidentProperties["cause"];
}
