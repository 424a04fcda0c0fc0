import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { INCIDENT_STATUSES } from "../../../graph-schema/nodes/incident.js";
import type { Instant } from "../../../graph-schema/time.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { openIncident } from "./incident.service.js";
import { Incident, IncidentStatusEnum } from "./incident.type.js";

const { connection: IncidentConnection } = connectionTypes("Incident", () => Incident);

@InputType({ description: "Incidents for which all that is given holds." })
class IncidentFilter {
  @Field(() => [IncidentStatusEnum], { nullable: true, description: "Any of these." })
  status?: (typeof INCIDENT_STATUSES)[number][] | null;

  @Field(() => [Int], { nullable: true, description: "Any of these, 1 to 4." })
  severity?: number[] | null;
}

@InputType()
class OpenIncidentInput extends MutationInput {
  @Field(() => String, { description: "What to call it, up to 500 characters." })
  title!: string;

  @Field(() => Int, { description: "1 the gravest to 4 the least." })
  severity!: number;

  @Field(() => String, { nullable: true, description: "What happened." })
  description?: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it began; now without it." })
  openedAt?: Instant | null;

  @Field(() => DateTime, { nullable: true, description: "When it was over, if it is." })
  resolvedAt?: Instant | null;

  @Field(() => [ID], { nullable: true, description: "What it affects; at most 100." })
  affectsIds?: string[] | null;
}

@ObjectType()
class OpenIncidentPayload extends MutationPayload {
  @Field(() => Incident, { nullable: true, description: "The incident." })
  incident!: Incident | null;
}

@Resolver(() => Incident)
export class IncidentResolver {
  @Query(() => IncidentConnection, { description: "The incidents, oldest first." })
  incidents(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => IncidentFilter, { nullable: true, description: "Which ones." }) filter?: IncidentFilter | null,
  ) {
    return connect(context, "Incident", page, { ...filter });
  }

  @FieldResolver(() => [GraphNode], { description: "What it affects." })
  async affects(@Root() incident: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Incident", type: "AFFECTS", direction: "out" }, incident)).map(
      ({ node }) => node,
    );
  }

  @Mutation(() => OpenIncidentPayload, { description: "Opens an incident on what it affects." })
  openIncident(@Ctx() context: Context, @Arg("input", () => OpenIncidentInput) input: OpenIncidentInput) {
    return mutate(context, openIncident, input, { incident: "incidentId" });
  }
}
