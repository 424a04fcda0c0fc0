import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { INCIDENT_STATUSES, type IncidentProperties } from "../../../graph-schema/nodes/incident.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const IncidentStatusEnum = enumOf(INCIDENT_STATUSES);
registerEnumType(IncidentStatusEnum, { name: "IncidentStatus", description: "Whether it goes on." });

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
}
