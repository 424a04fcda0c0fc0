import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Proposal } from "../proposal/proposal.type.js";
import { approve, reject } from "./approval.service.js";
import { Approval } from "./approval.type.js";

@InputType()
class RejectInput extends MutationInput {
  @Field(() => ID, { description: "The proposal." })
  proposalId!: string;
}

@InputType()
class ApproveInput extends RejectInput {
  @Field(() => String, { description: "The proposal's `contentHash` that was looked at." })
  contentHash!: string;
}

@ObjectType()
class ApprovePayload extends MutationPayload {
  @Field(() => Proposal, { nullable: true, description: "The proposal; DONE when nobody else had to approve." })
  proposal!: Proposal | null;

  @Field(() => Approval, { nullable: true, description: "The caller's word." })
  approval!: Approval | null;
}

@ObjectType()
class RejectPayload extends ApprovePayload {}

const NOUNS = { proposal: "proposalId", approval: "approvalId" } as const;

@Resolver(() => Approval)
export class ApprovalResolver {
  @Mutation(() => ApprovePayload, {
    description:
      "Approves a proposal for exactly the content named; CONTENT_CHANGED when it was edited since. With the last approval that policy asks for it is carried out at once; what stands in the way of that refuses the approval too.",
  })
  approve(@Ctx() context: Context, @Arg("input", () => ApproveInput) input: ApproveInput) {
    return mutate(context, approve, input, NOUNS);
  }

  @Mutation(() => RejectPayload, { description: "Rejects a proposal and closes it." })
  reject(@Ctx() context: Context, @Arg("input", () => RejectInput) input: RejectInput) {
    return mutate(context, reject, input, NOUNS);
  }
}
