import { Field, Int, ObjectType } from "type-graphql";
import { DeniedRule } from "../policy-decisions/policy-decisions.type.js";

@ObjectType({ description: "What a policy says to a question." })
export class PolicyVerdict {
  @Field(() => Boolean, { description: "True when no rule denies." })
  allow!: boolean;

  @Field(() => [DeniedRule], { description: "The rules that deny, in order of name." })
  denied!: DeniedRule[];

  @Field(() => Int, {
    description: "Distinct approvers that it needs beside whoever proposes it; 0 when it needs none.",
  })
  approvals!: number;

  @Field(() => String, { description: "SHA-256 of the policy that says so, or where it was asked." })
  policy!: string;
}

@ObjectType({ description: "What the policy in force says, and the candidate in its shadow." })
export class PolicyTestResult extends PolicyVerdict {
  @Field(() => PolicyVerdict, { nullable: true, description: "The candidate's answer, where there is a candidate." })
  candidate!: PolicyVerdict | null;
}
