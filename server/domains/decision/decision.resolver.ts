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

  @Mutation(() => RecordDecisionPayload, { description: "Records a decision, what it is about and what it relied on." })
  recordDecision(@Ctx() context: Context, @Arg("input", () => RecordDecisionInput) input: RecordDecisionInput) {
    return mutate(context, recordDecision, input, { decision: "decisionId" });
  }
}
