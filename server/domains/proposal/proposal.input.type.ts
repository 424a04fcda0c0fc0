import { Field, ID, InputType } from "type-graphql";
import type { PROPOSAL_STATUSES } from "../../../graph-schema/nodes/proposal.js";
import type { Instant } from "../../../graph-schema/time.js";
import { MutationInput } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { ExemptableRuleEnum } from "../exemption/exemption.type.js";
import type { ActionName } from "./actions.js";
import { ProposalActionEnum, ProposalStatusEnum } from "./proposal.type.js";

@InputType({ description: "Proposals for which all that is given holds." })
export class ProposalFilter {
  @Field(() => [ProposalStatusEnum], { nullable: true, description: "Any of these." })
  status?: (typeof PROPOSAL_STATUSES)[number][] | null;

  @Field(() => [ProposalActionEnum], { nullable: true, description: "Any of these." })
  action?: ActionName[] | null;

  @Field(() => Boolean, { nullable: true, description: "True for those alone that the caller proposed." })
  mine?: boolean | null;

  @Field(() => ID, { nullable: true, description: "Of this episode, channel, source or tenant." })
  subjectId?: string | null;
}

@InputType({ description: "What an action takes beside its subject; each takes its own, and refuses the others." })
export class ProposalArguments {
  @Field(() => DateTime, {
    nullable: true,
    description: "publishEpisode: when it went out, for the record of the past; now without it.",
  })
  publishedAt?: Instant | null;

  @Field(() => ExemptableRuleEnum, { nullable: true, description: "grantExemption: the rule that is lifted." })
  rule?: string | null;

  @Field(() => DateTime, { nullable: true, description: "grantExemption: until when, at most 90 days." })
  until?: Instant | null;
}

@InputType()
export class ProposeInput extends MutationInput {
  @Field(() => ProposalActionEnum, { description: "What is to be done." })
  action!: ActionName;

  @Field(() => ID, {
    description: "What it is done to: an episode or a source; for an exemption a channel or the tenant.",
  })
  subjectId!: string;

  @Field(() => ProposalArguments, { nullable: true, description: "What the action takes beside it." })
  arguments?: ProposalArguments | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it can't be approved any more, at most 90 days from now; 7 days without it.",
  })
  expiresAt?: Instant | null;
}

@InputType()
export class PublishEpisodeInput extends MutationInput {
  @Field(() => ID, { description: "The episode: a DRAFT, or IN_REVIEW." })
  episodeId!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it went out, for the record of the past; now without it.",
  })
  publishedAt?: Instant | null;
}

@InputType()
export class WithdrawInput extends MutationInput {
  @Field(() => ID, { description: "The proposal, which is the caller's own." })
  proposalId!: string;
}
