import { Ctx, Field, ObjectType, Query, Resolver } from "type-graphql";
import { callerOf, type Context } from "../../graphql/context.js";
import { DomainError } from "../../errors.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { Tenant } from "./tenant.type.js";

@ObjectType({ description: "Who is asking." })
export class Viewer {
  @Field(() => String, { description: "Their login or service name." })
  actor!: string;

  @Field(() => String, { description: "Their name." })
  name!: string;

  @Field(() => [String], { description: "Their roles: those of their token that the graph hasn't taken back." })
  roles!: readonly string[];

  @Field(() => Tenant, { description: "The studio that their token is for." })
  tenant!: GraphNode;
}

@Resolver(() => Tenant)
export class TenantResolver {
  @Query(() => Viewer, { description: "Who the request's token speaks for." })
  async viewer(@Ctx() context: Context): Promise<Viewer> {
    const { actor, name, roles, tenantId } = callerOf(context);
    const tenant = await context.loaders.node.load({ key: { label: "Tenant", id: tenantId }, asOf: context.now });
    if (tenant === null) throw new DomainError("UNAUTHENTICATED", "This token is for a tenant that isn't here.");
    return { actor, name, roles, tenant };
  }
}
