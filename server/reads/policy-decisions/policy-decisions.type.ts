import { Field, ID, ObjectType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { DateTime } from "../../graphql/scalars.js";
import { RULES, type Rule } from "../../policy/decision.js";

@ObjectType({ description: "A rule of the policy that denied." })
export class DeniedRule {
  @Field(() => String, { description: "The rule's name, such as `tenant-isolation`." })
  rule!: string;

  @Field(() => String, { description: "What is wrong, in words." })
  reason!: string;
}

/** A log is older than the rules of today: what they don't know any more is told by its name. */
export const toDeniedRules = (rules: readonly string[]): DeniedRule[] =>
  rules.map((rule) => ({ rule, reason: RULES[rule as Rule] ?? rule }));

@ObjectType({ description: "One decision of the policy, as the audit keeps it." })
export class PolicyDecision {
  @Field(() => ID, { description: "The audit entry's id." })
  id!: string;

  @Field(() => DateTime, { description: "When it was decided." })
  at!: Instant;

  @Field(() => String, { description: "The operation that was asked for." })
  operationId!: string;

  @Field(() => String, {
    description:
      "The command that would run, or ran; `ask` where somebody was turned away before any, `deliverEvent` where an event wasn't sent.",
  })
  command!: string;

  @Field(() => String, { description: "What the command needs to be allowed." })
  capability!: string;

  @Field(() => String, {
    description: "The login or service name of who asked; behind their tenant's where that is another.",
  })
  actor!: string;

  @Field(() => String, { nullable: true, description: "Their name, unless it was erased." })
  actorName!: string | null;

  @Field(() => String, { nullable: true, description: "The login of the person whom they acted for." })
  onBehalfOf!: string | null;

  @Field(() => Boolean, { description: "True when no rule denied." })
  allowed!: boolean;

  @Field(() => [DeniedRule], { description: "The rules that denied, in order of name." })
  denied!: DeniedRule[];

  @Field(() => String, { description: "SHA-256 of the policy that decided, or where it was asked." })
  policy!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "All that it rested on, as JSON that `policyTest` takes; kept for denials and for what can't be taken back.",
  })
  decisionInput!: string | null;
}
