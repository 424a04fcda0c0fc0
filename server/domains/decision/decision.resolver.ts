import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { connect } from "../../graphql/connect.js";
import type { Context } from "../../graphql/context.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationInput, MutationPayload } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { Claim } from "../claim/claim.type.js";
import { decideConflict } from "./conflict-decision.service.js";
import { recordDecision } from "./decision.service.js";
import { Decision } from "./decision.type.js";

const { connection: DecisionConnection } = connectionTypes("Decision", () => Decision);

@InputType({ description: "Decisions for which all that is given holds." })
class DecisionFilter {
  @Field(() => ID, { nullable: true, description: "About this topic, source, claim, scene, episode or incident." })
  aboutId?: string | null;
}

@InputType()
class RecordDecisionInput extends MutationInput {
  @Field(() => String, { description: "The question or the subject, up to 500 characters." })
  title!: string;

  @Field(() => String, { description: "What was decided, up to 5,000 characters." })
  outcome!: string;

  @Field(() => String, { description: "Why." })
  rationale!: string;

  @Field(() => DateTime, { nullable: true, description: "When; now without it." })
  decidedAt?: Instant | null;

  @Field(() => [ID], {
    description: "What it is about: topics, sources, claims, scenes, episodes, incidents; 1 to 100.",
  })
  aboutIds!: string[];

  @Field(() => [ID], {
    nullable: true,
    description: "What it relied on: sources, snapshots, facts, claims, incidents, decisions; at most 100.",
  })
  basedOnIds?: string[] | null;
}

@InputType()
class DecideConflictInput extends MutationInput {
  @Field(() => ID, { description: "The claim that the studio holds to." })
  claimId!: string;

  @Field(() => ID, { description: "The claim that contradicts it; the conflict of the two must be recorded." })
  againstId!: string;

  @Field(() => String, { description: "Why this one." })
  rationale!: string;

  @Field(() => String, { nullable: true, description: "The question, up to 500 characters; both texts without it." })
  title?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: "What it relied on: sources, snapshots, facts, claims, incidents, decisions; at most 100.",
  })
  basedOnIds?: string[] | null;
}

@ObjectType()
class DecideConflictPayload extends MutationPayload {
  @Field(() => Decision, { nullable: true, description: "The decision; what it replaces is under `replaces`." })
  decision!: Decision | null;

  @Field(() => Claim, { nullable: true, description: "The claim that it holds to." })
  claim!: Claim | null;

  @Field(() => Claim, { nullable: true, description: "The other claim." })
  against!: Claim | null;
}

@ObjectType()
class RecordDecisionPayload extends MutationPayload {
  @Field(() => Decision, { nullable: true, description: "The decision." })
  decision!: Decision | null;
}

@Resolver(() => Decision)
export class DecisionResolver {
  @Query(() => DecisionConnection, { description: "The decisions, oldest first." })
  decisions(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => DecisionFilter, { nullable: true, description: "Which ones." }) filter?: DecisionFilter | null,
  ) {
    return connect(context, "Decision", page, { ...filter });
  }

  @FieldResolver(() => [GraphNode], { description: "What it is about." })
  async about(@Root() decision: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Decision", type: "ABOUT", direction: "out" }, decision)).map(
      ({ node }) => node,
    );
  }

  @FieldResolver(() => [GraphNode], { description: "What it relied on." })
  async basedOn(@Root() decision: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Decision", type: "BASED_ON", direction: "out" }, decision)).map(
      ({ node }) => node,
    );
  }

  @FieldResolver(() => Claim, {
    nullable: true,
    description:
      "Of a decision about a conflict: the claim that it holds to; null for others, and once it is replaced.",
  })
  async picks(@Root() decision: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Decision", type: "PICKS", direction: "out" }, decision))[0]?.node ?? null;
  }

  @FieldResolver(() => [Decision], { description: "Earlier decisions about the same conflict that it replaced." })
  async replaces(@Root() decision: At, @Ctx() { loaders }: Context) {
    const step = { from: "Decision", type: "REPLACES", direction: "out" } as const;
    return (await loaders.step(step, decision)).map(({ node }) => node);
  }

  @FieldResolver(() => Decision, { nullable: true, description: "The later decision that replaced it." })
  async replacedBy(@Root() decision: At, @Ctx() { loaders }: Context) {
    return (await loaders.step({ from: "Decision", type: "REPLACES", direction: "in" }, decision))[0]?.node ?? null;
  }

  @Mutation(() => DecideConflictPayload, {
    description:
      "Decides which of two claims in conflict the studio holds to. Both stay as they are; a later decision replaces this one.",
  })
  decideConflict(@Ctx() context: Context, @Arg("input", () => DecideConflictInput) input: DecideConflictInput) {
    return mutate(context, decideConflict, input, { decision: "decisionId", claim: "claimId", against: "againstId" });
  }

  @Mutation(() => RecordDecisionPayload, { description: "Records a decision, what it is about and what it relied on." })
  recordDecision(@Ctx() context: Context, @Arg("input", () => RecordDecisionInput) input: RecordDecisionInput) {
    return mutate(context, recordDecision, input, { decision: "decisionId" });
  }
}
