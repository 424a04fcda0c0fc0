import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import { PRINCIPAL_KINDS, ROLES, type Role } from "../../../graph-schema/nodes/principal.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { registerPrincipal } from "./principal.service.js";
import { Principal, PrincipalKindEnum } from "./principal.type.js";
import { grantRole, revokeRole } from "./role.service.js";

const { connection: PrincipalConnection } = connectionTypes("Principal", () => Principal);

@InputType({ description: "Members for whom all that is given holds." })
class MemberFilter {
  @Field(() => [PrincipalKindEnum], { nullable: true, description: "Any of these." })
  kind?: (typeof PRINCIPAL_KINDS)[number][] | null;
}

const ROLES_SAID = ROLES.map((role) => `\`${role}\``).join(", ");

@InputType()
class RegisterPrincipalInput extends MutationInput {
  @Field(() => String, {
    description: "Its login or service name; for people who sign in elsewhere, what their provider calls them.",
  })
  key!: string;

  @Field(() => String, { description: "Its name, up to 200 characters." })
  name!: string;

  @Field(() => PrincipalKindEnum, { description: "A person, an agent or a service." })
  kind!: (typeof PRINCIPAL_KINDS)[number];

  @Field(() => [String], { description: `At least one of ${ROLES_SAID}.` })
  roles!: Role[];
}

@InputType()
class GrantRoleInput extends MutationInput {
  @Field(() => ID, { description: "Who gets it." })
  principalId!: string;

  @Field(() => String, { description: `One of ${ROLES_SAID}.` })
  role!: Role;

  @Field(() => [ID], {
    nullable: true,
    description: "The channels that they are held to from now on, in all of their roles; without it as it was.",
  })
  channelIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: "True to hold them to no channel any more." })
  allChannels?: boolean | null;
}

@InputType()
class RevokeRoleInput extends MutationInput {
  @Field(() => ID, { description: "Who loses it." })
  principalId!: string;

  @Field(() => String, { description: `One of ${ROLES_SAID}.` })
  role!: Role;
}

@ObjectType({ description: "What changes of members answer." })
class MemberPayload extends MutationPayload {
  @Field(() => Principal, { nullable: true, description: "The member as they are now." })
  principal!: Principal | null;
}

@Resolver(() => Principal)
export class PrincipalResolver {
  @Query(() => PrincipalConnection, { description: "Who acts in the tenant, with their roles, oldest first." })
  members(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => MemberFilter, { nullable: true, description: "Which ones." }) filter?: MemberFilter | null,
  ) {
    return connect(context, "Principal", page, { ...filter });
  }

  @Mutation(() => MemberPayload, {
    description: "Registers a member, or gives the one with this key the name, kind and roles said.",
  })
  registerPrincipal(
    @Ctx() context: Context,
    @Arg("input", () => RegisterPrincipalInput) input: RegisterPrincipalInput,
  ) {
    return mutate(context, registerPrincipal, input, { principal: "principalId" });
  }

  @Mutation(() => MemberPayload, { description: "Gives a member one more role, for some channels or for all." })
  grantRole(@Ctx() context: Context, @Arg("input", () => GrantRoleInput) input: GrantRoleInput) {
    return mutate(context, grantRole, input, { principal: "principalId" });
  }

  @Mutation(() => MemberPayload, {
    description:
      "Takes a role back: from the next change on, and from reads within a minute. The last tenant-admin keeps theirs.",
  })
  revokeRole(@Ctx() context: Context, @Arg("input", () => RevokeRoleInput) input: RevokeRoleInput) {
    return mutate(context, revokeRole, input, { principal: "principalId" });
  }
}
