import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { Claim } from "../../domains/claim/claim.type.js";
import { Episode } from "../../domains/episode/episode.type.js";
import { enumOf } from "../../graphql/enum.js";
import { DateTime } from "../../graphql/scalars.js";
import { Told } from "../../graphql/told.js";
import { RISK_KINDS, type RiskKind } from "./risk.js";
import { MAX_EPISODES } from "./weakest.query.js";

export const RiskKindEnum = enumOf(RISK_KINDS);
registerEnumType(RiskKindEnum, {
  name: "RiskKind",
  description: "Why a claim is weak, from the gravest on.",
  valuesConfig: {
    RETRACTED: { description: "A source under it is retracted, or the claim is known to be wrong." },
    STALE: {
      description:
        "A source under it is stale or dead, or the claim needs a check, or the day of its check has passed.",
    },
    SINGLE_SOURCE: {
      description: "Fewer than two independent groups of sources support it, those that are retracted not counted.",
    },
    CONTRADICTED: {
      description: "A fact speaks against it, or it conflicts with another claim and no decision holds to it.",
    },
    UNQUOTED: { description: "No fact that supports it is quoted from a source." },
  },
});

/** Sources and facts that are named with a risk. */
export const MAX_NAMED = 100;

@ObjectType({
  simpleResolvers: true,
  description: "One reason why a claim is weak: since when, and who made it so, on whose behalf and why.",
})
export class Risk extends Told {
  @Field(() => RiskKindEnum, { description: "What kind of reason." })
  kind!: RiskKind;

  @Field(() => DateTime, { description: "Since when it has been so without a break, in recorded time." })
  since!: Instant;

  @Field(() => String, { description: "The arithmetic, in a sentence." })
  detail!: string;

  @Field(() => [ID], { description: `The sources that it comes from; at most ${MAX_NAMED}.` })
  sourceIds!: readonly string[];

  @Field(() => [ID], { description: `The facts that it comes from; at most ${MAX_NAMED}.` })
  factIds!: readonly string[];

  @Field(() => [ID], { description: `The claims that it conflicts with; at most ${MAX_NAMED}.` })
  claimIds!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: "Sources that count as one: one owner, one wire copy." })
export class IndependenceGroup {
  @Field(() => String, { description: "Its name: set by hand, else the registrable domain of its sources." })
  name!: string;

  @Field(() => [ID], { description: `Its sources that the claim is quoted from; at most ${MAX_NAMED}.` })
  sourceIds!: readonly string[];

  @Field(() => Boolean, { description: "False when all of its sources are retracted: the group isn't counted then." })
  counts!: boolean;
}

@ObjectType({
  simpleResolvers: true,
  description: "A claim that a live episode states, with all that makes it weak.",
})
export class ClaimRisk {
  @Field(() => Claim, { description: "The claim." })
  claim!: unknown;

  @Field(() => [Risk], { description: "Why it is weak, the gravest reason first." })
  risks!: readonly Risk[];

  @Field(() => Int, { description: "Independent groups of sources that support it, retracted sources not counted." })
  independentGroups!: number;

  @Field(() => Int, { description: "Those of them with a source that is ACTIVE." })
  soundGroups!: number;

  @Field(() => [IndependenceGroup], { description: "The groups of the sources that support it, by name." })
  groups!: readonly IndependenceGroup[];

  @Field(() => Int, { description: "Facts that support it." })
  supportingFacts!: number;

  @Field(() => Int, { description: "Facts that speak against it." })
  contradictingFacts!: number;

  @Field(() => [Episode], { description: `Live episodes that state it, at most ${MAX_EPISODES}.` })
  episodes!: readonly unknown[];

  @Field(() => Int, { description: "How many live episodes state it." })
  episodeCount!: number;
}
