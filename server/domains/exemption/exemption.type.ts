import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { EXEMPTION_STATUSES, type ExemptionProperties } from "../../../graph-schema/nodes/exemption.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { EXEMPTABLE } from "../../policy/decision.js";

export const ExemptionStatusEnum = enumOf(EXEMPTION_STATUSES);
registerEnumType(ExemptionStatusEnum, {
  name: "ExemptionStatus",
  description: "ACTIVE ones count until they expire; ENDED ones no more.",
});

/** PUBLISH_GATE outside, publish-gate inside. */
export const ExemptableRuleEnum = Object.fromEntries(
  EXEMPTABLE.map((rule) => [rule.replaceAll("-", "_").toUpperCase(), rule]),
);
registerEnumType(ExemptableRuleEnum, {
  name: "ExemptableRule",
  description: "The rules of the policy that can be lifted; all others have no exceptions.",
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "Lifts one rule of the policy for a while, for a channel or for the whole tenant.",
})
export class Exemption extends GraphNode implements ExemptionProperties {
  @Field(() => ExemptableRuleEnum, { description: "The rule." })
  rule!: string;

  @Field(() => ID, { nullable: true, description: "The channel that it is for; null for the whole tenant." })
  channelId!: string | null;

  @Field(() => ExemptionStatusEnum, { description: "Whether it was ended." })
  status!: ExemptionProperties["status"];

  @Field(() => String, { description: "Why it was granted." })
  reason!: string;

  @Field(() => DateTime, { description: "When it was granted." })
  grantedAt!: Instant;

  @Field(() => DateTime, { description: "When it ends by itself." })
  expiresAt!: Instant;
}
