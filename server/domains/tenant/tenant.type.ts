import { Field, ObjectType, registerEnumType } from "type-graphql";
import { TENANT_STATUSES, type TenantProperties } from "../../../graph-schema/nodes/tenant.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

export const TenantStatusEnum = enumOf(TENANT_STATUSES);
registerEnumType(TenantStatusEnum, { name: "TenantStatus", description: "Whether the tenant takes changes." });

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "A studio. Nothing of one tenant is ever seen from another.",
})
export class Tenant extends GraphNode implements TenantProperties {
  @Field(() => String, { description: "The region that its data lives in." })
  region!: string;

  @Field(() => [String], { description: "The regions that its data may live in." })
  allowedRegions!: string[];

  @Field(() => TenantStatusEnum, { description: "Whether it takes changes." })
  status!: TenantProperties["status"];

  @Field(() => String, { nullable: true, description: "The region that it is on its way to; null while it stays." })
  movesTo!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "What its rules of governance are set to, as JSON with a version; null for the defaults. `governanceSettings` tells it in its parts.",
  })
  governance!: string | null;
}
