import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import type { RELIABILITIES } from "../../../graph-schema/nodes/source.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Context } from "../../graphql/context.js";
import { mutate, MutationInput, MutationPayload, perform } from "../../graphql/payload.js";
import { DateTime } from "../../graphql/scalars.js";
import { propose } from "../proposal/proposal.service.js";
import { Proposal } from "../proposal/proposal.type.js";
import { setSourceRating } from "./rating.service.js";
import { ReliabilityEnum, Source } from "./source.type.js";
import { endSupersession, supersedeSource } from "./withdrawal.service.js";

@InputType()
class SetSourceRatingInput extends MutationInput {
  @Field(() => ID, { description: "The source." })
  sourceId!: string;

  @Field(() => Int, { nullable: true, description: "1 primary or official, 2 edited secondary, 3 anything else." })
  tier?: number | null;

  @Field(() => ReliabilityEnum, { nullable: true, description: "How reliable it is, on the Admiralty scale." })
  reliability?: (typeof RELIABILITIES)[number] | null;

  @Field(() => String, { nullable: true, description: "Whom it counts with as one, up to 200 characters." })
  independenceGroup?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "The version that the change goes by: CONFLICT when another stands by now. Without it, whatever stands.",
  })
  version?: number | null;
}

@ObjectType()
class SetSourceRatingPayload extends MutationPayload {
  @Field(() => Source, { nullable: true, description: "The source, in its new version." })
  source!: Source | null;
}

@InputType()
class RetractSourceInput extends MutationInput {
  @Field(() => ID, { description: "The source." })
  sourceId!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it can't be approved any more, at most 90 days from now; 7 days without it.",
  })
  expiresAt?: Instant | null;
}

@ObjectType()
class RetractSourcePayload extends MutationPayload {
  @Field(() => Proposal, {
    nullable: true,
    description:
      "The proposal: others approve it, and then the source is retracted. DONE where policy asks for nobody.",
  })
  proposal!: Proposal | null;
}

@InputType()
class SupersedeSourceInput extends MutationInput {
  @Field(() => ID, { description: "The source whose place is taken." })
  sourceId!: string;

  @Field(() => ID, { description: "The source that takes it, such as a new edition." })
  byId!: string;
}

@InputType()
class EndSupersessionInput extends SupersedeSourceInput {}

@ObjectType()
class EndSupersessionPayload extends MutationPayload {
  @Field(() => Source, { nullable: true, description: "The source." })
  source!: Source | null;

  @Field(() => Source, { nullable: true, description: "The one that was said to take its place." })
  by!: Source | null;
}

@ObjectType()
class SupersedeSourcePayload extends MutationPayload {
  @Field(() => Source, { nullable: true, description: "The source whose place was taken." })
  source!: Source | null;

  @Field(() => Source, { nullable: true, description: "Its successor." })
  by!: Source | null;

  @Field(() => Int, {
    nullable: true,
    description: "Claims that need a check now, up to 10,000; a job goes on with the others.",
  })
  claims!: number | null;
}

@Resolver()
export class SourceChangesResolver {
  @Mutation(() => SetSourceRatingPayload, {
    description: "Sets a source's tier, reliability or independence group; at least one of them.",
  })
  setSourceRating(@Ctx() context: Context, @Arg("input", () => SetSourceRatingInput) input: SetSourceRatingInput) {
    return mutate(context, setSourceRating, input, { source: "sourceId" });
  }

  @Mutation(() => RetractSourcePayload, {
    description:
      "Proposes to retract a source, which can't be taken back: once others approve, every claim that stands on it needs a check.",
  })
  retractSource(
    @Ctx() context: Context,
    @Arg("input", () => RetractSourceInput) { sourceId, ...input }: RetractSourceInput,
  ) {
    return mutate(
      context,
      propose,
      { ...input, action: "retractSource", subjectId: sourceId },
      { proposal: "proposalId" },
    );
  }

  @Mutation(() => SupersedeSourcePayload, {
    description:
      "Says that another source took a source's place: it counts as STALE, and every claim that stands on it needs a check.",
  })
  supersedeSource(@Ctx() context: Context, @Arg("input", () => SupersedeSourceInput) input: SupersedeSourceInput) {
    const load = async ({ sourceId, byId, claims }: { sourceId: string; byId: string; claims: number }) => {
      const node = (id: string) => context.loaders.node.load({ key: parseNodeId(id)!, asOf: context.now });
      return { source: await node(sourceId), by: await node(byId), claims: claims as number | null };
    };
    return perform(context, supersedeSource, input, load, { source: null, by: null, claims: null });
  }

  @Mutation(() => EndSupersessionPayload, {
    description: "Says that a source isn't superseded after all. NOT_LINKED when it isn't.",
  })
  endSupersession(@Ctx() context: Context, @Arg("input", () => EndSupersessionInput) input: EndSupersessionInput) {
    return mutate(context, endSupersession, input, { source: "sourceId", by: "byId" });
  }
}
