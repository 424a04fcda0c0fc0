import { Arg, Args, Ctx, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from "type-graphql";
import type { EXEMPTION_STATUSES } from "../../../graph-schema/nodes/exemption.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { endExemption } from "./exemption.service.js";
import { ExemptableRuleEnum, Exemption, ExemptionStatusEnum } from "./exemption.type.js";

const { connection: ExemptionConnection } = connectionTypes("Exemption", () => Exemption);

@InputType({ description: "Exemptions for which all that is given holds." })
class ExemptionFilter {
  @Field(() => [ExemptionStatusEnum], { nullable: true, description: "Any of these." })
  status?: (typeof EXEMPTION_STATUSES)[number][] | null;

  @Field(() => [ExemptableRuleEnum], { nullable: true, description: "From any of these." })
  rule?: string[] | null;
}

@InputType()
class EndExemptionInput extends MutationInput {
  @Field(() => ID, { description: "The exemption." })
  exemptionId!: string;
}

@ObjectType()
class EndExemptionPayload extends MutationPayload {
  @Field(() => Exemption, { nullable: true, description: "The exemption, ENDED." })
  exemption!: Exemption | null;
}

@Resolver(() => Exemption)
export class ExemptionResolver {
  @Query(() => ExemptionConnection, { description: "The exemptions, oldest first; they are granted by `propose`." })
  exemptions(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => ExemptionFilter, { nullable: true, description: "Which ones." })
    filter?: ExemptionFilter | null,
  ) {
    return connect(context, "Exemption", page, { ...filter });
  }

  @Mutation(() => EndExemptionPayload, {
    description: "Ends an exemption before its time: the rule holds again at once, which needs nobody's approval.",
  })
  endExemption(@Ctx() context: Context, @Arg("input", () => EndExemptionInput) input: EndExemptionInput) {
    return mutate(context, endExemption, input, { exemption: "exemptionId" });
  }
}
