import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { PRINCIPAL_KINDS, type PrincipalProperties } from "../../../graph-schema/nodes/principal.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";

export const PrincipalKindEnum = enumOf(PRINCIPAL_KINDS);
registerEnumType(PrincipalKindEnum, { name: "PrincipalKind", description: "What kind of actor it is." });

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "Someone or something that acts: a person, an agent or a service.",
})
export class Principal extends GraphNode implements PrincipalProperties {
  @Field(() => String, { nullable: true, description: "Its login or service name: the `actor` of audit and history." })
  key!: string | null;

  @Field(() => PrincipalKindEnum, { description: "A person, an agent or a service." })
  kind!: PrincipalProperties["kind"];

  @Field(() => [String], { description: "Its roles in the tenant, such as `editor`." })
  roles!: PrincipalProperties["roles"];

  @Field(() => [ID], {
    nullable: true,
    description: "The channels whose things it may change; null for all of the tenant.",
  })
  channels!: string[] | null;
}
