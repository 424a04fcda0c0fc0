import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { Context } from "../../graphql/context.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { Claim } from "../claim/claim.type.js";
import { Fact } from "../fact/fact.type.js";
import { linkEvidence, unlinkEvidence, type Stance } from "./evidence.service.js";
import { StanceEnum } from "./stance.type.js";

@InputType()
class LinkEvidenceInput extends MutationInput {
  @Field(() => ID, { description: "The claim." })
  claimId!: string;

  @Field(() => ID, { description: "The fact." })
  factId!: string;

  @Field(() => StanceEnum, { description: "How the fact bears on the claim." })
  stance!: Stance;
}

@InputType()
class UnlinkEvidenceInput extends LinkEvidenceInput {}

@ObjectType()
class LinkEvidencePayload extends MutationPayload {
  @Field(() => Claim, { nullable: true, description: "The claim." })
  claim!: Claim | null;

  @Field(() => Fact, { nullable: true, description: "The fact." })
  fact!: Fact | null;
}

@ObjectType()
class UnlinkEvidencePayload extends LinkEvidencePayload {}

@Resolver()
export class EvidenceResolver {
  @Mutation(() => LinkEvidencePayload, {
    description:
      "Links a fact to a claim. Linking what is linked changes nothing. An agent only suggests: FORBIDDEN when it says SUPPORTS and the claim isn't a whole sentence of the quote.",
  })
  linkEvidence(@Ctx() context: Context, @Arg("input", () => LinkEvidenceInput) input: LinkEvidenceInput) {
    return mutate(context, linkEvidence, input, { claim: "claimId", fact: "factId" });
  }

  @Mutation(() => UnlinkEvidencePayload, {
    description: "Closes the link between a fact and a claim; it stays in the history. NOT_LINKED when there is none.",
  })
  unlinkEvidence(@Ctx() context: Context, @Arg("input", () => UnlinkEvidenceInput) input: UnlinkEvidenceInput) {
    return mutate(context, unlinkEvidence, input, { claim: "claimId", fact: "factId" });
  }
}
