import { Field, ObjectType, registerEnumType } from "type-graphql";
import { CLAIM_KINDS, CLAIM_STATUSES, type ClaimProperties } from "../../../graph-schema/nodes/claim.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const ClaimKindEnum = enumOf(CLAIM_KINDS);
registerEnumType(ClaimKindEnum, {
  name: "ClaimKind",
  description:
    "What the claim is about, which decides how long it keeps: PRICE and COUNT 90 days, OFFICE_HOLDER and PRODUCT 180, LAW and SCIENCE 730, HISTORY and OTHER for good.",
});
export const ClaimStatusEnum = enumOf(CLAIM_STATUSES);
registerEnumType(ClaimStatusEnum, {
  name: "ClaimStatus",
  description:
    "STATED; NEEDS_RECHECK when its shelf life is over or its evidence changed, which doesn't make it wrong; WRONG when somebody found it so.",
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "A sentence that is stated, and can be right or wrong.",
})
export class Claim extends GraphNode implements ClaimProperties {
  @Field(() => ClaimKindEnum, { description: "What it is about." })
  kind!: ClaimProperties["kind"];

  @Field(() => ClaimStatusEnum, { description: "Whether it stands." })
  status!: ClaimProperties["status"];

  @Field(() => DateTime, { nullable: true, description: "When it wants checking again; null never." })
  recheckBy!: Instant | null;

  @Field(() => String, {
    nullable: true,
    description: "Why it needs a check, a line for each reason, the newest last; null unless it does.",
  })
  recheckReason!: string | null;

  @Field(() => DateTime, { nullable: true, description: "Since when it needs a check; null unless it does." })
  recheckSince!: Instant | null;
}
