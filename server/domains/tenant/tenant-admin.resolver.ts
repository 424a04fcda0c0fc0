import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { actingOn, type Caller } from "../../commands/caller.js";
import type { Command } from "../../commands/command.js";
import { afterWrite, callerOf, type Context } from "../../graphql/context.js";
import { MutationInput, MutationPayload } from "../../graphql/payload.js";
import { PLATFORM, createTenant } from "./tenant.service.js";
import { resumeTenant, suspendTenant } from "./tenant-state.service.js";

@InputType()
class CreateTenantInput extends MutationInput {
  @Field(() => String, { description: "Its slug for life: 2 to 40 of a-z, 0-9 and hyphen, beginning with a letter." })
  id!: string;

  @Field(() => String, { description: "Its name, up to 200 characters." })
  name!: string;

  @Field(() => String, { description: "Its home region." })
  region!: string;

  @Field(() => [String], {
    nullable: true,
    description: "Every region that its data may live in; without it the home region alone.",
  })
  allowedRegions?: string[] | null;
}

@InputType()
class TenantInput extends MutationInput {
  @Field(() => ID, { description: "The tenant, such as `Tenant:demo`." })
  tenantId!: string;
}

@ObjectType()
class TenantPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: "The tenant's id." })
  tenantId!: string | null;
}

/** The platform's own people act on any tenant; everybody else on their own, where policy gives them no right to these. */
const actor = (context: Context, tenantId: string | undefined): Caller => {
  const caller = callerOf(context);
  return tenantId !== undefined && caller.tenantId === PLATFORM ? actingOn(caller, tenantId) : caller;
};

async function act<I, R extends { readonly tenantId: string }>(
  context: Context,
  command: Command<I, R>,
  input: object,
  tenantId: string | undefined,
): Promise<TenantPayload> {
  const caller = actor(context, tenantId);
  const executed = await context.services.execute(command, caller, input);
  const { operationId } = executed;
  if (!executed.ok) return { tenantId: null, operationId, replayed: false, problems: [...executed.problems] };
  afterWrite(context, executed.bookmarks, executed.at);
  return { tenantId: executed.result.tenantId, operationId, replayed: executed.replayed, problems: [] };
}

const slugOf = (id: string): string | undefined => {
  const parsed = parseNodeId(id);
  return parsed?.label === "Tenant" ? parsed.id : undefined;
};

@Resolver()
export class TenantAdminResolver {
  @Mutation(() => TenantPayload, {
    description:
      "Onboards a tenant: itself, its admin `admin` and its first channel. An id that is taken is a CONFLICT, and nothing changes. For the platform's own people.",
  })
  createTenant(@Ctx() context: Context, @Arg("input", () => CreateTenantInput) input: CreateTenantInput) {
    return act(context, createTenant, input, input.id);
  }

  @Mutation(() => TenantPayload, {
    description:
      "Stops all changes of a tenant; it can still be read, exported and erased. For the platform's own people.",
  })
  suspendTenant(@Ctx() context: Context, @Arg("input", () => TenantInput) input: TenantInput) {
    return act(context, suspendTenant, input, slugOf(input.tenantId));
  }

  @Mutation(() => TenantPayload, {
    description: "Lets a suspended tenant change again. For the platform's own people.",
  })
  resumeTenant(@Ctx() context: Context, @Arg("input", () => TenantInput) input: TenantInput) {
    return act(context, resumeTenant, input, slugOf(input.tenantId));
  }
}
