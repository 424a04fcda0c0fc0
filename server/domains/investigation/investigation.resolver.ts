import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { MutationInput, MutationPayload, perform } from "../../graphql/payload.js";
import { investigationFor } from "../../reads/investigations/investigations.resolver.js";
import { deleteInvestigation, saveInvestigation, shareInvestigation } from "./investigation.service.js";
import { Investigation } from "./investigation.type.js";

@InputType()
class SaveInvestigationInput extends MutationInput {
  @Field(() => ID, { nullable: true, description: "The caller's own that gets a new version; a new one without it." })
  investigationId?: string | null;

  @Field(() => String, { description: "What to call it, up to 200 characters." })
  title!: string;

  @Field(() => String, {
    description: "The view: the text of a JSON object, at most 64,000 bytes and 20 levels. Nobody looks into it here.",
  })
  state!: string;

  @Field(() => Int, {
    nullable: true,
    description: "With `investigationId`: the version that the change goes by; CONFLICT when another stands by now.",
  })
  version?: number | null;
}

@InputType()
class ShareInvestigationInput extends MutationInput {
  @Field(() => ID, { description: "The caller's own investigation." })
  investigationId!: string;

  @Field(() => Boolean, { defaultValue: true, description: "False: nobody else may read it any more." })
  shared!: boolean;
}

@InputType()
class DeleteInvestigationInput extends MutationInput {
  @Field(() => ID, { description: "The caller's own investigation." })
  investigationId!: string;
}

@ObjectType()
class SaveInvestigationPayload extends MutationPayload {
  @Field(() => Investigation, { nullable: true, description: "The investigation, as it stands now." })
  investigation!: Investigation | null;
}

@ObjectType()
class ShareInvestigationPayload extends SaveInvestigationPayload {}

@ObjectType()
class DeleteInvestigationPayload extends MutationPayload {
  @Field(() => ID, { nullable: true, description: "The id that it had." })
  investigationId!: string | null;
}

const EMPTY: { investigation: Investigation | null } = { investigation: null };
const load = async (context: Context, { investigationId }: { investigationId: string }) => ({
  investigation: await investigationFor(context, investigationId),
});

@Resolver()
export class InvestigationResolver {
  @Mutation(() => SaveInvestigationPayload, {
    description: "Keeps a view of the page: a new one, or a new version of the caller's own.",
  })
  saveInvestigation(
    @Ctx() context: Context,
    @Arg("input", () => SaveInvestigationInput) input: SaveInvestigationInput,
  ) {
    return perform(
      context,
      saveInvestigation,
      input,
      (result: { investigationId: string }) => load(context, result),
      EMPTY,
    );
  }

  @Mutation(() => ShareInvestigationPayload, {
    description: "Lets every member of the studio read the view by its id, and not change it; or nobody else any more.",
  })
  shareInvestigation(
    @Ctx() context: Context,
    @Arg("input", () => ShareInvestigationInput) input: ShareInvestigationInput,
  ) {
    return perform(
      context,
      shareInvestigation,
      input,
      (result: { investigationId: string }) => load(context, result),
      EMPTY,
    );
  }

  @Mutation(() => DeleteInvestigationPayload, {
    description: "Puts a view away: nobody finds it any more, its owner included. Its versions stay in the graph.",
  })
  deleteInvestigation(
    @Ctx() context: Context,
    @Arg("input", () => DeleteInvestigationInput) input: DeleteInvestigationInput,
  ) {
    const told = async ({ investigationId }: { investigationId: string }) => ({
      investigationId: investigationId as string | null,
    });
    return perform(context, deleteInvestigation, input, told, { investigationId: null });
  }
}
