import { Field, ObjectType, registerEnumType } from "type-graphql";
import { VERDICTS, type ApprovalProperties } from "../../../graph-schema/nodes/approval.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";

export const VerdictEnum = enumOf(VERDICTS);
registerEnumType(VerdictEnum, { name: "Verdict", description: "What an approver said." });

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "One approver's word on a proposal; it holds for exactly the content that it was given for.",
})
export class Approval extends GraphNode implements ApprovalProperties {
  @Field(() => VerdictEnum, { description: "What they said." })
  verdict!: ApprovalProperties["verdict"];

  @Field(() => String, { description: "Their login." })
  approver!: string;

  @Field(() => String, { description: "Their name." })
  approverName!: string;

  @Field(() => String, { description: "SHA-256, in hex, of the content that it was given for." })
  contentHash!: string;

  @Field(() => String, { description: "Why." })
  reason!: string;

  @Field(() => DateTime, { description: "When." })
  givenAt!: Instant;
}
