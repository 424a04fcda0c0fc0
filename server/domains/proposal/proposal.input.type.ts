import { Field, Float, ID, InputType, Int } from "type-graphql";
import type { PROPOSAL_STATUSES } from "../../../graph-schema/nodes/proposal.js";
import type { Instant } from "../../../graph-schema/time.js";
import { MutationInput } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { ClaimKindEnum } from "../claim/claim.type.js";
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

@InputType({ description: "How long claims of a kind keep." })
export class ShelfLifeInput {
  @Field(() => ClaimKindEnum, { description: "The kind of claim; OTHER has no shelf life." })
  kind!: string;

  @Field(() => Int, {
    nullable: true,
    description: "Days until such a claim needs a recheck, 1 to 3,650; null, which must be said, for never.",
  })
  days?: number | null;
}

@InputType({ description: "The tier of new sources of one domain." })
export class DomainTierInput {
  @Field(() => String, { description: "Its registrable domain in lower case, such as `example.org`." })
  domain!: string;

  @Field(() => Int, {
    nullable: true,
    description: "1, 2 or 3; null, which must be said, for none of its own: its sources begin on 3, as all others.",
  })
  tier?: number | null;
}

@InputType({ description: "What an action takes beside its subject; each takes its own, and refuses the others." })
export class ProposalArguments {
  @Field(() => DateTime, {
    nullable: true,
    description: "publishEpisode: when it went out, for the record of the past and never to come; now without it.",
  })
  publishedAt?: Instant | null;

  @Field(() => ExemptableRuleEnum, { nullable: true, description: "grantExemption: the rule that is lifted." })
  rule?: string | null;

  @Field(() => DateTime, { nullable: true, description: "grantExemption: until when, at most 90 days." })
  until?: Instant | null;

  @Field(() => [ShelfLifeInput], {
    nullable: true,
    description: "setGovernance: how long claims of these kinds keep, each kind once; the others stay as they are.",
  })
  shelfLives?: ShelfLifeInput[] | null;

  @Field(() => [DomainTierInput], {
    nullable: true,
    description:
      "setGovernance: tiers of new sources of these domains, each once, at most 500; others stay as they are, and so do sources that are there.",
  })
  tiers?: DomainTierInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "setGovernance: independence groups, 0 to 10, beside the first that a claim on Tier 3 alone needs; without it as it is.",
  })
  furtherGroups?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "setGovernance: share, 0.5 to 1, of a text's runs of five words that make two texts one group; without it as it is.",
  })
  copyShare?: number | null;
}

@InputType()
export class ProposeInput extends MutationInput {
  @Field(() => ProposalActionEnum, { description: "What is to be done." })
  action!: ActionName;

  @Field(() => ID, {
    description:
      "What it is done to: an episode or a source; for an exemption a channel or the tenant; for settings of governance the tenant.",
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
    description: "When it went out, for the record of the past and never to come; now without it.",
  })
  publishedAt?: Instant | null;
}

@InputType()
export class WithdrawInput extends MutationInput {
  @Field(() => ID, { description: "The proposal, which is the caller's own." })
  proposalId!: string;
}
