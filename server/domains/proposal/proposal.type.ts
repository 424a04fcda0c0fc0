import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { PROPOSAL_STATUSES, type ProposalProperties } from "../../../graph-schema/nodes/proposal.js";
import type { Instant } from "../../../graph-schema/time.js";
import { enumOf } from "../../graphql/enum.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { DateTime } from "../../graphql/scalars.js";
import { ACTION_NAMES } from "./actions.js";

export const ProposalStatusEnum = enumOf(PROPOSAL_STATUSES);
registerEnumType(ProposalStatusEnum, {
  name: "ProposalStatus",
  description:
    "OPEN waits for its approvals, though not past its expiry; DONE was carried out; the others never will be.",
});

export const ProposalActionEnum = enumOf(ACTION_NAMES);
registerEnumType(ProposalActionEnum, {
  name: "ProposalAction",
  description: "What can't be taken back, and so needs approval.",
});

@ObjectType({
  implements: GraphNode,
  simpleResolvers: true,
  description: "Something that can't be taken back and waits for the approval of others, bound to exactly its content.",
})
export class Proposal extends GraphNode implements ProposalProperties {
  @Field(() => ProposalStatusEnum, { description: "What became of it." })
  status!: ProposalProperties["status"];

  @Field(() => ProposalActionEnum, { description: "What would be done." })
  action!: string;

  @Field(() => String, { description: "What the action is given beside its subject, as JSON." })
  arguments!: string;

  @Field(() => String, { description: "Why it was proposed." })
  reason!: string;

  @Field(() => String, { description: "Login or service name of who proposed it." })
  proposer!: string;

  @Field(() => String, { description: "Their name." })
  proposerName!: string;

  @Field(() => String, {
    nullable: true,
    description: "Login of the person whom an agent proposed it for; the action is judged by that person's rights.",
  })
  onBehalfOf!: string | null;

  /** Kept to judge the proposer again; the API tells roles of principals. */
  proposerRoles!: ProposalProperties["proposerRoles"];

  @Field(() => String, {
    description: "SHA-256, in hex, of what was proposed, with all that it rests on; approvers name it.",
  })
  contentHash!: string;

  @Field(() => Int, {
    description: "Distinct approvers beside the proposer that policy asked for when it was proposed.",
  })
  needed!: number;

  @Field(() => DateTime, { description: "When it was proposed last: proposed anew it is bound to new content." })
  proposedAt!: Instant;

  @Field(() => DateTime, { description: "When it can't be approved any more." })
  expiresAt!: Instant;

  @Field(() => String, {
    nullable: true,
    description:
      "SHA-256, in hex, of the evidence pack that was frozen when it was carried out; null unless it published an episode or its correction.",
  })
  packSha256!: string | null;
}
