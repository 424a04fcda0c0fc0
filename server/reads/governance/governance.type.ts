import { Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { ClaimKind } from "../../../graph-schema/nodes/claim.js";
import type { Instant } from "../../../graph-schema/time.js";
import { ClaimKindEnum } from "../../domains/claim/claim.type.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { GOVERNANCE_RULES, RULE_CODES, type RuleCode } from "./rules.js";

export const GovernanceRuleEnum = enumOf(RULE_CODES);
registerEnumType(GovernanceRuleEnum, {
  name: "GovernanceRuleCode",
  description: "A rule of source governance. Nothing is published while one of them stands against it.",
  valuesConfig: Object.fromEntries(RULE_CODES.map((code) => [code, { description: GOVERNANCE_RULES[code].checks }])),
});

/** Inputs that are listed with a rule; they are counted beyond. */
export const MAX_INPUTS = 100;

@ObjectType({ simpleResolvers: true, description: "How long claims of a kind keep." })
export class ShelfLife {
  @Field(() => ClaimKindEnum, { description: "The kind of claim." })
  kind!: ClaimKind;

  @Field(() => Int, {
    nullable: true,
    description: "Days from its statement or last check until it needs a recheck; null for never.",
  })
  days!: number | null;
}

@ObjectType({ simpleResolvers: true, description: "The tier that new sources of one domain begin on." })
export class DomainTier {
  @Field(() => String, { description: "The registrable domain." })
  domain!: string;

  @Field(() => Int, { description: "1 primary or official, 2 edited secondary, 3 anything else." })
  tier!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: "What a studio's rules of governance are set to. An approved proposal of `setGovernance` changes them.",
})
export class GovernanceSettings {
  @Field(() => DateTime, { description: "The instant that this answers for." })
  asOf!: Instant;

  @Field(() => Int, { description: "0 for the defaults; counts up with each change." })
  version!: number;

  @Field(() => [DomainTier], {
    description: "Tiers that new sources begin on, by domain and in its order; those of all other domains begin on 3.",
  })
  tiers!: readonly DomainTier[];

  @Field(() => [ShelfLife], { description: "How long claims keep, by kind. OTHER has no shelf life." })
  shelfLives!: readonly ShelfLife[];

  @Field(() => Int, {
    description:
      "Independence groups beside the first that a claim on Tier 3 alone needs; one source of tier 1 or 2 does as well.",
  })
  furtherGroups!: number;

  @Field(() => Float, {
    description: "Share, 0.5 to 1, of a text's runs of five words that another must have for the two to be one group.",
  })
  copyShare!: number;
}

@ObjectType({ simpleResolvers: true, description: "A rule of source governance in words, held against nothing." })
export class GovernanceRuleWords {
  @Field(() => GovernanceRuleEnum, { description: "The rule." })
  rule!: RuleCode;

  @Field(() => String, { description: "What holds where it finds nothing, in a sentence." })
  checks!: string;

  @Field(() => String, { description: "What mends all that it can find, in a sentence." })
  remedy!: string;
}

@ObjectType({ simpleResolvers: true, description: "One thing that a rule found." })
export class GovernanceInput {
  @Field(() => [ID], {
    description: "What it is about: a source; a claim; or a claim and what speaks against it, a claim or a fact.",
  })
  ids!: readonly string[];

  @Field(() => [ID], { description: `Claims of the episode that it bears on; at most ${MAX_INPUTS}.` })
  claimIds!: readonly string[];

  @Field(() => String, { description: "What is wrong, in a sentence." })
  detail!: string;

  @Field(() => String, { description: "What mends this one, in a sentence." })
  remedy!: string;
}

@ObjectType({ simpleResolvers: true, description: "A rule of source governance, held against an episode." })
export class GovernanceRule {
  @Field(() => GovernanceRuleEnum, { description: "The rule." })
  rule!: RuleCode;

  @Field(() => String, { description: "What holds where it finds nothing, in a sentence." })
  checks!: string;

  @Field(() => Boolean, { description: "True while it found something: it keeps the episode from being published." })
  stands!: boolean;

  @Field(() => Int, { description: "How many things it found." })
  count!: number;

  @Field(() => [GovernanceInput], { description: `What it found, in order of id; at most ${MAX_INPUTS}.` })
  inputs!: readonly GovernanceInput[];

  @Field(() => String, { description: "What mends all that it can find, in a sentence." })
  remedy!: string;
}

@ObjectType({
  simpleResolvers: true,
  description: "The rules of source governance, held against an episode. The gate before publishing asks the same.",
})
export class Governance {
  @Field(() => ID, { description: "The episode." })
  episodeId!: string;

  @Field(() => DateTime, { description: "The instant that this answers for." })
  asOf!: Instant;

  @Field(() => Boolean, {
    description: "True when no rule stands. What else a proposal lacks, such as scenes, is told by its `obstacles`.",
  })
  clear!: boolean;

  @Field(() => Int, { description: "Claims that were judged." })
  claims!: number;

  @Field(() => Boolean, {
    description:
      "False when the episode has more than 5,000 claims: those beyond weren't judged, and it can't be published.",
  })
  whole!: boolean;

  @Field(() => GovernanceSettings, { description: "The settings that it was judged by." })
  settings!: GovernanceSettings;

  @Field(() => [GovernanceRule], { description: "Every rule, in a fixed order, whether it found something or not." })
  rules!: readonly GovernanceRule[];
}
